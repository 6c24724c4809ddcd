//! Health checks of the server and its dependencies, for monitoring.
//!
//! Each request runs its check: an SQL statement, a message on the bus, a file written to the data folder. Jobs are
//! counted in the database of the calling project. CHANGELOG.md, "Not yet", names the checks of Appwrite that have no
//! route: certificates, and the queues of services that the server does not have.

mod checks;
mod model;
mod queues;
mod routes;

use std::path::PathBuf;

pub use routes::routes;

/// Shared state of the service: the systems that are checked.
#[derive(Clone)]
pub struct State {
    /// Message bus between nodes.
    pub bus: bus::Bus,
    /// Path of the data folder, if files are stored in one.
    pub storage: Option<PathBuf>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("storage", &self.storage)
            .finish_non_exhaustive()
    }
}

/// Builds the service.
pub fn service(state: State) -> api::Service {
    api::Service::new("health", state, routes()).switched_by(projects::Service::Health)
}
