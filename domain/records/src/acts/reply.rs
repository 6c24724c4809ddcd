//! Replies of writes to one row. They contain no more than the author may read.

use db::Tx;
use kernel::permission::{Action, Permissions};
use serde_json::{Map, Value, json};

use super::author::Author;
use crate::rows::{NewRow, Record, Step};
use crate::transactions::Preview;
use crate::{Result, Table, relations};

/// A written row as JSON, with the related rows that the request named. `stored` is the JSON of its stored columns.
pub(super) fn written(
    tx: &mut Tx<'_>,
    table: &Table,
    author: &Author,
    (record, stored): (&Record, Vec<u8>),
    step: &Step,
) -> Result<Vec<u8>> {
    let none = Map::new();
    let given = step.data().unwrap_or(&none);
    let json = if table.has_relationships() {
        relations::written(tx, table, &author.access, record, given, author.vocabulary)?
    } else {
        stored
    };
    Ok(permitted(table, author, record, step, json))
}

/// The row, if the author may read it; else only its internal fields and the columns that the request set.
fn permitted(table: &Table, author: &Author, record: &Record, step: &Step, json: Vec<u8>) -> Vec<u8> {
    if author.access.granted_on(table, &record.permissions, Action::Read) {
        return json;
    }
    let mut row: Map<String, Value> = serde_json::from_slice(&json).unwrap_or_default();
    row.retain(|key, _| key.starts_with('$') || step.sets(key));
    let knows_permissions = matches!(step, Step::Create(_)) || step.permissions().is_some();
    if !knows_permissions {
        row.insert("$permissions".to_owned(), json!([]));
    }
    // A map of JSON values can always be serialized.
    serde_json::to_vec(&row).unwrap_or_default()
}

/// The resulting row of a step; none for steps on several rows.
pub(super) fn preview(
    tx: &Tx<'_>,
    author: &Author,
    Preview { table, record }: &Preview,
    step: &Step,
) -> Option<Vec<u8>> {
    let id = step.row()?;
    let vocabulary = author.vocabulary;
    if let Some(record) = record {
        let json = table.writer(vocabulary).record(record);
        return Some(permitted(table, author, record, step, json));
    }
    // Data that cannot be applied yet is shown as sent; its errors are reported at commit.
    let none = Map::new();
    let (data, permissions) = match step {
        Step::Create(NewRow { data, permissions, .. })
        | Step::Upsert(NewRow { data, permissions, .. })
        | Step::Update { data, permissions, .. } => (data, permissions.as_ref()),
        _ => (&none, None),
    };
    let mut row = json!({
        "$id": id,
        "$sequence": 0,
        "$createdAt": tx.now(),
        "$updatedAt": tx.now(),
        "$permissions": permissions.map(Permissions::texts).unwrap_or_default(),
        "$databaseId": table.database,
        (vocabulary.table_id()): table.id,
    });
    if let Value::Object(row) = &mut row {
        let own = data.iter().filter(|(key, _)| !key.starts_with('$'));
        row.extend(own.map(|(key, value)| (key.clone(), value.clone())));
    }
    serde_json::to_vec(&row).ok()
}
