//! Changing rows: read with a row lock, written back column by column.
//!
//! At READ COMMITTED, two acts that read a row, change one column each and write every column back undo each other.
//! Therefore a row is changed through [`Locked`] only: it is read `FOR NO KEY UPDATE`, which makes a second act wait
//! and read what the first one wrote, and [`Tx::save`] writes only the columns that differ. There is no other way to
//! write back a row of [`table!`](crate::table!).
//!
//! Locks are taken in the order that ARCHITECTURE.md gives ("Lock order"); if two acts still take locks in a different
//! order, PostgreSQL aborts one with a deadlock error, which becomes [`Error::Conflict`] and is retried.

use std::ops::{Deref, DerefMut};

use sea_query::{Expr, ExprTrait, Iden, InsertStatement, LockType, Query, SelectStatement};

use crate::{Error, FromRow, Tx, Value};

/// A struct that [`table!`](crate::table!) declares: one row of a table whose first column is its key.
pub trait Entity: FromRow {
    /// The identifiers of the table and its columns.
    type Iden: Iden + Copy + PartialEq + 'static;

    /// The table.
    const TABLE: Self::Iden;
    /// Its columns, in the order of the fields; the first is the key.
    const ALL_COLUMNS: &'static [Self::Iden];

    /// Every value, in the order of the columns.
    fn to_values(&self) -> Vec<Value>;

    /// Inserts the row.
    fn to_insert(&self) -> InsertStatement;
}

/// A row locked until this act ends, and its values as stored in the database.
#[derive(Debug, Clone)]
#[must_use = "a change of it is lost unless it is saved"]
pub struct Locked<T> {
    row: T,
    stored: Vec<Value>,
}

impl<T: Entity> Locked<T> {
    fn new(row: T) -> Self {
        let stored = row.to_values();
        Self { row, stored }
    }

    /// The row, if it is not changed any more.
    pub fn into_inner(self) -> T {
        self.row
    }

    /// The columns whose values differ from the stored ones, with the new values.
    fn changes(&self, values: &[Value]) -> Vec<(T::Iden, Expr)> {
        let columns = T::ALL_COLUMNS.iter().zip(values).zip(&self.stored);
        columns
            .filter(|((_, now), stored)| now != stored)
            .map(|((column, now), _)| (*column, Expr::from(now.clone())))
            .collect()
    }
}

impl<T> Deref for Locked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.row
    }
}

impl<T> DerefMut for Locked<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.row
    }
}

impl Tx<'_> {
    /// The first row of a query, locked until the act ends. Waits for an act that has locked the row; the query's
    /// conditions are then evaluated on the row's new version.
    ///
    /// # Errors
    /// [`Error::Conflict`] on a deadlock.
    pub fn lock_row<T: Entity>(&mut self, query: &SelectStatement) -> Result<Option<Locked<T>>, Error> {
        let mut query = query.clone();
        // Not FOR UPDATE: rows that reference this one can still be inserted meanwhile.
        query.lock(LockType::NoKeyUpdate);
        Ok(self.optional(&query)?.map(Locked::new))
    }

    /// Inserts a row. It is not visible to other acts before this act commits, so it may be changed further.
    ///
    /// # Errors
    /// [`Error::Unique`] if a unique index already contains it.
    pub fn insert_row<T: Entity>(&mut self, row: T) -> Result<Locked<T>, Error> {
        self.execute(&row.to_insert())?;
        Ok(Locked::new(row))
    }

    /// Writes the changed columns only. Returns whether there were any.
    ///
    /// # Errors
    /// [`Error::Unique`] if a unique index already contains such a row, [`Error::NoRow`] if this act deleted it.
    pub fn save<T: Entity>(&mut self, row: &mut Locked<T>) -> Result<bool, Error> {
        let values = row.row.to_values();
        let changes = row.changes(&values);
        let (Some(key), Some(id)) = (T::ALL_COLUMNS.first(), row.stored.first()) else {
            return Ok(false);
        };
        if changes.is_empty() {
            return Ok(false);
        }
        let update = Query::update()
            .table(T::TABLE)
            .values(changes)
            .and_where(Expr::col(*key).eq(id.clone()))
            .take();
        if self.execute(&update)? == 0 {
            return Err(Error::NoRow);
        }
        row.stored = values;
        Ok(true)
    }
}
