//! Deletion of rows with relationships: restricts it, cascades it, or removes the links.

use std::collections::HashSet;
use std::sync::Arc;

use db::Tx;
use db::sea_query::{Expr, ExprTrait, LockType, Order, Query};
use kernel::permission::{Action, Permissions};

use super::links::CHUNK;
use super::{Link, links};
use crate::columns::{Column, OnDelete, RelationKind, Relationship, Side, Status};
use crate::physical::{ID, OWN, PERMISSIONS, SEQ, iden};
use crate::rows::{self, Record};
use crate::{Access, Error, Result, RowError, Table};

/// Maximum number of rows deleted by one cascade.
const MAX_CASCADE: usize = 10_000;

/// Rows of one table that are to be deleted.
struct Group {
    table: Arc<Table>,
    records: Vec<Record>,
}

/// Rows reached by a cascading deletion: level by level, each row once, so cycles end.
///
/// A row that the caller may neither update nor delete has no say, and one that they may not delete is not deleted: a
/// stranger who links a row of theirs to somebody's row must not keep it from being deleted. Their row is unlinked.
struct Cascade<'a> {
    access: &'a Access,
    /// Visited rows, by table and row number.
    visited: HashSet<(i64, i64)>,
    /// Rows that restrict the deletion unless they are deleted too, by table and row number.
    restricting: Vec<(i64, i64)>,
}

/// Before a row is deleted: deletes the rows of the cascade, and unlinks all remaining rows.
///
/// Fails with [`RowError::DeleteRestricted`] if a related row restricts it.
pub(crate) fn before_delete(tx: &mut Tx<'_>, table: &Table, access: &Access, record: &Record) -> Result<()> {
    if table.relationships().next().is_none() {
        return Ok(());
    }
    let mut cascade = Cascade {
        access,
        visited: HashSet::from([(table.names.seq, record.seq)]),
        restricting: Vec::new(),
    };
    let mut all: Vec<Group> = Vec::new();
    let mut level = cascade.next_level(tx, table, std::slice::from_ref(record))?;
    while !level.is_empty() {
        let mut next = Vec::new();
        for group in &level {
            next.extend(cascade.next_level(tx, &group.table, &group.records)?);
        }
        all.append(&mut level);
        level = next;
    }
    if cascade.restricting.iter().any(|row| !cascade.visited.contains(row)) {
        return Err(RowError::DeleteRestricted.into());
    }
    unlink(tx, table, &[record.id.as_str()])?;
    for group in &all {
        let ids: Vec<&str> = group.records.iter().map(|record| record.id.as_str()).collect();
        unlink(tx, &group.table, &ids)?;
    }
    for group in &all {
        for record in &group.records {
            rows::remove(tx, &group.table, record)?;
        }
    }
    Ok(())
}

/// Unlinks rows from all rows that refer to them.
fn unlink(tx: &mut Tx<'_>, table: &Table, ids: &[&str]) -> Result<()> {
    for (column, relationship) in table
        .relationships()
        .filter(|(column, _)| column.status == Status::Available)
    {
        let related = table.related(tx, relationship)?;
        links::part_all(tx, &related, &Link::of(column, relationship), ids)?;
    }
    Ok(())
}

impl Cascade<'_> {
    /// The rows that are deleted with these and were not visited before; notes restricting rows.
    fn next_level(&mut self, tx: &mut Tx<'_>, table: &Table, records: &[Record]) -> Result<Vec<Group>> {
        let mut groups = Vec::new();
        for (column, relationship) in table
            .relationships()
            .filter(|(column, _)| column.status == Status::Available)
        {
            let cascades = relationship.on_delete == OnDelete::Cascade && is_cascading(relationship);
            let forbids = relationship.on_delete == OnDelete::Restrict && is_owner_side(relationship);
            if !cascades && !forbids {
                continue;
            }
            let related = table.related(tx, relationship)?;
            let which = related_to(table, column, relationship, records);
            if forbids {
                for seq in self.numbers(tx, &related, which)? {
                    self.restricting.push((related.names.seq, seq));
                }
                continue;
            }
            let mut found = self.find_all(tx, &related, which)?;
            found.retain(|record| self.visited.insert((related.names.seq, record.seq)));
            if self.visited.len() > MAX_CASCADE {
                return Err(Error::BadRequest(format!(
                    "The deletion of this <row> would delete more than {MAX_CASCADE} related <rows>"
                )));
            }
            if !found.is_empty() {
                groups.push(Group {
                    table: related,
                    records: found,
                });
            }
        }
        Ok(groups)
    }

    /// The numbers of the rows that match any of the conditions and that the caller may unlink or delete; at most one
    /// more than a cascade can delete.
    fn numbers(&self, tx: &mut Tx<'_>, related: &Table, which: Vec<Expr>) -> Result<Vec<i64>> {
        let may = |permissions: &Permissions| {
            let granted = |action| self.access.granted_on(related, permissions, action);
            granted(Action::Update) || granted(Action::Delete)
        };
        let mut found = Vec::new();
        for which in which {
            let mut select = Query::select()
                .columns([SEQ, PERMISSIONS].map(iden))
                .from(iden(&related.names.table))
                .and_where(which)
                .take();
            if may(&Permissions::default()) {
                select.limit(MAX_CASCADE as u64 + 1);
            }
            tx.each(&select, |row| {
                if found.len() <= MAX_CASCADE && may(&Permissions::trusted(&row.get::<String>(1)?)) {
                    found.push(row.get(0)?);
                }
                Ok(())
            })?;
            if found.len() > MAX_CASCADE {
                break;
            }
        }
        Ok(found)
    }

    /// The rows that match any of the conditions and that the caller may delete, locked until the transaction ends; at
    /// most one more than a cascade can delete.
    fn find_all(&self, tx: &mut Tx<'_>, related: &Table, which: Vec<Expr>) -> Result<Vec<Record>> {
        let may = |permissions: &Permissions| self.access.granted_on(related, permissions, Action::Delete);
        let mut found = Vec::new();
        for which in which {
            let mut select = Query::select()
                .columns(OWN.iter().map(|name| iden(name)))
                .columns(related.stored().map(|column| iden(&column.name())))
                .from(iden(&related.names.table))
                .and_where(which)
                .order_by(iden(SEQ), Order::Asc)
                .lock(LockType::Update)
                .take();
            if may(&Permissions::default()) {
                select.limit(MAX_CASCADE as u64 + 1);
            }
            tx.each(&select, |row| {
                if found.len() <= MAX_CASCADE {
                    found.extend(Some(Record::read(related, row)?).filter(|record| may(&record.permissions)));
                }
                Ok(())
            })?;
            if found.len() > MAX_CASCADE {
                break;
            }
        }
        Ok(found)
    }
}

/// Whether this side owns the rows of the other: the side with many related rows, or of equal sides the parent.
fn is_owner_side(relationship: &Relationship) -> bool {
    (relationship.side == Side::Parent) != (relationship.relation == RelationKind::ManyToOne)
}

/// Whether rows of the other side are deleted with those of this one. In a two-way one-to-one relationship both are.
fn is_cascading(relationship: &Relationship) -> bool {
    is_owner_side(relationship) || (relationship.relation == RelationKind::OneToOne && relationship.two_way)
}

/// The conditions that a row is related to one of these; each condition covers a part of them.
fn related_to(table: &Table, column: &Column, relationship: &Relationship, records: &[Record]) -> Vec<Expr> {
    let link = Link::of(column, relationship);
    let ids: Vec<&str> = match &link {
        Link::Here { .. } => records
            .iter()
            .filter_map(|record| record.value(table, column.key.as_str())?.as_str())
            .collect(),
        _ => records.iter().map(|record| record.id.as_str()).collect(),
    };
    ids.chunks(CHUNK).map(|some| related_to_any(&link, some)).collect()
}

fn related_to_any(link: &Link, ids: &[&str]) -> Expr {
    let ids = ids.iter().copied();
    match link {
        Link::Here { .. } => Expr::col(iden(ID)).is_in(ids),
        Link::There { column } => Expr::col(iden(column)).is_in(ids),
        Link::Between { table, ours, theirs } => Expr::col(iden(ID)).in_subquery(
            Query::select()
                .column(iden(theirs))
                .from(iden(table))
                .and_where(Expr::col(iden(ours)).is_in(ids))
                .take(),
        ),
    }
}
