//! The services, one line each.

use std::sync::Arc;

use api::{App, Service};
use url::Url;

/// Parts that some services need, beside those that all share.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The OAuth2 providers.
    pub registry: Arc<oauth::Registry>,
    /// The OAuth2 client.
    pub oauth: oauth::Client,
    /// Stands for every provider in tests.
    pub test_origin: Option<Url>,
}

/// Every service.
pub fn all(_app: &Arc<App>, _parts: &Parts) -> Vec<Service> {
    vec![]
}
