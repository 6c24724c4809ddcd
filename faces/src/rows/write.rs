//! Rows, made, changed and deleted.

use api::{Call, Result};
use kernel::id::CustomId;
use kernel::param::Object;
use kernel::permission::OnThing;
use records::rows::{self, NewRow};
use records::{DatabaseId, RowId, TableId};

use crate::Words;
use crate::model::Row;
use crate::state::{State, access, act, catalog};

/// Bytes of a row's data at most.
const MAX_DATA: usize = 1 << 20;

kernel::params! {
    /// What a row is to be.
    pub struct New<W: Words> {
        /// The database.
        database_id: DatabaseId = "databaseId",
        /// The table.
        table_id: TableId = (W::TABLE_ID),
        /// Its id, or `unique()`.
        row_id: CustomId<RowId> = (W::ROW_ID),
        /// Its values.
        data: Object<MAX_DATA> = "data",
        /// Who may read, change and delete it.
        permissions: Option<OnThing> = "permissions",
    }
}

/// Makes a row.
pub async fn create<W: Words>(call: Call<State>, input: New<W>) -> Result<Row<W, 201>> {
    let (catalog, access) = (catalog(&call), access(&call));
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_for(tx, &access, &input.database_id, &input.table_id)?;
            let new = NewRow {
                id: input.row_id.or_generate(tx.now()),
                data: input.data.0,
                permissions: input.permissions.map(|given| given.0),
            };
            rows::create(tx, &table, &access, new, W::VOCABULARY)
        },
        |_, json| Ok(Row::of(json)),
    )
    .await
}
