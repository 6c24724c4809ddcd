//! Memory reservation for the rows that an act reads into a large reply.

use std::sync::Arc;

use memory::{Budget, Reservation};

use crate::Error;

/// Size in bytes up to which no reservation is made: most replies are smaller.
const FREE: usize = 256 << 10;

/// Memory reserved by an act for a reply; released on drop, when the act ends. The sender of the reply reserves it
/// again (`api::Router`).
#[derive(Debug)]
pub struct Room {
    pub(crate) budget: Budget,
    pub(crate) database: Arc<str>,
    pub(crate) held: Option<Reservation>,
}

impl Room {
    /// A room of a budget, for a database.
    pub fn new(budget: Budget, database: Arc<str>) -> Self {
        Self {
            budget,
            database,
            held: None,
        }
    }

    /// Reserves memory so that at least `bytes` are held in total.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if the budget is used up by other replies.
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

    /// Passes the reservation on, with the reply's bytes.
    pub fn into_reservation(self) -> Option<Reservation> {
        self.held
    }
}
