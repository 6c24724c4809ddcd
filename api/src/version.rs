//! The API version of the server.

/// Version of the API that the server implements.
pub const VERSION: &str = "1.8.1";
