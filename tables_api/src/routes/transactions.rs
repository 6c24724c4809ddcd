//! Transactions.

use api::Endpoint;

use super::names::BODY;
use crate::{State, Vocabulary, transactions};

pub(super) fn routes<W: Vocabulary>() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/<path>/transactions", transactions::list::<W>)
            .id("<sdk>.listTransactions")
            .about("List transactions.")
            .scopes(W::TRANSACTIONS_READ),
        Endpoint::post("/v1/<path>/transactions", transactions::create::<W>)
            .id("<sdk>.createTransaction")
            .about("Create a transaction.")
            .scopes(W::ROWS_WRITE),
        Endpoint::get("/v1/<path>/transactions/{transactionId}", transactions::get::<W>)
            .id("<sdk>.getTransaction")
            .about("Get a transaction.")
            .scopes(W::TRANSACTIONS_READ),
        Endpoint::patch("/v1/<path>/transactions/{transactionId}", transactions::update::<W>)
            .id("<sdk>.updateTransaction")
            .about("Commit or roll back a transaction.")
            .scopes(W::ROWS_WRITE),
        Endpoint::delete("/v1/<path>/transactions/{transactionId}", transactions::delete::<W>)
            .id("<sdk>.deleteTransaction")
            .about("Delete a transaction.")
            .scopes(W::ROWS_WRITE),
        Endpoint::post(
            "/v1/<path>/transactions/{transactionId}/operations",
            transactions::stage::<W>,
        )
        .id("<sdk>.createOperations")
        .about("Stage operations.")
        .scopes(W::ROWS_WRITE)
        .body_limit(BODY),
    ]
}
