//! Columns and indexes that a table is created with.

use db::Tx;

use super::Entry;
use crate::columns::{self, Column, Spec};
use crate::indexes::{self, Index, IndexSpec};
use crate::{Catalog, ColumnError, Error, IndexError, Key, Result, verbatim};

/// Columns and indexes of a new table.
#[derive(Debug, Clone, Default)]
pub struct NewSchema {
    /// Columns, in the order of creation.
    pub columns: Vec<(Key, Spec)>,
    /// Indexes, in the order of creation; they can use the columns.
    pub indexes: Vec<(Key, IndexSpec)>,
}

/// Adds columns and indexes to a table that was created in the same transaction; all are available afterwards.
///
/// Fails with [`Error::Argument`] if a specification is invalid or a key is used twice, with [`IndexError::Invalid`] if
/// columns do not suit an index, and with the errors of limits. The error names the column or the index. The
/// transaction must then be rolled back.
pub fn add_schema(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    entry: &Entry,
    schema: NewSchema,
) -> Result<(Vec<Column>, Vec<Index>)> {
    let mut columns = Vec::with_capacity(schema.columns.len());
    for (key, spec) in schema.columns {
        let table = catalog.table_to_change(tx, &entry.database_id, &entry.id)?;
        columns.push(columns::create(tx, &table, &key, spec).map_err(invalid_column)?);
    }
    let mut indexes = Vec::with_capacity(schema.indexes.len());
    for (key, spec) in schema.indexes {
        let table = catalog.table_to_change(tx, &entry.database_id, &entry.id)?;
        indexes.push(indexes::create(tx, &table, &key, spec).map_err(|error| invalid_index(&key, error))?);
    }
    Ok((columns, indexes))
}

/// An error in a column's specification, as the error of a parameter. Its text names the column.
fn invalid_column(error: Error) -> Error {
    match &error {
        Error::Column(ColumnError::Limit(_)) => error,
        Error::Column(_) | Error::BadRequest(_) => {
            Error::Argument(format!("Invalid `<columns>` param: {}", error.template()))
        }
        _ => error,
    }
}

/// An error in an index's specification, with the index's key.
fn invalid_index(key: &Key, error: Error) -> Error {
    match &error {
        Error::Index(IndexError::Exists(_)) => {
            Error::Argument(format!("Invalid `indexes` param: {}", error.template()))
        }
        Error::Index(IndexError::Invalid(rule)) => {
            IndexError::Invalid(format!("index \"{}\": {rule}", verbatim(key))).into()
        }
        Error::Column(_) => IndexError::Invalid(format!("index \"{}\": {}", verbatim(key), error.template())).into(),
        _ => error,
    }
}
