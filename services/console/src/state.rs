//! State of the service, and bounds that people meet in the console.

use std::sync::Arc;

/// State of the service: facts about this server for the console.
#[derive(Debug, Clone)]
pub struct State {
    /// The OAuth2 providers.
    pub registry: Arc<oauth::Registry>,
    /// Bounds of this server.
    pub limits: Limits,
}

/// Bounds that people meet in the console.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The largest file, in bytes.
    pub file_bytes: i64,
    /// The largest deployment, in bytes.
    pub deployment_bytes: i64,
    /// Time limit of a build, in seconds.
    pub build_seconds: i64,
}

impl Default for Limits {
    /// Appwrite's.
    fn default() -> Self {
        Self {
            file_bytes: 30_000_000,
            deployment_bytes: 30_000_000,
            build_seconds: 900,
        }
    }
}
