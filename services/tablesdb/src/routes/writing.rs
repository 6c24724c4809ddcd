//! Writing rows.

use api::Endpoint;
use kernel::Scope::{DocumentsWrite, RowsWrite};
use tables_api::{State, Tables, rows};

/// Rate limit of row writes by a client: calls, seconds, key.
const WRITES: (u64, u64, &str) = (120, 60, "ip:{ip},method:{method},url:{url},userId:{userId}");
/// Limit of row deletions by a client in the same period.
const DELETIONS: u64 = 60;
/// Bytes of a request at most.
const BODY: usize = 10 << 20;

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Endpoint<State>> {
    let (calls, seconds, key) = WRITES;
    vec![
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/rows", rows::create::<Tables>).id("tablesDB.createRow").about("Make a row, or several.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key)
            .emits("databases.[databaseId].tables.[tableId].rows.[rowId].create").audit("row.create", "database/[databaseId]/table/[tableId]/row/[rowId]"),
        Endpoint::put("/v1/tablesdb/{databaseId}/tables/{tableId}/rows", rows::upsert_many::<Tables>).id("tablesDB.upsertRows").about("Make or change rows.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key).audit("row.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/rows", rows::update_many::<Tables>).id("tablesDB.updateRows").about("Change the rows that queries find.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key).audit("rows.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::delete("/v1/tablesdb/{databaseId}/tables/{tableId}/rows", rows::delete_many::<Tables>).id("tablesDB.deleteRows").about("Delete the rows that queries find.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(BODY).limit(DELETIONS, seconds, key).audit("rows.delete", "database/[databaseId]/table/[tableId]"),
        Endpoint::put("/v1/tablesdb/{databaseId}/tables/{tableId}/rows/{rowId}", rows::upsert::<Tables>).id("tablesDB.upsertRow").about("Make or change a row.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key)
            .emits("databases.[databaseId].tables.[tableId].rows.[rowId].upsert").audit("row.upsert", "database/[databaseId]/table/[tableId]/row/[rowId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/rows/{rowId}", rows::update::<Tables>).id("tablesDB.updateRow").about("Change a row.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key)
            .emits("databases.[databaseId].tables.[tableId].rows.[rowId].update").audit("row.update", "database/[databaseId]/table/[tableId]/row/[rowId]"),
        Endpoint::delete("/v1/tablesdb/{databaseId}/tables/{tableId}/rows/{rowId}", rows::delete::<Tables>).id("tablesDB.deleteRow").about("Delete a row.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(BODY).limit(DELETIONS, seconds, key)
            .emits("databases.[databaseId].tables.[tableId].rows.[rowId].delete").audit("row.delete", "database/[databaseId]/table/[tableId]/row/[rowId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/rows/{rowId}/{column}/increment", rows::increment::<Tables>).id("tablesDB.incrementRowColumn").about("Count a number of a row up.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key)
            .emits("databases.[databaseId].tables.[tableId].rows.[rowId].update").audit("rows.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/rows/{rowId}/{column}/decrement", rows::decrement::<Tables>).id("tablesDB.decrementRowColumn").about("Count a number of a row down.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key)
            .emits("databases.[databaseId].tables.[tableId].rows.[rowId].update").audit("rows.update", "database/[databaseId]/table/[tableId]"),
    ]
}
