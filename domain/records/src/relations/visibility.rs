//! References to rows that a caller may not read: to the caller they are null.

use std::collections::HashSet;
use std::sync::Arc;

use db::list::holds_any;
use db::sea_query::{Alias, CaseStatement, Expr, ExprTrait, Query, SelectStatement};
use db::{Dialect, Tx};
use kernel::permission::Action;
use serde_json::Value as Json;

use super::links::{self, Lock};
use crate::columns::{Column, Relationship, Status};
use crate::physical::{ID, OWN, PERMISSIONS, iden};
use crate::rows::Record;
use crate::{Access, Result, Table};

/// Alias of the related table in the condition of a mask.
const TARGET: &str = "target";

/// Whether the caller may read some rows of a table: it is enabled, and grants reading or has row security.
pub(crate) fn may_read_some(access: &Access, table: &Table) -> bool {
    let granted = access.granted(&table.permissions, Action::Read) || table.row_security;
    granted && (table.enabled || access.client().is_none())
}

/// Whether the caller may read every row of a table.
pub(crate) fn may_read_all(access: &Access, table: &Table) -> bool {
    access.client().is_none() || (table.enabled && access.granted(&table.permissions, Action::Read))
}

/// A table as a caller sees it. References that can lead to unreadable rows are null where they do.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    table: &'a Table,
    access: &'a Access,
    /// References that must be checked row by row: name of the column, and the related table.
    masked: Vec<(String, Arc<Table>)>,
}

impl<'a> Source<'a> {
    pub(crate) fn of(tx: &mut Tx<'_>, table: &'a Table, access: &'a Access) -> Result<Self> {
        let mut masked = Vec::new();
        for (_, column, related) in references(tx, table, access)? {
            masked.push((column.name(), related));
        }
        Ok(Self { table, access, masked })
    }

    /// Does not mask a column: the caller sees the rows that it refers to already.
    pub(crate) fn without(mut self, column: &str) -> Self {
        self.masked.retain(|(masked, _)| masked != column);
        self
    }

    /// Whether every reference is shown as stored.
    pub(crate) fn is_plain(&self) -> bool {
        self.masked.is_empty()
    }

    /// Adds the table to a query, under its own name.
    pub(crate) fn add_to(&self, dialect: Dialect, select: &mut SelectStatement) {
        let name = &self.table.names.table;
        if self.is_plain() {
            select.from(iden(name));
            return;
        }
        let mut rows = Query::select();
        rows.columns(OWN.map(iden)).from(iden(name));
        let mut known = HashSet::new();
        let hidden = self.table.relationships().filter(|(column, relationship)| {
            column.status == Status::Available && column.is_hidden() && relationship.is_stored()
        });
        let hidden = hidden.map(|(column, _)| column.name());
        for column in self.table.stored().map(Column::name).chain(hidden) {
            if !known.insert(column.clone()) {
                continue;
            }
            match self.masked.iter().find(|(masked, _)| *masked == column) {
                None => rows.column(iden(&column)),
                Some((_, related)) => rows.expr_as(self.mask(dialect, &column, related), iden(&column)),
            };
        }
        select.from_subquery(rows, iden(name));
    }

    /// A reference, or null if the caller may not read the row.
    fn mask(&self, dialect: Dialect, column: &str, related: &Table) -> Expr {
        let (Some(client), true) = (self.access.client(), may_read_some(self.access, related)) else {
            return Expr::cust("CAST(NULL AS text)");
        };
        let reference = || Expr::col((iden(&self.table.names.table), iden(column)));
        let of_target = |name| Expr::col((Alias::new(TARGET), iden(name)));
        let readable = Query::select()
            .expr(Expr::cust("1"))
            .from_as(iden(&related.names.table), Alias::new(TARGET))
            .and_where(of_target(ID).eq(reference()))
            .and_where(holds_any(dialect, of_target(PERMISSIONS), client.roles.reads()))
            .take();
        CaseStatement::new().case(Expr::exists(readable), reference()).into()
    }
}

/// The stored, visible references of a table that can lead to rows which the caller may not read, with their positions
/// among the stored columns.
fn references<'t>(tx: &mut Tx<'_>, table: &'t Table, access: &Access) -> Result<Vec<(usize, &'t Column, Arc<Table>)>> {
    if access.client().is_none() {
        return Ok(Vec::new());
    }
    let mut references = Vec::new();
    for (position, column) in table.stored().enumerate() {
        let Some(relationship) = column.spec.kind.relationship() else {
            continue;
        };
        if column.status != Status::Available {
            continue;
        }
        let related = table.related(tx, relationship)?;
        if !may_read_all(access, &related) {
            references.push((position, column, related));
        }
    }
    Ok(references)
}

/// Positions of the stored columns of a row that refer to rows which the caller may not read.
pub(crate) fn hidden(tx: &mut Tx<'_>, table: &Table, access: &Access, record: &Record) -> Result<Vec<usize>> {
    let mut hidden = Vec::new();
    for (position, _, related) in references(tx, table, access)? {
        let Some(id) = record.values[position].as_str() else {
            continue;
        };
        let known = if may_read_some(access, &related) {
            links::known(tx, &related, &[id], Lock::None)?
        } else {
            Vec::new()
        };
        let readable = known
            .iter()
            .any(|row| access.granted_on(&related, &row.permissions, Action::Read));
        if !readable {
            hidden.push(position);
        }
    }
    Ok(hidden)
}

/// The row as the caller sees it.
pub(crate) fn seen_by(tx: &mut Tx<'_>, table: &Table, access: &Access, record: &Record) -> Result<Record> {
    let mut seen = record.clone();
    for position in hidden(tx, table, access, record)? {
        seen.values[position] = Json::Null;
    }
    Ok(seen)
}

/// Keys of relationships whose IDs a row shows although other rows store them: those of the child of a two-way
/// one-to-one relationship.
pub(crate) fn shown_from_afar(table: &Table) -> impl Iterator<Item = &str> {
    table
        .relationships()
        .filter(|(column, relationship)| {
            column.status == Status::Available && !column.is_hidden() && is_shown_from_afar(relationship)
        })
        .map(|(column, _)| column.key.as_str())
}

fn is_shown_from_afar(relationship: &Relationship) -> bool {
    !relationship.is_stored() && !relationship.is_paired() && !relationship.is_many()
}

/// The names of a selection for which rows of other tables must be read: of all columns, if the table has relationships
/// of [`shown_from_afar`].
pub(crate) fn selection_from_afar(table: &Table, select: Option<&[String]>) -> Option<Vec<String>> {
    shown_from_afar(table).next()?;
    match select {
        None => Some(vec!["*".to_owned()]),
        Some(names) => names.iter().any(|name| name == "*").then(|| names.to_vec()),
    }
}
