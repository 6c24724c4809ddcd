//! Authors of acts.

use kernel::Timestamp;

use crate::{Access, Vocabulary};

/// Author of an act: user, rights, and the vocabulary of replies and payloads.
#[derive(Debug, Clone)]
pub struct Author {
    /// ID of the user; none for a server.
    pub actor: Option<String>,
    /// Rights of the author.
    pub access: Access,
    /// The vocabulary of replies and of payloads of events.
    pub vocabulary: Vocabulary,
    /// Time at which the author read the rows; rows that were changed later are refused.
    pub read_at: Option<Timestamp>,
}

impl Author {
    /// A server, without restrictions.
    pub fn server(vocabulary: Vocabulary) -> Self {
        Self {
            actor: None,
            access: Access::Server,
            vocabulary,
            read_at: None,
        }
    }
}
