//! Rows.

use api::Endpoint;

use super::names::{BODY, ROW, TABLE, event, table};
use crate::{State, Vocabulary, rows};

/// Rate limit of row writes by a client: calls, seconds, key.
const WRITES: (u64, u64, &str) = (120, 60, "ip:{ip},method:{method},url:{url},userId:{userId}");
/// Limit of row deletions by a client in the same period.
const DELETIONS: u64 = 60;

pub(super) fn routes<W: Vocabulary>() -> Vec<Endpoint<State>> {
    let (calls, seconds, key) = WRITES;
    vec![
        Endpoint::get(table!("/<rows>"), rows::list::<W>)
            .id("<sdk>.list<Rows>")
            .about("List <rows>.")
            .scopes(W::ROWS_READ),
        Endpoint::get(table!("/<rows>/{<row>Id}"), rows::get::<W>)
            .id("<sdk>.get<Row>")
            .about("Get a <row>.")
            .scopes(W::ROWS_READ),
        Endpoint::get(table!("/aggregate"), rows::aggregate::<W>)
            .id("<sdk>.aggregate<Rows>")
            .about("Aggregate <rows>: count, sum, average, minimum, maximum.")
            .scopes(W::ROWS_READ),
        Endpoint::post(table!("/<rows>"), rows::create::<W>)
            .id("<sdk>.create<Row>")
            .about("Create one or several <rows>.")
            .scopes(W::ROWS_WRITE)
            .body_limit(BODY)
            .limit(calls, seconds, key)
            .emits(event!("<rows>.[<row>Id].create"))
            .audit("<row>.create", ROW),
        Endpoint::put(table!("/<rows>"), rows::upsert_many::<W>)
            .id("<sdk>.upsert<Rows>")
            .about("Create or update <rows>.")
            .scopes(W::ROWS_WRITE)
            .body_limit(BODY)
            .limit(calls, seconds, key)
            .audit("<row>.create", TABLE),
        Endpoint::patch(table!("/<rows>"), rows::update_many::<W>)
            .id("<sdk>.update<Rows>")
            .about("Update the <rows> that match the queries.")
            .scopes(W::ROWS_WRITE)
            .body_limit(BODY)
            .limit(calls, seconds, key)
            .audit("<rows>.update", TABLE),
        Endpoint::delete(table!("/<rows>"), rows::delete_many::<W>)
            .id("<sdk>.delete<Rows>")
            .about("Delete the <rows> that match the queries.")
            .scopes(W::ROWS_WRITE)
            .body_limit(BODY)
            .limit(DELETIONS, seconds, key)
            .audit("<rows>.delete", TABLE),
        Endpoint::put(table!("/<rows>/{<row>Id}"), rows::upsert::<W>)
            .id("<sdk>.upsert<Row>")
            .about("Create or update a <row>.")
            .scopes(W::ROWS_WRITE)
            .body_limit(BODY)
            .limit(calls, seconds, key)
            .emits(event!("<rows>.[<row>Id].upsert"))
            .audit("<row>.upsert", ROW),
        Endpoint::patch(table!("/<rows>/{<row>Id}"), rows::update::<W>)
            .id("<sdk>.update<Row>")
            .about("Update a <row>.")
            .scopes(W::ROWS_WRITE)
            .body_limit(BODY)
            .limit(calls, seconds, key)
            .emits(event!("<rows>.[<row>Id].update"))
            .audit("<row>.update", ROW),
        Endpoint::delete(table!("/<rows>/{<row>Id}"), rows::delete::<W>)
            .id("<sdk>.delete<Row>")
            .about("Delete a <row>.")
            .scopes(W::ROWS_WRITE)
            .body_limit(BODY)
            .limit(DELETIONS, seconds, key)
            .emits(event!("<rows>.[<row>Id].delete"))
            .audit("<row>.delete", ROW),
        Endpoint::patch(table!("/<rows>/{<row>Id}/{<column>}/increment"), rows::increment::<W>)
            .id("<sdk>.increment<Row><Column>")
            .about("Increment a numeric <column> of a <row>.")
            .scopes(W::ROWS_WRITE)
            .body_limit(BODY)
            .limit(calls, seconds, key)
            .emits(event!("<rows>.[<row>Id].update"))
            .audit("<rows>.update", TABLE),
        Endpoint::patch(table!("/<rows>/{<row>Id}/{<column>}/decrement"), rows::decrement::<W>)
            .id("<sdk>.decrement<Row><Column>")
            .about("Decrement a numeric <column> of a <row>.")
            .scopes(W::ROWS_WRITE)
            .body_limit(BODY)
            .limit(calls, seconds, key)
            .emits(event!("<rows>.[<row>Id].update"))
            .audit("<rows>.update", TABLE),
    ]
}
