//! Databases, tables and indexes, their logs and usage.

use api::Endpoint;
use kernel::Scope::{DatabasesRead, DatabasesWrite};

use super::names::{TABLE, event, table};
use crate::{State, Vocabulary, databases, indexes, logs, tables, usage};

pub(super) fn routes<W: Vocabulary>() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/<path>", databases::list::<W>)
            .id("<sdk>.list")
            .about("List databases.")
            .scope(DatabasesRead),
        Endpoint::post("/v1/<path>", databases::create::<W>)
            .id("<sdk>.create")
            .about("Create a database.")
            .scope(DatabasesWrite)
            .emits("databases.[databaseId].create")
            .audit("database.create", "database"),
        Endpoint::get("/v1/<path>/{databaseId}", databases::get::<W>)
            .id("<sdk>.get")
            .about("Get a database.")
            .scope(DatabasesRead),
        Endpoint::put("/v1/<path>/{databaseId}", databases::update::<W>)
            .id("<sdk>.update")
            .about("Update a database.")
            .scope(DatabasesWrite)
            .emits("databases.[databaseId].update")
            .audit("database.update", "database"),
        Endpoint::delete("/v1/<path>/{databaseId}", databases::delete::<W>)
            .id("<sdk>.delete")
            .about("Delete a database and its <tables>.")
            .scope(DatabasesWrite)
            .emits("databases.[databaseId].delete")
            .audit("database.delete", "database"),
        Endpoint::get("/v1/<path>/{databaseId}/<tables>", tables::list::<W>)
            .id("<sdk>.list<Tables>")
            .about("List the <tables> of a database.")
            .scopes(W::TABLES_READ),
        Endpoint::post("/v1/<path>/{databaseId}/<tables>", tables::create::<W>)
            .id("<sdk>.create<Table>")
            .about("Create a <table>.")
            .scopes(W::TABLES_WRITE)
            .emits(event!("create"))
            .audit("<table>.create", TABLE),
        Endpoint::get(table!(), tables::get::<W>)
            .id("<sdk>.get<Table>")
            .about("Get a <table>.")
            .scopes(W::TABLES_READ),
        Endpoint::put(table!(), tables::update::<W>)
            .id("<sdk>.update<Table>")
            .about("Update a <table>.")
            .scopes(W::TABLES_WRITE)
            .emits(event!("update"))
            .audit("<table>.update", TABLE),
        Endpoint::delete(table!(), tables::delete::<W>)
            .id("<sdk>.delete<Table>")
            .about("Delete a <table> and its <rows>.")
            .scopes(W::TABLES_WRITE)
            .emits(event!("delete"))
            .audit("<table>.delete", TABLE),
        Endpoint::get(table!("/logs"), logs::of_table::<W>)
            .id("<sdk>.list<Table>Logs")
            .about("List a <table>'s log entries.")
            .scopes(W::TABLES_READ),
        Endpoint::get(table!("/<rows>/{<row>Id}/logs"), logs::of_row::<W>)
            .id("<sdk>.list<Row>Logs")
            .about("List a <row>'s log entries.")
            .scopes(W::ROWS_READ),
        Endpoint::get("/v1/<path>/usage", usage::of_project::<W>)
            .id("<sdk>.listUsage")
            .about("Get usage statistics of all databases.")
            .scopes(W::TABLES_READ),
        Endpoint::get("/v1/<path>/{databaseId}/usage", usage::of_database::<W>)
            .id("<sdk>.getUsage")
            .about("Get usage statistics of a database.")
            .scopes(W::TABLES_READ),
        Endpoint::get(table!("/usage"), usage::of_table::<W>)
            .id("<sdk>.get<Table>Usage")
            .about("Get usage statistics of a <table>.")
            .scopes(W::TABLES_READ),
        Endpoint::get(table!("/indexes"), indexes::list::<W>)
            .id("<sdk>.listIndexes")
            .about("List the indexes of a <table>.")
            .scopes(W::TABLES_READ),
        Endpoint::post(table!("/indexes"), indexes::create::<W>)
            .id("<sdk>.createIndex")
            .about("Create an index.")
            .scopes(W::TABLES_WRITE)
            .emits(event!("indexes.[indexId].create"))
            .audit("index.create", TABLE),
        Endpoint::get(table!("/indexes/{key}"), indexes::get::<W>)
            .id("<sdk>.getIndex")
            .about("Get an index.")
            .scopes(W::TABLES_READ),
        Endpoint::delete(table!("/indexes/{key}"), indexes::delete::<W>)
            .id("<sdk>.deleteIndex")
            .about("Delete an index.")
            .scopes(W::TABLES_WRITE)
            .emits(event!("indexes.[indexId].update"))
            .audit("index.delete", TABLE),
    ]
}
