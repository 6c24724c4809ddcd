//! Endpoints for the console, the web app of project owners and developers: the server's variables, and the available
//! OAuth2 providers with their parameters.
//!
//! Not here: the console's users and organizations, which use the same services as those of any project (`account`,
//! `teams`), and the projects (`projects`).

mod providers;
mod routes;
mod state;
mod variables;

pub use state::{Limits, State};

/// Builds the service.
pub fn service(state: State) -> api::Service {
    api::Service::new("console", state, routes::routes())
}
