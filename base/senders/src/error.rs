//! Why a message was not sent.

/// A message that was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Permanent failure: an invalid address, or one that the receiving server refuses permanently.
    #[error("{0}")]
    Refused(String),
    /// Temporary failure: the receiving server is unreachable, or refuses temporarily.
    #[error("{0}")]
    Failed(String),
    /// No server or gateway is configured for such messages.
    #[error("this server has no {0} set up")]
    NoRoute(&'static str),
}

impl SendError {
    /// Whether a retry is useless.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}
