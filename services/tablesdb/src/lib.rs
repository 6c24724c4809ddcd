//! Databases in the words of tables, columns and rows: the vocabulary of today.
//!
//! A database gathers tables; a table has columns, indexes and rows; rows carry their permissions. Transactions stage
//! changes of rows and commit them as one. What is made here is seen by `databases` too, in its older words.
//!
//! Not here: endpoints and handlers (`tables_api`) and the rules (`records`), which both vocabularies share.

/// The service.
pub fn service(state: tables_api::State) -> api::Service {
    let service = api::Service::new("tablesdb", state.clone(), tables_api::routes::of_tables());
    tables_api::own(service.switched_by(projects::Service::TablesDb), &state)
}
