//! Creation of columns.

use db::sea_query::Query;
use db::{Json, Tx};

use super::{Column, Columns, Spec, rules};
use crate::error::Flaw;
use crate::tables::entry::outdate;
use crate::{ColumnError, Key, Result, Table, physical};

/// Adds a column to a table; existing rows have no value of it.
///
/// Fails with [`ColumnError::Exists`] if the table has a column with this key, case-insensitively, and with the errors
/// of invalid specifications.
pub fn create(tx: &mut Tx<'_>, table: &Table, key: &Key, spec: Spec) -> Result<Column> {
    let spec = rules::check(key, spec)?;
    check_key(table, key, None)?;
    rules::check_bounds(key, table.specs().chain([&spec]))?;
    if spec.required && spec.kind.is_shape() {
        check_empty(tx, table, key)?;
    }
    let column = Column {
        created_at: tx.now(),
        updated_at: tx.now(),
        ..Column::new(key.clone(), spec)
    };
    insert(tx, table, &column)?;
    if column.is_stored() {
        physical::add_column(tx, &table.names, &column)?;
    }
    outdate(tx, table.names.seq)?;
    Ok(column)
}

/// Checks that no column except `own` has this key.
pub(super) fn check_key(table: &Table, key: &Key, own: Option<&Key>) -> Result<()> {
    let taken = |column: &&Column| column.key.as_str().eq_ignore_ascii_case(key.as_str());
    match table.columns.iter().find(taken) {
        Some(other) if own != Some(&other.key) => Err(ColumnError::Exists(key.to_string()).into()),
        _ => Ok(()),
    }
}

/// A required shape cannot be added to existing rows: such a column is not nullable.
pub(super) fn check_empty(tx: &mut Tx<'_>, table: &Table, key: &Key) -> Result<()> {
    if physical::has_more_rows(tx, &table.names, 0)? {
        let rule = "A required shape cannot be added to rows that are there";
        return Err(Flaw::Format(key.to_string(), rule.into()).into());
    }
    Ok(())
}

/// Inserts a column into the catalog; returns its number.
pub(crate) fn insert(tx: &mut Tx<'_>, table: &Table, column: &Column) -> Result<i64> {
    let spec = &column.spec;
    let insert = Query::insert()
        .into_table(Columns::Table)
        .columns([
            Columns::TableSeq,
            Columns::Key,
            Columns::Spec,
            Columns::Type,
            Columns::Size,
            Columns::Required,
            Columns::Array,
            Columns::Hidden,
            Columns::Status,
            Columns::Error,
            Columns::CreatedAt,
            Columns::UpdatedAt,
        ])
        .values_panic([
            table.names.seq.into(),
            (&column.key).into(),
            db::value(&Json(spec)).into(),
            spec.kind.type_name().into(),
            spec.size().into(),
            spec.required.into(),
            spec.array.into(),
            column.is_hidden().into(),
            db::value(&column.status).into(),
            column.error.as_str().into(),
            db::value(&column.created_at).into(),
            db::value(&column.updated_at).into(),
        ])
        .returning_col(Columns::Seq)
        .take();
    Ok(tx.one(&insert)?)
}
