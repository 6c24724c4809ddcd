//! Conditions for the rows that a caller may read.
//!
//! A row contains its permissions, and a side table lists the readable rows by role. If a caller can read most rows,
//! checking permissions is faster, as the rows come in the order of the list and a page fills soon; if a caller can
//! read few, the side table is faster, as it finds them directly. The choice is made by a periodic count: a wrong
//! choice costs time, but the rows are the same.

use std::hash::BuildHasher;

use db::list::holds_any;
use db::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use db::{Dialect, Tx, Value};
use kernel::permission::{Action, Roles};

use crate::physical::{self, iden};
use crate::{Access, AccessError, Result, Table};

/// How long a count stays valid, in milliseconds.
const GOOD_FOR: i64 = 10_000;
/// Number of rows on a typical page.
const PAGE: i64 = 25;
/// Maximum number of readable rows that are counted.
const MAX_COUNTED: i64 = 5000;

/// The rows visible to a caller.
#[derive(Debug, Clone)]
pub(crate) enum Visible<'a> {
    /// All rows.
    All,
    /// Rows whose permissions name one of the roles; many.
    Dense(&'a Roles),
    /// The same rows; few.
    Sparse(&'a Roles),
}

impl<'a> Visible<'a> {
    /// The rows of a table that are visible to a caller.
    ///
    /// Fails with [`AccessError::Unauthorized`] if the table does not grant reading and has no row security.
    pub(crate) fn of(tx: &mut Tx<'_>, table: &Table, access: &'a Access) -> Result<Self> {
        let Some(client) = access
            .client()
            .filter(|_| !access.granted(&table.permissions, Action::Read))
        else {
            return Ok(Self::All);
        };
        if !table.row_security {
            return Err(AccessError::Unauthorized.into());
        }
        let roles = &*client.roles;
        Ok(if is_sparse(tx, table, roles)? {
            Self::Sparse(roles)
        } else {
            Self::Dense(roles)
        })
    }

    /// Adds the condition to a query.
    pub(crate) fn limit(&self, dialect: Dialect, table: &Table, select: &mut SelectStatement) {
        match self {
            Self::All => {}
            Self::Dense(roles) => {
                let permissions = Expr::col(iden(physical::PERMISSIONS));
                select.and_where(holds_any(dialect, permissions, roles.reads()));
            }
            Self::Sparse(roles) => {
                let mut readable = Query::select();
                readable.column(iden("seq")).from(iden(&table.names.readers));
                readable.and_where(is_role(dialect, roles));
                select.and_where(Expr::col(iden(physical::SEQ)).in_subquery(readable));
            }
        }
    }

    /// Adds the parameters of the condition.
    pub(super) fn values(&self, into: &mut Vec<Value>) {
        match self {
            Self::All => {}
            Self::Dense(roles) => into.push(roles.reads().into()),
            Self::Sparse(roles) => into.push(roles.json().into()),
        }
    }

    /// Part of the key of a prepared statement.
    pub(super) fn shape(&self) -> u8 {
        match self {
            Self::All => 0,
            Self::Dense(_) => 1,
            Self::Sparse(_) => 2,
        }
    }
}

/// The condition that an entry of the side table has one of these roles.
fn is_role(dialect: Dialect, roles: &Roles) -> Expr {
    let (role, list) = (Expr::col(iden("role")), Expr::value(roles.json()));
    match dialect {
        Dialect::Sqlite => Expr::cust_with_exprs("? IN (SELECT value FROM json_each(?))", [role, list]),
        Dialect::Postgres => Expr::cust_with_exprs(
            "$1 = ANY(ARRAY(SELECT jsonb_array_elements_text(CAST($2 AS jsonb))))",
            [role, list],
        ),
    }
}

fn is_sparse(tx: &mut Tx<'_>, table: &Table, roles: &Roles) -> Result<bool> {
    let densities = &table.cache.densities;
    let key = densities.hasher.hash_one(roles.json());
    let now = tx.now().millis();
    if let Some((sparse, counted)) = densities
        .known
        .get(&key)
        .filter(|(_, counted)| now - counted < GOOD_FOR)
    {
        let _ = counted;
        return Ok(sparse);
    }
    let mut last = Query::select();
    last.expr(Func::max(Expr::col(iden(physical::SEQ))))
        .from(iden(&table.names.table));
    let rows = tx.one::<Optional>(&last)?.0.unwrap_or(0);
    // Break-even point. Reading rows by number costs as much as there are readable rows; reading in order costs as much
    // as there are rows between two readable ones, times the page's size.
    let even = rows.saturating_mul(PAGE).isqrt().clamp(1, MAX_COUNTED);
    let mut entries = Query::select();
    entries
        .expr_as(Expr::cust("1"), iden("_one"))
        .from(iden(&table.names.readers));
    entries
        .and_where(is_role(tx.dialect(), roles))
        .limit(even.unsigned_abs());
    let count = Query::select()
        .expr(Func::count(Expr::col(iden("_one"))))
        .from_subquery(entries, iden("_counted"))
        .take();
    let sparse = tx.one::<i64>(&count)? < even;
    densities.known.insert(key, (sparse, now));
    Ok(sparse)
}

/// A nullable number.
struct Optional(Option<i64>);

impl db::FromRow for Optional {
    fn from_row(row: &db::Row<'_>) -> std::result::Result<Self, db::Error> {
        row.get(0).map(Self)
    }
}
