//! Positions in a change log.

use crate::Error;

/// Position of an entry in the log of its database. Positions are opaque: they can be compared and stored, but are not
/// counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The transaction on PostgreSQL; 0 on SQLite.
    pub(crate) transaction: i64,
    /// The number of the entry.
    pub(crate) seq: i64,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.transaction, self.seq)
    }
}

impl std::str::FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parts = text.split_once('-').and_then(|(transaction, seq)| {
            Some(Self {
                transaction: transaction.parse().ok().filter(|number| *number >= 0)?,
                seq: seq.parse().ok().filter(|number| *number >= 0)?,
            })
        });
        parts.ok_or_else(|| Error::Settings(format!("{text:?} is no position in a change log")))
    }
}
