//! Projection: the fields of rows selected by `select`.

use kernel::query::{Error as QueryError, Queries, Rule};

use crate::{Result, Table};

/// The stored columns in a reply, by position; all if nothing is selected. Internal fields (`$id`, `$permissions`, …)
/// are always included, as the types of clients require.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Projection {
    /// None for all columns.
    pub(crate) positions: Option<Box<[u16]>>,
    /// Selections of related rows, as written: `author.name`, `author.*`.
    pub(crate) related: Vec<String>,
}

impl Projection {
    /// Reads the selection of queries.
    ///
    /// Fails if the table has no such column.
    pub(crate) fn of(table: &Table, queries: &Queries) -> Result<Self> {
        let mut projection = Self {
            positions: None,
            related: Vec::new(),
        };
        let Some(names) = &queries.select else {
            return Ok(projection);
        };
        let mut positions = Vec::with_capacity(names.len());
        let mut all = false;
        for name in names {
            if name == "*" {
                all = true;
            } else if let Some(position) = table.stored().position(|column| column.key.as_str() == name) {
                positions.push(u16::try_from(position).unwrap_or(u16::MAX));
            } else if is_related(table, name) {
                projection.related.push(name.clone());
            } else if !is_own(name) {
                let rule = Rule::Broken(format!("Attribute not found in schema: {name}"));
                return Err(QueryError::of_request(rule).into());
            }
        }
        positions.sort_unstable();
        projection.positions = (!all).then(|| positions.into());
        Ok(projection)
    }
}

/// Whether a name is that of a relationship, or of an attribute of related rows.
pub(super) fn is_related(table: &Table, name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default();
    table
        .column(first)
        .is_some_and(|column| column.spec.kind.relationship().is_some())
}

/// Whether a name is an internal field of every row.
fn is_own(name: &str) -> bool {
    matches!(
        name,
        "$id"
            | "$sequence"
            | "$createdAt"
            | "$updatedAt"
            | "$permissions"
            | "$databaseId"
            | "$tableId"
            | "$collectionId"
    )
}
