//! Grouping of aggregations, and serialization of group values.

use db::sea_query::{NullOrdering, Order, SelectStatement};
use db::{Dialect, Ref};

use crate::columns::Stored;
use crate::physical::{self, iden};
use crate::{Error, Result, Table, verbatim};

/// An attribute to group by.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) key: String,
    pub(super) column: String,
    pub(super) holds: Stored,
}

impl Group {
    /// Fails if there is no such attribute, or it cannot be grouped by.
    pub(super) fn of(table: &Table, key: &str) -> Result<Self> {
        let (column, holds) = attribute(table, "groupBy", key)?;
        Ok(Self {
            key: key.to_owned(),
            column,
            holds,
        })
    }

    pub(super) fn sort(&self, dialect: Dialect, select: &mut SelectStatement, descending: bool) {
        sort(
            dialect,
            select,
            db::sea_query::Expr::col(iden(&self.column)),
            descending,
        );
    }
}

/// Sorts by an expression, nulls first, and last in descending order.
pub(super) fn sort(
    dialect: Dialect,
    select: &mut SelectStatement,
    by: impl Into<db::sea_query::Expr>,
    descending: bool,
) {
    let (order, nulls) = if descending {
        (Order::Desc, NullOrdering::Last)
    } else {
        (Order::Asc, NullOrdering::First)
    };
    match dialect {
        Dialect::Sqlite => select.order_by_expr(by.into(), order),
        Dialect::Postgres => select.order_by_expr_with_nulls(by.into(), order, nulls),
    };
}

/// The SQL column and type of an attribute with comparable values.
pub(super) fn attribute(table: &Table, param: &str, key: &str) -> Result<(String, Stored)> {
    let own = match key {
        "$id" => Some((physical::ID, Stored::Text)),
        "$sequence" => Some((physical::SEQ, Stored::Integer)),
        "$createdAt" => Some((physical::CREATED_AT, Stored::Instant)),
        "$updatedAt" => Some((physical::UPDATED_AT, Stored::Instant)),
        _ => None,
    };
    if let Some((column, holds)) = own {
        return Ok((column.to_owned(), holds));
    }
    let refuse = |why: &str| {
        Err(Error::Argument(format!(
            "Invalid `{param}` param: {why}: {}",
            verbatim(key)
        )))
    };
    let Some(column) = table.stored().find(|column| column.key.as_str() == key) else {
        return refuse("Attribute not found in schema");
    };
    match column.spec.kind.stored() {
        _ if column.spec.encrypt => refuse("An encrypted attribute cannot be compared"),
        _ if column.spec.array => refuse("A list cannot be compared"),
        Stored::Shape => refuse("A shape cannot be compared"),
        holds => Ok((column.name(), holds)),
    }
}

impl Stored {
    /// Writes a value as JSON.
    pub(super) fn write(self, value: Ref<'_>, json: &mut Vec<u8>) {
        let value = match (self, value) {
            (Self::Boolean, Ref::Integer(flag)) => Ref::Boolean(flag != 0),
            #[expect(
                clippy::cast_precision_loss,
                reason = "SQLite hands out whole numbers of REAL columns so at times"
            )]
            (Self::Real, Ref::Integer(number)) => Ref::Real(number as f64),
            (_, value) => value,
        };
        let written = match value {
            Ref::Null | Ref::Blob(_) => serde_json::to_writer(&mut *json, &()),
            Ref::Boolean(flag) => serde_json::to_writer(&mut *json, &flag),
            Ref::Integer(number) => serde_json::to_writer(&mut *json, &number),
            Ref::Real(number) => serde_json::to_writer(&mut *json, &number),
            Ref::Text(text) => serde_json::to_writer(&mut *json, text),
            Ref::Time(instant) => serde_json::to_writer(&mut *json, &instant),
        };
        // Writing to memory cannot fail.
        debug_assert!(written.is_ok());
    }
}
