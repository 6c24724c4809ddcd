//! Health: whether the server and what it stands on answer, for monitors.
//!
//! Every answer is the outcome of a try made for it: a statement to the database, a word to the bus, a file in the data
//! folder. Jobs are counted where they lie: with the project that asks. What this server does not have (antivirus, certificates
//! of its own, queues of services that are not built) has no route here.

mod checks;
mod model;
mod queues;
mod routes;

use std::path::PathBuf;

pub use routes::routes;

/// State of the service: what the checks reach.
#[derive(Clone)]
pub struct State {
    /// Message bus between nodes.
    pub bus: bus::Bus,
    /// The folder of files, where files are kept in one.
    pub storage: Option<PathBuf>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("storage", &self.storage)
            .finish_non_exhaustive()
    }
}

/// The service.
pub fn service(state: State) -> api::Service {
    api::Service::new("health", state, routes()).switched_by(projects::Service::Health)
}
