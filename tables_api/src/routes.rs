//! The endpoints of both services, declared once in placeholders: `<tables>` is `tables` or `collections`.
//! [`Vocabulary::text`] fills them.

mod columns;
mod names;
mod rows;
mod schema;
mod transactions;
mod transfers;

use api::Endpoint;
use kernel::Scope::DatabasesRead;

use crate::{Collections, State, Tables, Vocabulary, logs};

/// The endpoints of `tablesdb`.
pub fn of_tables() -> Vec<Endpoint<State>> {
    of_both::<Tables>()
}

/// The endpoints of `databases`.
pub fn of_collections() -> Vec<Endpoint<State>> {
    let mut all = of_both::<Collections>();
    all.push(
        Endpoint::get("/v1/databases/{databaseId}/logs", logs::of_database::<Collections>)
            .id("databases.listLogs")
            .about("List a database's log entries.")
            .scope(DatabasesRead),
    );
    all
}

fn of_both<W: Vocabulary>() -> Vec<Endpoint<State>> {
    let mut all = transactions::routes::<W>();
    all.extend(schema::routes::<W>());
    all.extend(columns::routes::<W>());
    all.extend(rows::routes::<W>());
    all.extend(transfers::routes::<W>());
    all.into_iter().map(|endpoint| endpoint.map_texts(W::text)).collect()
}
