//! Queries of a table's rows: filters, order and selected fields.
//!
//! The language is in `kernel::query`, its translation to SQL in `db::list`. This module adds the parts for users'
//! tables: columns as attributes ([`TableCache`]), access to rows ([`visible`]), conditions that need more than a
//! column ([`derived_conditions`]: words, shapes, elements of indexed lists, related rows), and the selected columns of
//! a reply ([`projection`]).
//!
//! Texts are compared by code point (`equal`, comparisons, order); `startsWith`, `endsWith` and `contains` ignore the
//! case of ASCII letters; `search` folds case and accents. A null value matches no comparison, negated ones included;
//! only `isNull` matches it. (Appwrite on MariaDB compares without case and accents everywhere.)

mod cache;
mod densities;
mod derived_conditions;
mod found;
mod projection;
mod quick;
mod related;
mod rows;
mod shapes;
mod visible;

use crate::{Access, Catalog, Table, Vocabulary};

pub(crate) use cache::TableCache;
pub(crate) use derived_conditions::DerivedConditions;
pub(crate) use projection::Projection;
pub use quick::is_quick;
pub(crate) use rows::{Rows, WriterRef};
pub(crate) use visible::Visible;

/// Context of every read: the table, the caller and the vocabulary.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The tables of the project.
    pub catalog: &'a Catalog,
    /// The table.
    pub table: &'a Table,
    /// Permissions of the caller.
    pub access: &'a Access,
    /// Vocabulary of the reply.
    pub vocabulary: Vocabulary,
}
