//! Databases in the older vocabulary of collections, attributes and documents, used by older SDKs.
//!
//! A database contains collections; a collection has attributes, indexes and documents; documents have permissions.
//! Transactions stage changes of documents and commit them atomically. The same data is available through `tablesdb`,
//! in its vocabulary.
//!
//! Not here: endpoints and handlers (`tables_api`) and the rules (`records`), which both vocabularies share.

/// Builds the service.
pub fn service(state: tables_api::State) -> api::Service {
    api::Service::new("databases", state, tables_api::routes::of_collections())
        .switched_by(projects::Service::Databases)
        .tables(api::service::In::Projects, records::migrations::MIGRATIONS)
}
