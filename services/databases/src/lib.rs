//! Databases in the words of collections, attributes and documents: the older vocabulary, which older SDKs speak.
//!
//! A database gathers collections; a collection has attributes, indexes and documents; documents carry permissions. Transactions stage
//! changes of documents and commit them as one. What is made here is seen by `tablesdb` too, in its words.
//!
//! Not here: endpoints and handlers (`tables_api`) and the rules (`records`), which both vocabularies share.

/// The service.
pub fn service(state: tables_api::State) -> api::Service {
    api::Service::new("databases", state, tables_api::routes::of_collections())
        .switched_by(projects::Service::Databases)
        .tables(api::service::In::Projects, records::migrations::MIGRATIONS)
}
