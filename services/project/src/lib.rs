//! A project's own set-up, by its servers and developers: providers, platforms, keys, policies and switches.
//!
//! This is the newer way, on the project of the request; `projects` is the console's. Both are faces of the domain's
//! `projects`, where the rules are.

mod keys;
mod labels;
mod mock_phones;
mod model;
mod oauth2;
mod own;
mod platforms;
mod policies;
mod policy_views;
mod protocol;
mod provider;
mod routes;
mod smtp;
mod state;
mod switches;
mod templates;

use api::service::In;

pub use state::{DevCredentials, State};

/// The service.
pub fn service(state: State) -> api::Service {
    api::Service::new("project", state, routes::routes()).tables(In::Console, ::projects::migrations::MIGRATIONS)
}
