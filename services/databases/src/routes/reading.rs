//! Reading documents.

use api::Endpoint;
use kernel::Scope::DocumentsRead;
use tables_api::{Collections, State, rows};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/documents", rows::list::<Collections>).id("databases.listDocuments").about("List documents.")
            .scope(DocumentsRead),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/documents/{documentId}", rows::get::<Collections>).id("databases.getDocument").about("A document.")
            .scope(DocumentsRead),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/aggregate", rows::aggregate::<Collections>).id("databases.aggregateDocuments").about("Count documents, and add them up.")
            .scope(DocumentsRead),
    ]
}
