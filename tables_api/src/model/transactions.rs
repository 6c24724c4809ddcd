//! Transactions.

use kernel::Timestamp;

api::model! {
    /// Staged changes of rows, committed atomically.
    pub struct Transaction as "transaction" {
        /// Transaction ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// State: pending, committing, committed, rolled_back or failed.
        status: String = "status",
        /// Number of staged operations.
        operations: i64 = "operations",
        /// Expiry time.
        expires_at: Timestamp = "expiresAt",
    }
}

api::model! {
    /// A page of transactions.
    pub struct TransactionList as "transactionList" {
        /// Total number of matching transactions.
        total: i64 = "total",
        /// Transactions of the page.
        transactions: Vec<Transaction> = "transactions",
    }
}

impl Transaction {
    /// The model of a transaction.
    pub fn of(transaction: records::transactions::Transaction) -> Self {
        Self {
            id: transaction.id.to_string(),
            created_at: transaction.created_at,
            updated_at: transaction.updated_at,
            status: transaction.status.to_string(),
            operations: transaction.operations,
            expires_at: transaction.expires_at,
        }
    }
}
