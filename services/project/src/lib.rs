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
mod provider;
mod routes;
mod smtp;
mod switches;
mod templates;

use std::sync::Arc;

use api::service::In;

use projects::oauth::TestRouting;

/// Makes the app id and the secret of an app that only the development provider knows.
pub type DevCredentials = fn(&oauth::Provider) -> (String, String);

/// State shared by the endpoints.
#[derive(Debug, Clone)]
pub struct State {
    /// The OAuth2 providers.
    pub registry: Arc<oauth::Registry>,
    /// The OAuth2 client.
    pub client: oauth::Client,
    /// Test routing of provider calls (`--dev`).
    pub test_routing: TestRouting,
    /// Fills in for an app that nobody registered, on a server that is being tried out.
    pub dev_credentials: Option<DevCredentials>,
}

/// The service.
pub fn service(state: State) -> api::Service {
    api::Service::new("project", state, routes::routes()).tables(In::Console, ::projects::migrations::MIGRATIONS)
}
