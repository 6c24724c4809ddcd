//! Storage of rows: the row itself, its readers and its derived values.

use db::{Dialect, ToValue, Tx, Value};
use kernel::permission::{Action, Permissions};

use super::Record;
use super::statements::OWN_CHANGEABLE;
use super::value::to_sql;
use crate::error::TakenValues;
use crate::physical::{self, OWN};
use crate::{Error, Result, RowError, Table, derived};

/// Inserts a row, and sets its number.
///
/// Fails with [`RowError::Exists`] if its ID or a value of a unique index is in use; the transaction, or the savepoint
/// around the call, must then be rolled back.
pub(crate) fn insert(tx: &mut Tx<'_>, table: &Table, record: &mut Record) -> Result<()> {
    let mut values = Vec::with_capacity(5 + record.values.len());
    values.extend([
        (&record.id).into(),
        record.created_at.to_value(),
        record.updated_at.to_value(),
        record.permissions.to_json().to_value(),
    ]);
    let stored = table.stored().zip(&record.values);
    values.extend(stored.map(|(column, value)| to_sql(column, value, &table.sealer)));
    let far = tx.dialect() == Dialect::Postgres;
    if far {
        let roles: Vec<&str> = record.permissions.roles(Action::Read).collect();
        values.push(db::Json(roles).to_value());
    }
    record.seq = tx
        .prepared_insert(&table.statements.insert, &values)
        .map_err(|error| taken(error, table, record))?;
    table.counts.write(tx, 1);
    if !far {
        for role in record.permissions.roles(Action::Read) {
            tx.prepared_execute(&table.statements.add_reader, &[role.to_value(), record.seq.into()])?;
        }
    }
    let stored = OWN.len() - 1..OWN.len() - 1 + record.values.len();
    derived::write(tx, &table.derived, record.seq, &values[stored])
}

/// Writes the differences between a locked row and its new values.
///
/// Fails with [`RowError::Exists`] if a value of a unique index is in use; the transaction, or the savepoint around the
/// call, must then be rolled back.
pub(super) fn change(tx: &mut Tx<'_>, table: &Table, old: &Record, new: &Record) -> Result<()> {
    let (mut changed, mut values): (Vec<u16>, Vec<Value>) = (Vec::new(), Vec::new());
    let mut set = |position: usize, value: Value| {
        // A table has at most 1017 columns.
        changed.push(u16::try_from(position).unwrap_or(u16::MAX));
        values.push(value);
    };
    if old.created_at != new.created_at {
        set(0, new.created_at.to_value());
    }
    if old.updated_at != new.updated_at {
        set(1, new.updated_at.to_value());
    }
    let permissions = old.permissions != new.permissions;
    if permissions {
        set(2, new.permissions.to_json().to_value());
    }
    let pairs = old.values.iter().zip(&new.values);
    for (position, (column, (old, new))) in table.stored().zip(pairs).enumerate() {
        if old != new {
            set(OWN_CHANGEABLE.len() + position, to_sql(column, new, &table.sealer));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    values.push(new.seq.into());
    tx.prepared_execute(&table.statements.update(&changed), &values)
        .map_err(|error| taken(error, table, new))?;
    table.counts.write(tx, 0);
    if permissions {
        set_readers(tx, table, new.seq, &old.permissions, &new.permissions)?;
    }
    if table.derived.is_empty() {
        return Ok(());
    }
    let values = |record: &Record| -> Vec<Value> {
        let pairs = table.stored().zip(&record.values);
        pairs
            .map(|(column, value)| to_sql(column, value, &table.sealer))
            .collect()
    };
    derived::rewrite(tx, &table.derived, new.seq, &values(old), &values(new))
}

/// Deletes a locked row.
pub(crate) fn remove(tx: &mut Tx<'_>, table: &Table, record: &Record) -> Result<()> {
    derived::remove(tx, &table.derived, record.seq)?;
    set_readers(tx, table, record.seq, &record.permissions, &Permissions::default())?;
    tx.prepared_execute(&table.statements.delete, &[record.seq.into()])?;
    table.counts.write(tx, -1);
    Ok(())
}

fn set_readers(tx: &mut Tx<'_>, table: &Table, seq: i64, old: &Permissions, new: &Permissions) -> Result<()> {
    let among = |role: &str, all: &Permissions| all.roles(Action::Read).any(|one| one == role);
    for role in old.roles(Action::Read).filter(|role| !among(role, new)) {
        tx.prepared_execute(&table.statements.drop_reader, &[role.to_value(), seq.into()])?;
    }
    for role in new.roles(Action::Read).filter(|role| !among(role, old)) {
        tx.prepared_execute(&table.statements.add_reader, &[role.to_value(), seq.into()])?;
    }
    Ok(())
}

/// Violations of the ID's uniqueness become [`RowError::Exists`], those of a user's index [`RowError::Taken`].
fn taken(error: db::Error, table: &Table, record: &Record) -> Error {
    let db::Error::Unique { index: name } = &error else {
        return error.into();
    };
    let index = table
        .indexes
        .iter()
        .find(|index| physical::index_name(table, index) == *name);
    let Some(index) = index else {
        return RowError::Exists.into();
    };
    let columns = index.spec.columns.clone();
    let values = columns.iter().map(|key| shown(table, record, key)).collect();
    RowError::Taken(Box::new(TakenValues {
        index: index.key.to_string(),
        columns,
        values,
    }))
    .into()
}

/// Maximum length of a value in an error, in characters.
const MAX_SHOWN: usize = 100;

/// A value of a row as text, for an error.
fn shown(table: &Table, record: &Record, key: &str) -> String {
    let text = match key {
        "$id" => record.id.to_string(),
        "$createdAt" => record.created_at.to_string(),
        "$updatedAt" => record.updated_at.to_string(),
        key => {
            let position = table.stored().position(|column| column.key.as_str() == key);
            match position.and_then(|position| record.values.get(position)) {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => String::new(),
            }
        }
    };
    text.chars().take(MAX_SHOWN).collect()
}
