//! Rows, made.

use db::{ToValue, Tx, Value};
use kernel::permission::{Action, Permissions};
use serde_json::{Map, Value as Json};

use super::check;
use crate::error::Flaw;
use crate::{Access, Error, Result, RowId, Table, Vocabulary};

/// What a row is to be.
#[derive(Debug, Clone)]
pub struct NewRow {
    /// Its id.
    pub id: RowId,
    /// Its values by column.
    pub data: Map<String, Json>,
    /// Who may do what with it; its maker's own if nothing was said.
    pub permissions: Option<Permissions>,
}

/// Makes a row; it is answered as JSON.
pub fn create(tx: &mut Tx<'_>, table: &Table, access: &Access, new: NewRow, words: Vocabulary) -> Result<Vec<u8>> {
    if !access.granted(&table.permissions, Action::Create) {
        return Err(Error::Unauthorized);
    }
    let permissions = new.permissions.unwrap_or_else(|| access.default_permissions());
    let now = tx.now().to_value();
    let mut values: Vec<Value> = vec![(&new.id).into(), now.clone(), now, permissions.to_json().to_value()];
    for column in table.stored() {
        let absent = column.spec.default.as_ref().unwrap_or(&Json::Null);
        values.push(check(column, new.data.get(column.key.as_str()).unwrap_or(absent))?);
    }
    for key in new.data.keys().filter(|key| !key.starts_with('$')) {
        if table.column(key).is_none() {
            return Err(Flaw::Unknown(key.clone()).into());
        }
    }
    let seq: i64 = match tx.attempt(|tx| tx.kept_optional(&table.statements.insert, &values)) {
        Ok(seq) => seq.ok_or(db::Error::NoRow)?,
        Err(db::Error::Unique { .. }) => return Err(Error::RowExists),
        Err(error) => return Err(error.into()),
    };
    for role in permissions.roles(Action::Read) {
        tx.kept_execute(&table.statements.add_reader, &[role.to_value(), seq.into()])?;
    }
    super::get(tx, table, &Access::Server, &new.id, words)
}
