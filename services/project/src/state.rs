//! State of the service.

use std::sync::Arc;

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
