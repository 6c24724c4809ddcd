//! Observers of written rows.

use db::Tx;

use super::Record;
use crate::{Result, Table};

kernel::choices! {
    /// Change to a row, as in event names.
    pub enum What {
        /// It was made.
        Create = "create",
        /// It was changed.
        Update = "update",
        /// It was made or changed.
        Upsert = "upsert",
        /// It was deleted.
        Delete = "delete",
    }
}

/// Hears of each row that an act wrote, in the act's own transaction.
pub type RowObserver<'e> = &'e mut dyn FnMut(&mut Tx<'_>, &Table, What, &Record) -> Result<()>;
