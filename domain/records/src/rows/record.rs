//! A row that is read to be changed, or has just been written.

use std::collections::BTreeSet;

use db::sea_query::{Expr, ExprTrait, LockType, Order, Query};
use db::{Dialect, PreparedSql, Ref, Row, Tx};
use kernel::Timestamp;
use kernel::permission::Permissions;
use serde_json::{Number, Value as Json};

use crate::columns::Stored;
use crate::physical::{self, OWN, iden};
use crate::{Column, Result, RowId, Table};

/// A row with its values as a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its number, in the order of making.
    pub seq: i64,
    /// Its id.
    pub id: RowId,
    /// Creation time.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Permissions.
    pub permissions: Permissions,
    /// Its values as JSON, in the order of [`Table::stored`]: as `check` left them, encrypted ones open.
    pub values: Vec<Json>,
}

impl Record {
    /// Reads a row whose columns are our own and then the stored ones.
    pub fn read(table: &Table, row: &Row<'_>) -> std::result::Result<Self, db::Error> {
        let mut values = Vec::with_capacity(table.stored().len());
        for (position, column) in table.stored().enumerate() {
            let position = OWN.len() + position;
            let value = value(table, column, row.value(position)?);
            values.push(value.map_err(|reason| db::Error::Mismatch {
                column: position,
                reason,
            })?);
        }
        Ok(Self {
            seq: row.get(0)?,
            id: RowId::trusted(row.get::<String>(1)?),
            created_at: row.get(2)?,
            updated_at: row.get(3)?,
            permissions: Permissions::trusted(&row.get::<String>(4)?),
            values,
        })
    }

    /// The value of a stored column.
    pub fn value(&self, table: &Table, key: &str) -> Option<&Json> {
        let position = table.stored().position(|column| column.key.as_str() == key)?;
        self.values.get(position)
    }
}

/// The row of an id.
pub fn find(tx: &mut Tx<'_>, table: &Table, id: &RowId) -> Result<Option<Record>> {
    one(tx, table, &table.statements.get, id)
}

/// The row of an id, which nobody else changes before this act ends.
pub fn find_for_update(tx: &mut Tx<'_>, table: &Table, id: &RowId) -> Result<Option<Record>> {
    one(tx, table, &table.statements.lock, id)
}

/// Holds the rows of some ids, so that nobody else changes them before this act ends, nor makes those that are not there
/// by an upsert. Every act that writes several rows does so first and in the same order, so that no two wait for each
/// other. SQLite has one writer anyway.
pub(crate) fn hold<'i>(tx: &mut Tx<'_>, table: &Table, ids: impl IntoIterator<Item = &'i RowId>) -> Result<()> {
    let mut missing: BTreeSet<&str> = ids.into_iter().map(RowId::as_str).collect();
    if tx.dialect() == Dialect::Sqlite || missing.is_empty() {
        return Ok(());
    }
    let select = Query::select()
        .column(iden(physical::ID))
        .from(iden(&table.names.table))
        .and_where(Expr::col(iden(physical::ID)).is_in(missing.iter().copied()))
        .order_by(iden(physical::SEQ), Order::Asc)
        .lock(LockType::Update)
        .take();
    for id in tx.all::<String>(&select)? {
        missing.remove(id.as_str());
    }
    missing.into_iter().try_for_each(|id| hold_place(tx, table, id))
}

/// Holds the place of a row that is not there, so that those who would make it by an upsert take turns.
pub(super) fn hold_place(tx: &mut Tx<'_>, table: &Table, id: &str) -> Result<()> {
    Ok(tx.lock(&format!("rows/{}/{id}", table.names.seq))?)
}

fn one(tx: &mut Tx<'_>, table: &Table, statement: &PreparedSql, id: &RowId) -> Result<Option<Record>> {
    let mut found = None;
    tx.prepared_each(statement, &[id.into()], |row| {
        found = Some(Record::read(table, row)?);
        Ok(())
    })?;
    Ok(found)
}

/// A value of SQL as JSON.
fn value(table: &Table, column: &Column, value: Ref<'_>) -> std::result::Result<Json, String> {
    let parsed = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
    Ok(match (value, column.spec.kind.stored()) {
        (Ref::Null | Ref::Blob(_), _) => Json::Null,
        (Ref::Text(list), _) if column.spec.array && column.spec.encrypt => table.sealer.open_list(list)?,
        (Ref::Text(list), _) if column.spec.array => parsed(list)?,
        (Ref::Text(sealed), _) if column.spec.encrypt => {
            Json::String(table.sealer.open(sealed).map_err(|error| error.to_string())?)
        }
        (Ref::Text(shape), Stored::Shape) => parsed(shape)?,
        (Ref::Text(text), _) => Json::String(text.to_owned()),
        (Ref::Integer(number), Stored::Boolean) => Json::Bool(number != 0),
        #[expect(
            clippy::cast_precision_loss,
            reason = "SQLite hands out whole numbers of REAL columns so at times"
        )]
        (Ref::Integer(number), Stored::Real) => real(number as f64),
        (Ref::Integer(number), _) => Json::Number(number.into()),
        (Ref::Real(number), _) => real(number),
        (Ref::Boolean(flag), _) => Json::Bool(flag),
        (Ref::Time(instant), _) => Json::String(instant.to_string()),
    })
}

/// A number with a fraction; the one sign of zero is plus.
pub(super) fn real(number: f64) -> Json {
    Number::from_f64(number + 0.0).map_or(Json::Null, Json::Number)
}
