//! The operations on imports and exports, which Appwrite's collections do not have.

use api::Endpoint;
use kernel::Scope::{DocumentsRead, DocumentsWrite, RowsRead, RowsWrite};
use tables_api::{Collections, State, transfers};

/// Bytes of a request with a piece of a file: the piece, and what JSON adds to it.
const PIECE: usize = 20 << 20;

#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/imports", transfers::list_imports::<Collections>).about("The imports of a collection.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/imports", transfers::import::<Collections>).about("Import documents from CSV or JSON lines.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(PIECE),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/imports/{transferId}", transfers::get::<Collections>).about("How far an import is.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/imports/{transferId}", transfers::add_piece::<Collections>).about("Add a piece to the file of an import.")
            .scope(RowsWrite).scope(DocumentsWrite).body_limit(PIECE),
        Endpoint::delete("/v1/databases/{databaseId}/collections/{collectionId}/imports/{transferId}", transfers::cancel::<Collections>).about("Call an import off.").scope(RowsWrite).scope(DocumentsWrite),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/exports", transfers::list_exports::<Collections>).about("The exports of a collection.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/exports", transfers::export::<Collections>).about("Export documents as CSV or JSON lines.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/exports/{transferId}", transfers::get::<Collections>).about("How far an export is.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/exports/{transferId}/download", transfers::download::<Collections>).about("The file of an export.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::delete("/v1/databases/{databaseId}/collections/{collectionId}/exports/{transferId}", transfers::cancel::<Collections>).about("Forget an export.").scope(RowsWrite).scope(DocumentsWrite),
    ]
}
