//! Faults: errors in the caller's terms, independent of HTTP.

use std::borrow::Cow;

/// Kind of an error, with the error type that clients see (`user_not_found`, …). Only the `api` crate maps a kind to a
/// status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request is invalid (400).
    Invalid(&'static str),
    /// The caller is not authenticated or authorized (401).
    Denied(&'static str),
    /// The caller is known, but has no permission (403).
    Forbidden(&'static str),
    /// The object does not exist (404).
    Missing(&'static str),
    /// The object exists already, or was changed concurrently (409).
    Conflict(&'static str),
    /// The project's settings do not allow it (412).
    Precondition(&'static str),
    /// The request is too large (413).
    TooLarge(&'static str),
    /// Another server that this one called failed (424).
    Upstream(&'static str),
    /// Too many requests (429).
    TooMany(&'static str),
    /// Disabled, or not supported by this server (501).
    Unsupported(&'static str),
    /// Temporarily unavailable; nothing was done (503).
    Unavailable(&'static str),
    /// Rolled back because of a concurrent change of the same rows; a retry may succeed (503).
    Contended(&'static str),
    /// Whether it was done is not known, so it must not be repeated unseen (503, without `Retry-After`).
    Unconfirmed(&'static str),
    /// It took longer than its time limit and was stopped; nothing was done (408).
    TooSlow(&'static str),
    /// The server has no space left to store it; nothing was done (507).
    Full(&'static str),
    /// Internal error (500): logged with its chain of causes, not disclosed to clients.
    Broken,
}

/// An error with a [`Kind`]. Its `Display` is the message that the client receives.
pub trait Fault: std::error::Error + Send + Sync + 'static {
    /// The kind, with the error type that clients see.
    fn kind(&self) -> Kind;

    /// The message for the client; the default is the error's `Display`.
    fn message(&self) -> Cow<'static, str> {
        self.to_string().into()
    }
}
