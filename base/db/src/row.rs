//! Rows of either engine, read without an intermediate representation.

use std::fmt;

use crate::Error;
use crate::value::{FromValue, Ref};

/// A result row.
pub struct Row<'a>(pub(crate) &'a dyn Columns);

/// A row of one engine.
pub(crate) trait Columns {
    /// The raw value of a column; `index` starts at 0.
    fn value(&self, index: usize) -> Result<Ref<'_>, Error>;
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").finish_non_exhaustive()
    }
}

impl Row<'_> {
    /// Reads a column; `index` starts at 0.
    ///
    /// Fails with [`Error::Mismatch`] if the value has another type than `T`.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, Error> {
        let value = self.value(index)?;
        T::from_value(value).map_err(|mismatch| Error::Mismatch {
            column: index,
            reason: mismatch.0,
        })
    }

    /// The raw value of a column, borrowed from the row.
    pub fn value(&self, index: usize) -> Result<Ref<'_>, Error> {
        self.0.value(index)
    }

    /// Iterator-like access to the columns in order.
    pub fn cells(&self) -> Cells<'_> {
        Cells { row: self, next: 0 }
    }
}

/// Reads the columns of a row in their order.
#[derive(Debug)]
pub struct Cells<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl Cells<'_> {
    /// Reads the next column; fails like [`Row::get`].
    pub fn take<T: FromValue>(&mut self) -> Result<T, Error> {
        let index = self.next;
        self.next += 1;
        self.row.get(index)
    }
}

/// A type that can be read from a row.
pub trait FromRow: Sized {
    /// Reads it; fails with [`Error::Mismatch`] if a column has another type.
    fn from_row(row: &Row<'_>) -> Result<Self, Error>;
}

macro_rules! single {
    ($($type:ty),*) => { $(
        impl FromRow for $type {
            fn from_row(row: &Row<'_>) -> Result<Self, Error> {
                row.get(0)
            }
        }
    )* };
}

single!(i64, i32, f64, bool, String, kernel::Timestamp, serde_json::Value);

macro_rules! tuple {
    ($($name:ident),*) => {
        impl<$($name: FromValue),*> FromRow for ($($name,)*) {
            fn from_row(row: &Row<'_>) -> Result<Self, Error> {
                let mut cells = row.cells();
                Ok(($(cells.take::<$name>()?,)*))
            }
        }
    };
}

tuple!(A);
tuple!(A, B);
tuple!(A, B, C);
tuple!(A, B, C, D);
tuple!(A, B, C, D, E);
tuple!(A, B, C, D, E, F);
tuple!(A, B, C, D, E, F, G);
tuple!(A, B, C, D, E, F, G, H);
