//! Observers of written rows.

use db::Tx;

use super::Record;
use crate::{Result, Table};

kernel::choices! {
    /// Change to a row, as in event names.
    pub enum What {
        /// Created.
        Create = "create",
        /// Changed.
        Update = "update",
        /// Created or changed.
        Upsert = "upsert",
        /// Deleted.
        Delete = "delete",
    }
}

/// Function called for each row that an act writes, in the act's transaction.
pub type RowObserver<'e> = &'e mut dyn FnMut(&mut Tx<'_>, &Table, What, &Record) -> Result<()>;
