//! Why a message was not sent.

/// A message that was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// It never will be: an address that cannot be written, or that the other side refuses for good.
    #[error("{0}")]
    Refused(String),
    /// It may be later: the other side is away, or asks for patience.
    #[error("{0}")]
    Failed(String),
    /// This server has no way to send such messages.
    #[error("this server has no {0} set up")]
    NoRoute(&'static str),
}

impl SendError {
    /// Whether another try is of no use.
    pub fn is_hopeless(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}
