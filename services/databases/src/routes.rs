//! The table of operations.

mod schema;

use api::Endpoint;
use faces::{Collections, State, rows};
use kernel::Scope::{DocumentsRead, DocumentsWrite};

/// How often a client may write documents: so many calls in so many seconds, counted by so.
const WRITES: (u64, u64, &str) = (120, 60, "ip:{ip},method:{method},url:{url},userId:{userId}");

pub(crate) fn routes() -> Vec<Endpoint<State>> {
    let mut all = schema::routes();
    all.extend(rows());
    all
}

#[rustfmt::skip]
fn rows() -> Vec<Endpoint<State>> {
    let (calls, seconds, key) = WRITES;
    vec![
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/documents", rows::create::<Collections>).id("databases.createDocument").about("Make a document.")
            .scope(DocumentsWrite).limit(calls, seconds, key)
            .emits("databases.[databaseId].collections.[collectionId].documents.[documentId].create").audit("document.create", "database/[databaseId]/collection/[collectionId]/document/[documentId]"),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/documents/{documentId}", rows::get::<Collections>).id("databases.getDocument").about("A document.")
            .scope(DocumentsRead),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/documents/{documentId}", rows::update::<Collections>).id("databases.updateDocument").about("Change a document.")
            .scope(DocumentsWrite).limit(calls, seconds, key)
            .emits("databases.[databaseId].collections.[collectionId].documents.[documentId].update").audit("document.update", "database/[databaseId]/collection/[collectionId]/document/[documentId]"),
        Endpoint::delete("/v1/databases/{databaseId}/collections/{collectionId}/documents/{documentId}", rows::delete::<Collections>).id("databases.deleteDocument").about("Delete a document.")
            .scope(DocumentsWrite).limit(60, seconds, key)
            .emits("databases.[databaseId].collections.[collectionId].documents.[documentId].delete").audit("document.delete", "database/[databaseId]/collection/[collectionId]/document/[documentId]"),
    ]
}
