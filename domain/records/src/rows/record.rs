//! Records: rows that are loaded for a change, or were just written.

use db::{Ref, Row};
use kernel::Timestamp;
use kernel::permission::Permissions;
use serde_json::{Number, Value as Json};

use crate::columns::Stored;
use crate::physical::OWN;
use crate::{Column, RowId, Schema};

/// A row with its values as a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its number, ascending in the order of creation.
    pub seq: i64,
    /// Its ID.
    pub id: RowId,
    /// Creation time.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Permissions.
    pub permissions: Permissions,
    /// Its values as JSON, in the order of [`Schema::stored`]: in the form that `check` returns, encrypted ones
    /// decrypted.
    pub values: Vec<Json>,
}

impl Record {
    /// Reads a row whose columns are the internal and then the stored ones.
    pub fn read(table: &Schema, row: &Row<'_>) -> std::result::Result<Self, db::Error> {
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
    pub fn value(&self, table: &Schema, key: &str) -> Option<&Json> {
        let position = table.stored().position(|column| column.key.as_str() == key)?;
        self.values.get(position)
    }
}

/// A value of SQL as JSON.
fn value(table: &Schema, column: &Column, value: Ref<'_>) -> std::result::Result<Json, String> {
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

/// A floating-point number; negative zero becomes zero.
pub(super) fn real(number: f64) -> Json {
    Number::from_f64(number + 0.0).map_or(Json::Null, Json::Number)
}
