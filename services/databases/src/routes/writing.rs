//! Writing documents.

use api::Endpoint;
use kernel::Scope::DocumentsWrite;
use tables_api::{Collections, State, rows};

/// Rate limit of document writes by a client: calls, seconds, key.
const WRITES: (u64, u64, &str) = (120, 60, "ip:{ip},method:{method},url:{url},userId:{userId}");
/// Limit of document deletions by a client in the same period.
const DELETIONS: u64 = 60;
/// Bytes of a request at most.
const BODY: usize = 10 << 20;

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Endpoint<State>> {
    let (calls, seconds, key) = WRITES;
    vec![
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/documents", rows::create::<Collections>).id("databases.createDocument").about("Make a document, or several.")
            .scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key)
            .emits("databases.[databaseId].collections.[collectionId].documents.[documentId].create").audit("document.create", "database/[databaseId]/collection/[collectionId]/document/[documentId]"),
        Endpoint::put("/v1/databases/{databaseId}/collections/{collectionId}/documents", rows::upsert_many::<Collections>).id("databases.upsertDocuments").about("Make or change documents.")
            .scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key).audit("document.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/documents", rows::update_many::<Collections>).id("databases.updateDocuments").about("Change the documents that queries find.")
            .scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key).audit("documents.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::delete("/v1/databases/{databaseId}/collections/{collectionId}/documents", rows::delete_many::<Collections>).id("databases.deleteDocuments").about("Delete the documents that queries find.")
            .scope(DocumentsWrite).body_limit(BODY).limit(DELETIONS, seconds, key).audit("documents.delete", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::put("/v1/databases/{databaseId}/collections/{collectionId}/documents/{documentId}", rows::upsert::<Collections>).id("databases.upsertDocument").about("Make or change a document.")
            .scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key)
            .emits("databases.[databaseId].collections.[collectionId].documents.[documentId].upsert").audit("document.upsert", "database/[databaseId]/collection/[collectionId]/document/[documentId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/documents/{documentId}", rows::update::<Collections>).id("databases.updateDocument").about("Change a document.")
            .scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key)
            .emits("databases.[databaseId].collections.[collectionId].documents.[documentId].update").audit("document.update", "database/[databaseId]/collection/[collectionId]/document/[documentId]"),
        Endpoint::delete("/v1/databases/{databaseId}/collections/{collectionId}/documents/{documentId}", rows::delete::<Collections>).id("databases.deleteDocument").about("Delete a document.")
            .scope(DocumentsWrite).body_limit(BODY).limit(DELETIONS, seconds, key)
            .emits("databases.[databaseId].collections.[collectionId].documents.[documentId].delete").audit("document.delete", "database/[databaseId]/collection/[collectionId]/document/[documentId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/documents/{documentId}/{attribute}/increment", rows::increment::<Collections>).id("databases.incrementDocumentAttribute").about("Count a number of a document up.")
            .scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key)
            .emits("databases.[databaseId].collections.[collectionId].documents.[documentId].update").audit("documents.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/documents/{documentId}/{attribute}/decrement", rows::decrement::<Collections>).id("databases.decrementDocumentAttribute").about("Count a number of a document down.")
            .scope(DocumentsWrite).body_limit(BODY).limit(calls, seconds, key)
            .emits("databases.[databaseId].collections.[collectionId].documents.[documentId].update").audit("documents.update", "database/[databaseId]/collection/[collectionId]"),
    ]
}
