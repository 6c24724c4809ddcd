//! Queries for links between rows, and the statements that create and remove them.

use db::sea_query::{Alias, Expr, ExprTrait, LockType, OnConflict, Order, Query};
use db::{ToValue, Tx};
use kernel::permission::Permissions;

use super::Link;
use crate::physical::{ID, PERMISSIONS, SEQ, UPDATED_AT, iden};
use crate::{Error, Result, RowError, Table};

/// Maximum number of IDs in one statement.
pub(super) const CHUNK: usize = 500;

/// IDs of the rows linked to a row, if the links are not stored in the row itself; in the order in which the rows or
/// links were created.
pub(super) fn linked(tx: &mut Tx<'_>, related: &Table, link: &Link, id: &str) -> Result<Vec<String>> {
    let mut select = Query::select();
    match link {
        Link::Here { .. } => return Ok(Vec::new()),
        Link::There { column } => select
            .column(iden(ID))
            .from(iden(&related.names.table))
            .and_where(Expr::col(iden(column)).eq(id)),
        Link::Between { table, ours, theirs } => select
            .column(iden(theirs))
            .from(iden(table))
            .and_where(Expr::col(iden(ours)).eq(id)),
    };
    select.order_by(iden(SEQ), Order::Asc);
    Ok(tx.all(&select)?)
}

/// ID and permissions of a row.
pub(super) struct RowAccess {
    pub(super) id: String,
    pub(super) permissions: Permissions,
}

/// The existing rows among these IDs. They are locked until the transaction ends: against deletion, and with
/// `to_change` also against changes.
pub(super) fn known(tx: &mut Tx<'_>, related: &Table, ids: &[&str], to_change: bool) -> Result<Vec<RowAccess>> {
    let lock = if to_change {
        LockType::Update
    } else {
        LockType::KeyShare
    };
    let mut known = Vec::with_capacity(ids.len());
    for some in ids.chunks(CHUNK) {
        let select = Query::select()
            .columns([ID, PERMISSIONS].map(iden))
            .from(iden(&related.names.table))
            .and_where(Expr::col(iden(ID)).is_in(some.iter().copied()))
            // Always in the same order, so that two acts on the same rows cannot deadlock.
            .order_by(iden(ID), Order::Asc)
            .lock(lock)
            .take();
        tx.each(&select, |row| {
            known.push(RowAccess {
                id: row.get(0)?,
                permissions: Permissions::trusted(&row.get::<String>(1)?),
            });
            Ok(())
        })?;
    }
    Ok(known)
}

/// Whether a row of the other side refers to a row of this one.
pub(super) fn is_taken(tx: &mut Tx<'_>, related: &Table, link: &Link, other: &str) -> Result<bool> {
    let Link::There { column } = link else {
        return Ok(false);
    };
    let select = Query::select()
        .column(iden(ID))
        .from(iden(&related.names.table))
        .and_where(Expr::col(iden(ID)).eq(other))
        .and_where(Expr::col(iden(column)).is_not_null())
        .take();
    Ok(tx.optional::<String>(&select)?.is_some())
}

/// Links rows of the other side to a row of this one.
pub(super) fn link(tx: &mut Tx<'_>, related: &Table, link: &Link, id: &str, others: &[&str]) -> Result<()> {
    for some in others.chunks(CHUNK) {
        match link {
            Link::Here { .. } => {}
            Link::There { column } => point(
                tx,
                related,
                column,
                Some(id),
                Expr::col(iden(ID)).is_in(some.iter().copied()),
            )?,
            Link::Between { table, ours, theirs } => {
                let mut insert = Query::insert();
                insert.into_table(iden(table)).columns([*ours, *theirs].map(iden));
                for other in some {
                    insert.values_panic([id.into(), (*other).into()]);
                }
                // A concurrent act may have linked them already; that is no error.
                insert.on_conflict(
                    OnConflict::columns([*ours, *theirs].map(Alias::new))
                        .do_nothing()
                        .to_owned(),
                );
                tx.execute(&insert)?;
            }
        }
    }
    Ok(())
}

/// Unlinks rows of the other side from a row of this one.
pub(super) fn unlink(tx: &mut Tx<'_>, related: &Table, link: &Link, id: &str, others: &[&str]) -> Result<()> {
    for some in others.chunks(CHUNK) {
        let some = some.iter().copied();
        match link {
            Link::Here { .. } => {}
            Link::There { column } => {
                let of_ours = Expr::col(iden(column)).eq(id);
                point(tx, related, column, None, of_ours.and(Expr::col(iden(ID)).is_in(some)))?;
            }
            Link::Between { table, ours, theirs } => {
                let delete = Query::delete()
                    .from_table(iden(table))
                    .and_where(Expr::col(iden(ours)).eq(id))
                    .and_where(Expr::col(iden(theirs)).is_in(some))
                    .take();
                tx.execute(&delete)?;
            }
        }
    }
    Ok(())
}

/// Unlinks rows of this side from all others, if the links are not stored in the rows themselves.
pub(super) fn part_all(tx: &mut Tx<'_>, related: &Table, link: &Link, ids: &[&str]) -> Result<()> {
    for some in ids.chunks(CHUNK) {
        let some = some.iter().copied();
        match link {
            Link::Here { .. } => {}
            Link::There { column } => point(tx, related, column, None, Expr::col(iden(column)).is_in(some))?,
            Link::Between { table, ours, .. } => {
                let delete = Query::delete()
                    .from_table(iden(table))
                    .and_where(Expr::col(iden(ours)).is_in(some))
                    .take();
                tx.execute(&delete)?;
            }
        }
    }
    Ok(())
}

/// Sets the reference of rows, to a row or to null; this counts as a change of these rows.
fn point(tx: &mut Tx<'_>, table: &Table, column: &str, to: Option<&str>, which: Expr) -> Result<()> {
    let update = Query::update()
        .table(iden(&table.names.table))
        .value(iden(column), to.map(str::to_owned).to_value())
        .value(iden(UPDATED_AT), db::value(&tx.now()))
        .and_where(which)
        .take();
    tx.execute(&update).map_err(|error| match error {
        // In a one-to-one relationship another row is linked already.
        db::Error::Unique { .. } => Error::Row(RowError::Exists),
        error => error.into(),
    })?;
    Ok(())
}
