//! What is asked of a table's rows: which of them, in what order, and what of each.
//!
//! The language is `kernel::query`, its translation to SQL `db::list`. Here is what a user's table adds: its columns as
//! attributes ([`TableCache`]), who may see which rows ([`visible`]), what a column alone cannot answer ([`derived_conditions`]: words,
//! shapes, elements of lists by their index, related rows), and which columns a reply has ([`projection`]).
//!
//! Strings compare by code point (`equal`, comparisons, order); `startsWith`, `endsWith` and `contains` take no notice of
//! the case of ASCII letters; `search` folds case and accents. A row without a value passes no comparison, the negated
//! ones included; only `isNull` finds it. (Appwrite on MariaDB compares without case and accents everywhere.)

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
    /// The words of the reply.
    pub vocabulary: Vocabulary,
}
