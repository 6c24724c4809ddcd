//! Room in memory for what an act reads into a large reply.

use std::sync::Arc;

use memory::{Budget, Reservation};

use crate::Error;

/// Bytes that are taken without asking: most replies are smaller.
const FREE: usize = 256 << 10;

/// The memory that an act has taken for a reply; given back when dropped, as the act ends. Whoever sends the reply takes it
/// anew (`api::Router`).
#[derive(Debug)]
pub struct Room {
    pub(crate) budget: Budget,
    pub(crate) database: Arc<str>,
    pub(crate) held: Option<Reservation>,
}

impl Room {
    /// Makes sure of room for so many bytes in all.
    ///
    /// # Errors
    /// [`Error::NoRoom`] where replies in flight have taken it.
    pub fn take(&mut self, bytes: usize) -> Result<(), Error> {
        let held = self.held.as_ref().map_or(FREE, Reservation::bytes);
        if bytes <= held {
            return Ok(());
        }
        let taken = match &mut self.held {
            Some(held) => held.grow(bytes - held.bytes()),
            None => self
                .budget
                .try_reserve(&self.database, bytes)
                .map(|taken| self.held = Some(taken)),
        };
        taken.map_err(|_| Error::NoRoom)
    }
}
