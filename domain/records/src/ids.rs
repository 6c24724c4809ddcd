//! ID types of this crate's nouns.

kernel::ids! {
    /// A database: a group of tables.
    DatabaseId;
    /// A table.
    TableId;
    /// A row.
    RowId;
    /// The key of a column or an index within its table.
    Key;
    /// A transaction that a client stages operations in.
    TransactionId;
    /// An import or an export.
    TransferId;
}

db::text_value!(DatabaseId);
db::text_value!(TableId);
db::text_value!(RowId);
db::text_value!(Key);
db::text_value!(TransactionId);
db::text_value!(TransferId);
