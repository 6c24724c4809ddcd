//! Transactions.

mod operations;

use api::{Call, Created, NoContent, Result};
use kernel::param::Int;
use kernel::query::Texts;
use records::{Error, TransactionError, TransactionId, acts, transactions};

use crate::Vocabulary;
use crate::model::{Transaction, TransactionList};
use crate::rows::execute::author;
use crate::state::{State, access, act_repeated, catalog, into_api_error, read};
use operations::Operations;

/// Default lifetime of a transaction, in seconds.
const TTL: Int<60, 3600> = Int(300);

kernel::params! {
    /// Parameters of the list of transactions.
    pub struct ListTransactions {
        /// Queries on status and expiresAt.
        queries: Texts = "queries",
    }
}

/// Lists the caller's transactions.
pub async fn list<W: Vocabulary>(call: Call<State>, input: ListTransactions) -> Result<TransactionList> {
    let (access, queries) = (access(&call), records::in_order(input.queries.read("", true)?));
    let page = read::<W, _>(&call, move |tx| transactions::list(tx, &access, &queries))
        .await?
        .map(Transaction::of);
    Ok(TransactionList {
        total: page.total,
        transactions: page.rows,
    })
}

kernel::params! {
    /// Parameters of a new transaction.
    pub struct CreateTransaction {
        /// Lifetime, in seconds.
        ttl: Int<60, 3600> = "ttl" | TTL,
    }
}

/// Begins a transaction.
pub async fn create<W: Vocabulary>(call: Call<State>, input: CreateTransaction) -> Result<Created<Transaction>> {
    let access = access(&call);
    act_repeated(&call, move |act| {
        let created = into_api_error::<W, _>(transactions::create(act, &access, input.ttl.0))?;
        Ok(Created(Transaction::of(created)))
    })
    .await
}

kernel::params! {
    /// Identifies a transaction.
    pub struct GetTransaction {
        /// Transaction ID.
        transaction_id: TransactionId = "transactionId",
    }
}

/// Gets a transaction.
pub async fn get<W: Vocabulary>(call: Call<State>, input: GetTransaction) -> Result<Transaction> {
    let access = access(&call);
    read::<W, _>(&call, move |tx| {
        transactions::find(tx, &access, &input.transaction_id).map(Transaction::of)
    })
    .await
}

/// Deletes a transaction and its staged operations.
pub async fn delete<W: Vocabulary>(call: Call<State>, input: GetTransaction) -> Result<NoContent> {
    let access = access(&call);
    act_repeated(&call, move |act| {
        into_api_error::<W, _>(transactions::delete(act, &access, &input.transaction_id)).map(|()| NoContent)
    })
    .await
}

kernel::params! {
    /// Commit or rollback of a transaction.
    pub struct UpdateTransaction {
        /// Transaction ID.
        transaction_id: TransactionId = "transactionId",
        /// Whether to commit the staged operations.
        commit: bool = "commit" | false,
        /// Whether to roll it back.
        rollback: bool = "rollback" | false,
    }
}

/// Commits a transaction, or rolls it back.
pub async fn update<W: Vocabulary>(call: Call<State>, input: UpdateTransaction) -> Result<Transaction> {
    match (input.commit, input.rollback) {
        (true, false) => commit::<W>(&call, input.transaction_id).await,
        (false, true) => {
            let access = access(&call);
            act_repeated(&call, move |act| {
                into_api_error::<W, _>(transactions::roll_back(act, &access, &input.transaction_id))
                    .map(Transaction::of)
            })
            .await
        }
        _ => into_api_error::<W, _>(Err(Error::BadRequest(
            "Either commit or rollback must be true, not both".to_owned(),
        ))),
    }
}

/// Commits a transaction. A failure is stored as its status, so the act itself succeeds.
async fn commit<W: Vocabulary>(call: &Call<State>, id: TransactionId) -> Result<Transaction> {
    let (catalog, author) = (catalog(call), author::<W>(call)?);
    let (transaction, outcome) = act_repeated(call, move |act| {
        into_api_error::<W, _>(acts::commit(act, &catalog, &author, &id))
    })
    .await?;
    into_api_error::<W, _>(outcome).map(|()| Transaction::of(transaction))
}

kernel::params! {
    /// Parameters to stage operations.
    pub struct CreateOperations<W: Vocabulary> {
        /// Transaction ID.
        transaction_id: TransactionId = "transactionId",
        /// The operations.
        operations: Operations<W> = "operations" | Operations::default(),
    }
}

/// Stages operations.
pub async fn stage<W: Vocabulary>(call: Call<State>, input: CreateOperations<W>) -> Result<Created<Transaction>> {
    let (catalog, access) = (catalog(&call), access(&call));
    let operations = into_api_error::<W, _>(input.operations.read(call.now()))?;
    act_repeated(&call, move |act| {
        let staged = transactions::stage(act, &catalog, &access, &input.transaction_id, operations.clone());
        let staged = staged.map_err(|error| match error {
            Error::Transaction(TransactionError::NotReady) => Error::BadRequest(error.to_string()),
            other => other,
        });
        let (transaction, _) = into_api_error::<W, _>(staged)?;
        Ok(Created(Transaction::of(transaction)))
    })
    .await
}
