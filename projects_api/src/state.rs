//! State of the services.

use std::marker::PhantomData;
use std::sync::Arc;

use projects::oauth::TestRouting;

/// Generates an app ID and a secret for the development provider.
pub type DevCredentials = fn(&oauth::Provider) -> (String, String);

/// OAuth2 providers, and the client that calls them.
#[derive(Debug, Clone)]
pub struct Providers {
    /// The OAuth2 providers.
    pub registry: Arc<oauth::Registry>,
    /// The OAuth2 client.
    pub client: oauth::Client,
    /// Test routing of provider calls (`--dev`).
    pub test_routing: TestRouting,
    /// Credentials for a provider that is enabled without an app (`--dev`).
    pub dev_credentials: Option<DevCredentials>,
}

/// State of the service with wire format `W`. Generic handlers infer `W` from it.
#[derive(Debug, Clone)]
pub struct State<W> {
    /// The OAuth2 providers.
    pub providers: Providers,
    wire: PhantomData<W>,
}

impl<W> From<Providers> for State<W> {
    fn from(providers: Providers) -> Self {
        Self {
            providers,
            wire: PhantomData,
        }
    }
}
