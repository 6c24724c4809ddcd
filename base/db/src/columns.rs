//! Columns as our own nouns declare them in migrations: few sorts, and none that is null by accident.

use sea_query::{ColumnDef, Iden, Index, IndexCreateStatement};

/// Text that is always there.
pub fn text(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).text().not_null().take()
}

/// Text, or nothing.
pub fn optional_text(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).text().take()
}

/// The id of a row.
pub fn id(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).text().not_null().primary_key().take()
}

/// True or false.
pub fn flag(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).boolean().not_null().take()
}

/// A whole number.
pub fn number(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().take()
}

/// JSON.
pub fn json(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).json().not_null().take()
}

/// An instant.
pub fn time(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().not_null().take()
}

/// An instant, or nothing.
pub fn optional_time(column: impl Iden + 'static) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().take()
}

/// An index over one column, to which more may be added.
pub fn index(name: &str, table: impl Iden + 'static, column: impl Iden + 'static) -> IndexCreateStatement {
    Index::create().name(name).table(table).col(column).take()
}
