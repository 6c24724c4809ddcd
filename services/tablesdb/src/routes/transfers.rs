//! The operations on imports and exports, which Appwrite's tables do not have.

use api::Endpoint;
use kernel::Scope::{DocumentsRead, DocumentsWrite, RowsRead, RowsWrite};
use tables_api::{State, Tables, transfers};

/// Bytes of a request with a piece of a file: the piece, and what JSON adds to it.
const PIECE: usize = 20 << 20;

#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/imports", transfers::list_imports::<Tables>).about("The imports of a table.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/imports", transfers::import::<Tables>).about("Import rows from CSV or JSON lines.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(PIECE),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/imports/{transferId}", transfers::get::<Tables>).about("How far an import is.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/imports/{transferId}", transfers::add_piece::<Tables>).about("Add a piece to the file of an import.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(PIECE),
        Endpoint::delete("/v1/tablesdb/{databaseId}/tables/{tableId}/imports/{transferId}", transfers::cancel::<Tables>).about("Call an import off.").scope(RowsWrite).scope(DocumentsWrite),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/exports", transfers::list_exports::<Tables>).about("The exports of a table.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/exports", transfers::export::<Tables>).about("Export rows as CSV or JSON lines.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/exports/{transferId}", transfers::get::<Tables>).about("How far an export is.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/exports/{transferId}/download", transfers::download::<Tables>).about("The file of an export.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::delete("/v1/tablesdb/{databaseId}/tables/{tableId}/exports/{transferId}", transfers::cancel::<Tables>).about("Forget an export.").scope(RowsWrite).scope(DocumentsWrite),
    ]
}
