//! State of the service, and the limits shown in the console.

use std::sync::Arc;

/// State of the service: facts about this server for the console.
#[derive(Debug, Clone)]
pub struct State {
    /// The OAuth2 providers.
    pub registry: Arc<oauth::Registry>,
    /// Limits of this server.
    pub limits: Limits,
}

/// Limits shown in the console.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Maximum size of a file, in bytes.
    pub file_bytes: i64,
    /// Maximum size of a deployment, in bytes.
    pub deployment_bytes: i64,
    /// Time limit of a build, in seconds.
    pub build_seconds: i64,
}

impl Default for Limits {
    /// Appwrite's defaults.
    fn default() -> Self {
        Self {
            file_bytes: 30_000_000,
            deployment_bytes: 30_000_000,
            build_seconds: 900,
        }
    }
}
