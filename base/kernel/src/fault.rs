//! Faults: what went wrong, in the caller's terms, with no word about HTTP.

use std::borrow::Cow;

/// What sort of failure an error is. The name beside it is the error type that clients know (`user_not_found`, …);
/// only the `api` crate turns a kind into a status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request breaks a rule (400).
    Invalid(&'static str),
    /// The caller is not who they must be (401).
    Denied(&'static str),
    /// The caller is known and may not (403).
    Forbidden(&'static str),
    /// There is no such thing (404).
    Missing(&'static str),
    /// It is there already, or changed meanwhile (409).
    Conflict(&'static str),
    /// The project's settings do not allow it (412).
    Precondition(&'static str),
    /// The request is too large (413).
    TooLarge(&'static str),
    /// A server that we asked failed (424).
    Upstream(&'static str),
    /// Too many requests (429).
    TooMany(&'static str),
    /// Switched off, or not offered by this server (501).
    Unsupported(&'static str),
    /// Cannot be done now; was not done (503).
    Unavailable(&'static str),
    /// Undone because another act changed the same rows at the same time; running it again may well succeed (503).
    Contended(&'static str),
    /// Internal error (500): logged with its chain of causes, not disclosed to clients.
    Broken,
}

/// An error that says of itself which kind it is. Its `Display` is the message that the client reads.
pub trait Fault: std::error::Error + Send + Sync + 'static {
    /// The kind, and with it the type name that clients know.
    fn kind(&self) -> Kind;

    /// The message for the client; the error's own text unless said otherwise.
    fn message(&self) -> Cow<'static, str> {
        self.to_string().into()
    }
}
