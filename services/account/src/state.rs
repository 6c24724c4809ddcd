//! State of the account service.

use std::sync::Arc;

use projects::oauth::TestRouting;

use crate::waiting::Waiting;

/// State shared by the account's endpoints.
#[derive(Debug, Clone)]
pub struct State {
    /// The OAuth2 providers.
    pub registry: Arc<oauth::Registry>,
    /// The OAuth2 client.
    pub client: oauth::Client,
    /// Test routing of provider calls (`--dev`).
    pub test_routing: TestRouting,
    /// Sign-ins that are slowed down.
    pub waiting: Waiting,
}
