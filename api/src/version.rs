//! The version that the server answers with.

/// The API version that is spoken.
pub const VERSION: &str = "1.8.1";
