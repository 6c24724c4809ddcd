//! Which rows someone may see, as conditions of SQL.
//!
//! Rows carry their permissions, and beside a table lies who may read which of them, by role. Where most rows can be read
//! the first is quicker (rows come in the order of the list, and a page is full soon), where few can be the second (they
//! are found without a look at the others). Which it is, is counted now and then: a wrong guess costs time, never rows.

use std::hash::BuildHasher;

use db::list::holds_any;
use db::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use db::{Dialect, Tx, Value};
use kernel::permission::{Action, Roles};

use crate::physical::{self, iden};
use crate::{Access, Error, Result, Table};

/// Time that a density stays valid, in milliseconds.
const GOOD_FOR: i64 = 10_000;
/// Rows of a usual page.
const PAGE: i64 = 25;
/// Readable rows that are counted at most.
const MAX_COUNTED: i64 = 5000;

/// Rows visible to a caller.
#[derive(Debug, Clone)]
pub(crate) enum Visible<'a> {
    /// All of them.
    All,
    /// Those whose permissions name a role of theirs; many.
    Dense(&'a Roles),
    /// The same; few.
    Sparse(&'a Roles),
}

impl<'a> Visible<'a> {
    /// What a caller may see of a table.
    ///
    /// Fails with [`Error::Unauthorized`] if rows have no permissions of their own, and the table grants them none.
    pub(crate) fn of(tx: &mut Tx<'_>, table: &Table, access: &'a Access) -> Result<Self> {
        let Some(client) = access
            .client()
            .filter(|_| !access.granted(&table.permissions, Action::Read))
        else {
            return Ok(Self::All);
        };
        if !table.row_security {
            return Err(Error::Unauthorized);
        }
        let roles = &*client.roles;
        Ok(if is_sparse(tx, table, roles)? {
            Self::Sparse(roles)
        } else {
            Self::Dense(roles)
        })
    }

    /// Adds the condition.
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

    /// The values that the condition names.
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

/// The condition that an entry of a table's readers is of one of these roles.
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
    // Reading few rows by number costs as much as each of them; reading in order, as much as lie between two of them.
    let even = rows.saturating_mul(PAGE).isqrt().clamp(1, MAX_COUNTED);
    let mut entries = Query::select();
    entries
        .expr_as(Expr::cust("1"), iden("one"))
        .from(iden(&table.names.readers));
    entries
        .and_where(is_role(tx.dialect(), roles))
        .limit(even.unsigned_abs());
    let count = Query::select()
        .expr(Func::count(Expr::col(iden("one"))))
        .from_subquery(entries, iden("counted"))
        .take();
    let sparse = tx.one::<i64>(&count)? < even;
    densities.known.insert(key, (sparse, now));
    Ok(sparse)
}

/// A number that may be absent.
struct Optional(Option<i64>);

impl db::FromRow for Optional {
    fn from_row(row: &db::Row<'_>) -> std::result::Result<Self, db::Error> {
        row.get(0).map(Self)
    }
}
