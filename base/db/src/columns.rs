//! Column types for migrations of the server's own nouns. Columns are NOT NULL unless declared optional.

use sea_query::{ColumnDef, Iden, Index, IndexCreateStatement};

/// Text, NOT NULL.
pub fn text(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).text().not_null().take()
}

/// Nullable text.
pub fn optional_text(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).text().take()
}

/// Primary key column with the row's id.
pub fn id(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).text().not_null().primary_key().take()
}

/// Boolean, NOT NULL.
pub fn flag(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).boolean().not_null().take()
}

/// 64-bit integer, NOT NULL.
pub fn number(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().take()
}

/// JSON, NOT NULL.
pub fn json(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).json().not_null().take()
}

/// Timestamp with time zone, NOT NULL.
pub fn time(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().not_null().take()
}

/// Nullable timestamp with time zone.
pub fn optional_time(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().take()
}

/// Index on one column; further columns can be added.
pub fn index(name: &str, table: impl Iden + 'static, column: impl Iden + 'static) -> IndexCreateStatement {
    Index::create().name(name).table(table).col(column).take()
}
