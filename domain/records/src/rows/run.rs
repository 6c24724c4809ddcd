//! Execution of steps.

use std::sync::Arc;

use db::Tx;
use kernel::Timestamp;

use super::{Change, RowObserver, Step, Walk, What, bulk, create, delete, increment, update, upsert};
use crate::{Access, Catalog, Result, Table};

impl Step {
    /// Runs the whole step in this transaction. If `read_at` is given, existing rows must not have been changed later.
    pub fn run(
        &self,
        tx: &mut Tx<'_>,
        catalog: &Catalog,
        table: &Table,
        access: &Access,
        read_at: Option<Timestamp>,
        observer: RowObserver<'_>,
    ) -> Result<()> {
        let (what, record) = match self {
            Self::Create(row) => (What::Create, create(tx, table, access, row)?),
            Self::Update { id, data, permissions } => {
                let change = Change {
                    data,
                    permissions: permissions.as_ref(),
                    read_at,
                };
                (What::Update, update(tx, table, access, id, &change)?)
            }
            Self::Upsert(row) => (What::Upsert, upsert(tx, table, access, row, read_at)?),
            Self::Delete { id } => (What::Delete, delete(tx, table, access, id, read_at)?),
            Self::Increment { id, count } => (What::Update, increment(tx, table, access, id, count, read_at)?),
            Self::BulkCreate { rows } => return bulk::create(tx, table, rows, observer),
            Self::BulkUpsert { rows } => return bulk::upsert(tx, table, rows, read_at, observer),
            Self::BulkUpdate { .. } | Self::BulkDelete { .. } => {
                let mut walk = Walk::begin(tx, catalog, table, Arc::new(self.clone()), read_at)?;
                while walk.next_batch(tx, catalog, table, observer)? {}
                return Ok(());
            }
        };
        observer(tx, table, what, &record)
    }
}
