//! Databases in the current vocabulary of tables, columns and rows.
//!
//! A database contains tables; a table has columns, indexes and rows; rows have permissions. Transactions stage changes
//! of rows and commit them atomically. The same data is available through `databases`, in its older vocabulary.
//!
//! Not here: endpoints and handlers (`tables_api`) and the rules (`records`), which both vocabularies share.

/// Builds the service.
pub fn service(state: tables_api::State) -> api::Service {
    let service = api::Service::new("tablesdb", state.clone(), tables_api::routes::of_tables());
    tables_api::add_to(service.switched_by(projects::Service::TablesDb), &state)
}
