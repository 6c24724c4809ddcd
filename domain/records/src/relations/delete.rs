//! Deletion of rows with relationships: restricts it, cascades it, or removes the links.

use std::collections::HashSet;
use std::sync::Arc;

use db::Tx;
use db::sea_query::{Expr, ExprTrait, LockType, Order, Query};
use kernel::permission::Action;

use super::links::CHUNK;
use super::{Link, links};
use crate::columns::{Column, OnDelete, RelationKind, Relationship, Side, Status};
use crate::physical::{ID, OWN, SEQ, iden};
use crate::rows::{self, Record};
use crate::{Access, AccessError, Error, Result, RowError, Table};

/// Maximum number of rows deleted by one cascade.
const MAX_CASCADE: usize = 10_000;

/// Rows of one table that are to be deleted.
struct Group {
    table: Arc<Table>,
    records: Vec<Record>,
}

/// Rows reached by a cascading deletion: level by level, each row once, so cycles end.
#[derive(Default)]
struct Cascade {
    /// Visited rows, by table and row number.
    visited: HashSet<(i64, i64)>,
    /// Rows that restrict the deletion unless they are deleted too, by table and row number.
    restricting: Vec<(i64, i64)>,
}

/// Before a row is deleted: deletes the rows of the cascade, and unlinks all remaining rows.
///
/// Fails with [`RowError::DeleteRestricted`] if a related row restricts it, and with [`AccessError::Unauthorized`] if
/// the caller may not delete a row of the cascade.
pub(crate) fn before_delete(tx: &mut Tx<'_>, table: &Table, access: &Access, record: &Record) -> Result<()> {
    if table.relationships().next().is_none() {
        return Ok(());
    }
    let mut cascade = Cascade::default();
    cascade.visited.insert((table.names.seq, record.seq));
    let mut all: Vec<Group> = Vec::new();
    let mut level = cascade.next_level(tx, table, std::slice::from_ref(record))?;
    while !level.is_empty() {
        let mut next = Vec::new();
        for group in &level {
            permit(access, group)?;
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

fn permit(access: &Access, group: &Group) -> Result<()> {
    let may = |record: &Record| access.granted_on(&group.table, &record.permissions, Action::Delete);
    if group.records.iter().all(may) {
        Ok(())
    } else {
        Err(AccessError::Unauthorized.into())
    }
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

impl Cascade {
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
                for seq in numbers(tx, &related, which)? {
                    self.restricting.push((related.names.seq, seq));
                }
                continue;
            }
            let mut found = find_all(tx, &related, which)?;
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

/// The numbers of the rows that match any of the conditions; at most one more than a cascade can delete.
fn numbers(tx: &mut Tx<'_>, related: &Table, which: Vec<Expr>) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    for which in which {
        let select = Query::select()
            .column(iden(SEQ))
            .from(iden(&related.names.table))
            .and_where(which)
            .limit(MAX_CASCADE as u64 + 1)
            .take();
        found.extend(tx.all::<i64>(&select)?);
        if found.len() > MAX_CASCADE {
            break;
        }
    }
    Ok(found)
}

/// As [`numbers`], but the complete rows, locked until the transaction ends.
fn find_all(tx: &mut Tx<'_>, related: &Table, which: Vec<Expr>) -> Result<Vec<Record>> {
    let mut found = Vec::new();
    for which in which {
        let select = Query::select()
            .columns(OWN.iter().map(|name| iden(name)))
            .columns(related.stored().map(|column| iden(&column.name())))
            .from(iden(&related.names.table))
            .and_where(which)
            .order_by(iden(SEQ), Order::Asc)
            .limit(MAX_CASCADE as u64 + 1)
            .lock(LockType::Update)
            .take();
        tx.each(&select, |row| {
            found.push(Record::read(related, row)?);
            Ok(())
        })?;
        if found.len() > MAX_CASCADE {
            break;
        }
    }
    Ok(found)
}
