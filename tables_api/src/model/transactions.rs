//! Transactions.

use kernel::Timestamp;

api::model! {
    /// Changes of rows that are staged, to be committed as one.
    pub struct Transaction as "transaction" {
        /// The transaction's id.
        id: String = "$id",
        /// When it was made.
        created_at: Timestamp = "$createdAt",
        /// When it was last changed.
        updated_at: Timestamp = "$updatedAt",
        /// How far it is: pending, committing, committed, rolled_back or failed.
        status: String = "status",
        /// How many operations were staged.
        operations: i64 = "operations",
        /// Until when it can be committed.
        expires_at: Timestamp = "expiresAt",
    }
}

api::model! {
    /// A page of transactions.
    pub struct TransactionList as "transactionList" {
        /// How many there are.
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
