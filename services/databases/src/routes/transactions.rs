//! Transactions.

use api::Endpoint;
use kernel::Scope::{DocumentsWrite, RowsRead};
use tables_api::{Collections, State, transactions};

/// Bytes of a list of operations at most.
const BODY: usize = 10 << 20;

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/databases/transactions", transactions::list::<Collections>).id("databases.listTransactions").about("List transactions.").scope(RowsRead),
        Endpoint::post("/v1/databases/transactions", transactions::create::<Collections>).id("databases.createTransaction").about("Begin a transaction.").scope(DocumentsWrite),
        Endpoint::get("/v1/databases/transactions/{transactionId}", transactions::get::<Collections>).id("databases.getTransaction").about("A transaction.").scope(RowsRead),
        Endpoint::patch("/v1/databases/transactions/{transactionId}", transactions::update::<Collections>).id("databases.updateTransaction").about("Commit a transaction, or give it up.").scope(DocumentsWrite),
        Endpoint::delete("/v1/databases/transactions/{transactionId}", transactions::delete::<Collections>).id("databases.deleteTransaction").about("Delete a transaction.").scope(DocumentsWrite),
        Endpoint::post("/v1/databases/transactions/{transactionId}/operations", transactions::stage::<Collections>).id("databases.createOperations").about("Stage operations.").scope(DocumentsWrite).body_limit(BODY),
    ]
}
