//! Transactions.

use api::Endpoint;
use kernel::Scope::{DocumentsRead, DocumentsWrite, RowsRead, RowsWrite};
use tables_api::{State, Tables, transactions};

/// Bytes of a list of operations at most.
const BODY: usize = 10 << 20;

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/tablesdb/transactions", transactions::list::<Tables>).id("tablesDB.listTransactions").about("List transactions.").scope(DocumentsRead).scope(RowsRead),
        Endpoint::post("/v1/tablesdb/transactions", transactions::create::<Tables>).id("tablesDB.createTransaction").about("Begin a transaction.").scope(DocumentsWrite).scope(RowsWrite),
        Endpoint::get("/v1/tablesdb/transactions/{transactionId}", transactions::get::<Tables>).id("tablesDB.getTransaction").about("A transaction.").scope(DocumentsRead).scope(RowsRead),
        Endpoint::patch("/v1/tablesdb/transactions/{transactionId}", transactions::update::<Tables>).id("tablesDB.updateTransaction").about("Commit a transaction, or give it up.").scope(DocumentsWrite).scope(RowsWrite),
        Endpoint::delete("/v1/tablesdb/transactions/{transactionId}", transactions::delete::<Tables>).id("tablesDB.deleteTransaction").about("Delete a transaction.").scope(DocumentsWrite).scope(RowsWrite),
        Endpoint::post("/v1/tablesdb/transactions/{transactionId}/operations", transactions::stage::<Tables>).id("tablesDB.createOperations").about("Stage operations.").scope(DocumentsWrite).scope(RowsWrite).body_limit(BODY),
    ]
}
