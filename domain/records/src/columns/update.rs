//! Changes to columns.

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Tx};
use serde_json::Value;

use super::{Column, Columns, Spec, Status, create, rules};
use crate::tables::entry::outdate;
use crate::{ColumnError, Key, Kind, Result, Table, indexes, physical};

/// Changes to a column; absent fields stay as they are.
#[derive(Debug, Clone)]
pub struct Change {
    /// Whether a value is required.
    pub required: bool,
    /// The value of new rows without one.
    pub default: Option<Value>,
    /// New key, if it changes.
    pub new_key: Option<Key>,
}

/// Changes a column. `reshape` returns its kind with the new bounds, or `None` if the column is of another type.
///
/// Fails with [`ColumnError::NotFound`], [`ColumnError::NotAvailable`], [`ColumnError::TypeInvalid`], with
/// [`ColumnError::InvalidResize`] if a row has a longer value, and with the errors of [`super::create`].
pub fn update(
    tx: &mut Tx<'_>,
    table: &Table,
    key: &Key,
    change: Change,
    reshape: impl FnOnce(&Kind) -> Option<Kind>,
) -> Result<Column> {
    let old = table.find_column(key)?;
    if old.status != Status::Available {
        return Err(ColumnError::NotAvailable(key.to_string()).into());
    }
    let Some(kind) = reshape(&old.spec.kind) else {
        let message = format!("<Column> \"{key}\" is of the type {}", old.spec.kind.label());
        return Err(ColumnError::TypeInvalid(message).into());
    };
    let spec = rules::check(
        key,
        Spec {
            kind,
            required: change.required,
            default: change.default,
            ..old.spec.clone()
        },
    )?;
    if spec.kind.is_shape() && spec.required && !old.spec.required {
        create::check_empty(tx, table, key)?;
    }
    let column = Column {
        key: change.new_key.unwrap_or_else(|| key.clone()),
        spec,
        updated_at: tx.now(),
        ..old.clone()
    };
    resize(tx, table, old, &column)?;
    save(tx, table, key, &column)?;
    if column.key != old.key {
        rename(tx, table, old, &column)?;
    }
    outdate(tx, table.names.seq)?;
    Ok(column)
}

/// Updates a column's entry in the catalog.
fn save(tx: &mut Tx<'_>, table: &Table, key: &Key, column: &Column) -> Result<()> {
    let update = Query::update()
        .table(Columns::Table)
        .value(Columns::Key, &column.key)
        .value(Columns::Spec, db::value(&Json(&column.spec)))
        .value(Columns::Size, column.spec.size())
        .value(Columns::Required, column.spec.required)
        .value(Columns::UpdatedAt, db::value(&column.updated_at))
        .and_where(Expr::col(Columns::TableSeq).eq(table.names.seq))
        .and_where(Expr::col(Columns::Key).eq(key.as_str()))
        .take();
    tx.execute(&update)?;
    Ok(())
}

/// Checks that rows and indexes allow the new size, and rebuilds indexes that represent the column differently now.
fn resize(tx: &mut Tx<'_>, table: &Table, old: &Column, new: &Column) -> Result<()> {
    let (Some(before), Some(after)) = (old.spec.kind.size(), new.spec.kind.size()) else {
        return Ok(());
    };
    if after < before && physical::has_longer(tx, &table.names, old, after)? {
        return Err(ColumnError::InvalidResize(old.key.to_string()).into());
    }
    if after > before {
        let others = table.columns.iter().filter(|column| column.key != old.key);
        rules::check_bounds(&old.key, others.map(|column| &column.spec).chain([&new.spec]))?;
        indexes::grow(tx, table, new)?;
    }
    Ok(())
}

fn rename(tx: &mut Tx<'_>, table: &Table, old: &Column, new: &Column) -> Result<()> {
    create::check_key(table, &new.key, Some(&old.key))?;
    if old.is_stored() {
        physical::rename_column(tx, &table.names, &old.name(), &new.name())?;
    }
    indexes::rename_column(tx, table, &old.key, &new.key)
}
