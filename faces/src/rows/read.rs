//! Rows, read.

use api::{Call, Result};
use records::rows;
use records::{DatabaseId, RowId, TableId};

use crate::Words;
use crate::model::Row;
use crate::state::{State, access, catalog, peek};

kernel::params! {
    /// A row.
    pub struct Which<W: Words> {
        /// The database.
        database_id: DatabaseId = "databaseId",
        /// The table.
        table_id: TableId = (W::TABLE_ID),
        /// The row.
        row_id: RowId = (W::ROW_ID),
    }
}

/// A row.
pub async fn get<W: Words>(call: Call<State>, input: Which<W>) -> Result<Row<W>> {
    let (catalog, access) = (catalog(&call), access(&call));
    let json = peek::<W, _>(&call, move |tx| {
        let table = catalog.table_for(tx, &access, &input.database_id, &input.table_id)?;
        rows::get(tx, &table, &access, &input.row_id, W::VOCABULARY)
    })
    .await?;
    Ok(Row::of(json))
}
