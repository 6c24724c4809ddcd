//! What the console, the web page of owners and developers, has to know of this server: its variables, and which OAuth2
//! providers there are and what each wants to be told.
//!
//! Not here: the console's users and organizations, which are an ordinary project's (`account`, `teams`), and the projects
//! (`projects`).

mod providers;
mod routes;
mod state;
mod variables;

pub use state::{Limits, State};

/// The service.
pub fn service(state: State) -> api::Service {
    api::Service::new("console", state, routes::routes())
}
