//! The schema of a table: its entry in the catalog with its columns and indexes.

use std::collections::HashMap;

use kernel::permission::{Action, Permissions};

use crate::columns::{Column, Relationship, Spec, Status};
use crate::databases::entry::Database;
use crate::indexes::{self, Index};
use crate::physical::{self, Names};
use crate::sealed::Sealer;
use crate::tables::entry::Entry;
use crate::{ColumnError, DatabaseId, IndexError, Key, Result, TableId};

/// A table with its columns and indexes.
#[derive(Debug)]
pub struct Schema {
    /// Its ID.
    pub id: TableId,
    /// ID of its database.
    pub database: DatabaseId,
    /// Whether clients can find the database.
    pub database_enabled: bool,
    /// Whether clients can find the table.
    pub enabled: bool,
    /// Whether rows have their own permissions.
    pub row_security: bool,
    /// Table permissions: for creating, and for reading, updating and deleting all rows.
    pub permissions: Permissions,
    /// All columns, in the order of creation.
    pub columns: Vec<Column>,
    /// All indexes, in the order of creation.
    pub indexes: Vec<Index>,
    /// Its names in SQL.
    pub names: Names,
    pub(crate) version: i64,
    /// Indexes in `columns` of the stored columns, in the order in which rows are read and written.
    pub(crate) stored: Vec<usize>,
    /// Encrypts and decrypts the values of encrypted columns.
    pub(crate) sealer: Sealer,
    by_key: HashMap<Key, usize>,
}

impl Schema {
    pub(crate) fn of(
        database: Database,
        entry: Entry,
        columns: Vec<Column>,
        indexes: Vec<Index>,
        sealer: Sealer,
    ) -> Self {
        let names = entry.physical();
        Self {
            database: database.id,
            database_enabled: database.enabled,
            enabled: entry.enabled,
            row_security: entry.row_security,
            permissions: Permissions::parse(&entry.permissions.0, Action::ALL).unwrap_or_default(),
            by_key: columns
                .iter()
                .enumerate()
                .map(|(index, column)| (column.key.clone(), index))
                .collect(),
            id: entry.id,
            version: entry.version,
            stored: (0..columns.len()).filter(|index| columns[*index].is_stored()).collect(),
            columns,
            indexes,
            names,
            sealer,
        }
    }

    /// The column with a key, in any status.
    pub fn column(&self, key: &str) -> Option<&Column> {
        self.by_key.get(key).map(|index| &self.columns[*index])
    }

    /// Its relationships with their columns, including hidden ones.
    pub fn relationships(&self) -> impl Iterator<Item = (&Column, &Relationship)> {
        self.columns
            .iter()
            .filter_map(|column| Some((column, column.spec.kind.relationship()?)))
    }

    /// Whether it has visible relationship columns: bulk acts refuse such tables.
    pub fn has_relationships(&self) -> bool {
        let seen = |column: &Column| column.status == Status::Available && !column.is_hidden();
        self.relationships().any(|(column, _)| seen(column))
    }

    /// The visible column with a key, in any status.
    ///
    /// Fails with [`ColumnError::NotFound`].
    pub fn find_column(&self, key: &Key) -> Result<&Column> {
        let column = self.by_key.get(key).map(|index| &self.columns[*index]);
        let seen = column.filter(|column| !column.is_hidden());
        seen.ok_or_else(|| ColumnError::NotFound(key.to_string()).into())
    }

    /// The index with a key, in any status.
    ///
    /// Fails with [`IndexError::NotFound`].
    pub fn find_index(&self, key: &Key) -> Result<&Index> {
        let found = self.indexes.iter().find(|index| index.key == *key);
        found.ok_or_else(|| IndexError::NotFound(key.to_string()).into())
    }

    /// Specifications of the columns.
    pub(crate) fn specs(&self) -> impl Iterator<Item = &Spec> + Clone {
        self.columns.iter().map(|column| &column.spec)
    }

    /// The stored columns, in the order in which they are read and written.
    pub fn stored(&self) -> impl ExactSizeIterator<Item = &Column> {
        self.stored.iter().map(|index| &self.columns[*index])
    }

    /// The SQL column of an attribute in queries and indexes.
    ///
    /// Fails with [`ColumnError::Unknown`].
    pub(crate) fn column_name(&self, key: &str) -> Result<String> {
        Ok(match key {
            "$id" => physical::ID.to_owned(),
            "$sequence" => physical::SEQ.to_owned(),
            "$createdAt" => physical::CREATED_AT.to_owned(),
            "$updatedAt" => physical::UPDATED_AT.to_owned(),
            key => self
                .column(key)
                .ok_or_else(|| ColumnError::Unknown(key.to_owned()))?
                .name(),
        })
    }

    /// Whether an index uses derived values instead of an SQL index.
    pub(crate) fn is_derived(&self, index: &Index) -> bool {
        let columns: Vec<&Column> = index.spec.columns.iter().filter_map(|key| self.column(key)).collect();
        indexes::is_derived(index.spec.kind, &columns)
    }
}
