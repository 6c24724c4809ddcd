//! The table of operations.

mod reading;
mod schema;
mod transfers;

use api::Endpoint;
use faces::{State, Tables, rows};
use kernel::Scope::{DocumentsWrite, RowsWrite};

/// How often a client may write rows: so many calls in so many seconds, counted by so.
const WRITES: (u64, u64, &str) = (120, 60, "ip:{ip},method:{method},url:{url},userId:{userId}");

pub(crate) fn routes() -> Vec<Endpoint<State>> {
    let mut all = schema::routes();
    all.extend(reading::routes());
    all.extend(rows());
    all.extend(transfers::routes());
    all
}

#[rustfmt::skip]
fn rows() -> Vec<Endpoint<State>> {
    let (calls, seconds, key) = WRITES;
    vec![
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/rows", rows::create::<Tables>).id("tablesDB.createRow").about("Make a row.")
            .scope(RowsWrite).scope(DocumentsWrite).limit(calls, seconds, key)
            .emits("databases.[databaseId].tables.[tableId].rows.[rowId].create").audit("row.create", "database/[databaseId]/table/[tableId]/row/[rowId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/rows/{rowId}", rows::update::<Tables>).id("tablesDB.updateRow").about("Change a row.")
            .scope(RowsWrite).scope(DocumentsWrite).limit(calls, seconds, key)
            .emits("databases.[databaseId].tables.[tableId].rows.[rowId].update").audit("row.update", "database/[databaseId]/table/[tableId]/row/[rowId]"),
        Endpoint::delete("/v1/tablesdb/{databaseId}/tables/{tableId}/rows/{rowId}", rows::delete::<Tables>).id("tablesDB.deleteRow").about("Delete a row.")
            .scope(RowsWrite).scope(DocumentsWrite).limit(60, seconds, key)
            .emits("databases.[databaseId].tables.[tableId].rows.[rowId].delete").audit("row.delete", "database/[databaseId]/table/[tableId]/row/[rowId]"),
    ]
}
