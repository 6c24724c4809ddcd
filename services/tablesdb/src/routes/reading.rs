//! Reading rows.

use api::Endpoint;
use kernel::Scope::{DocumentsRead, RowsRead};
use tables_api::{State, Tables, rows};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/rows", rows::list::<Tables>).id("tablesDB.listRows").about("List rows.")
            .scope(RowsRead).scope(DocumentsRead),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/rows/{rowId}", rows::get::<Tables>).id("tablesDB.getRow").about("A row.")
            .scope(RowsRead).scope(DocumentsRead),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/aggregate", rows::aggregate::<Tables>).id("tablesDB.aggregateRows").about("Count rows, and add them up.")
            .scope(RowsRead).scope(DocumentsRead),
    ]
}
