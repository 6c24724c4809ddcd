//! Transactions.

use kernel::Timestamp;

api::model! {
    /// Changes of rows that are staged, to be committed as one.
    pub struct Transaction as "transaction" {
        /// The transaction's id.
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
        /// Number of entries.
        total: i64 = "total",
        /// The transactions.
        transactions: Vec<Transaction> = "transactions",
    }
}

impl Transaction {
    /// Shows a transaction.
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
