//! Handlers that change rows.

use api::{Act, Call, NoContent, Result};
use kernel::id::CustomId;
use kernel::param::Object;
use kernel::permission::OnThing;
use kernel::{Payload, Timestamp};
use records::rows::{self, Change, NewRow, Record};
use records::{DatabaseId, RowId, Table, TableId, relations};
use serde_json::Value;

use crate::Words;
use crate::model::Row;
use crate::state::{State, access, act, catalog};

/// Bytes of a row's data at most.
const MAX_DATA: usize = 1 << 20;

kernel::params! {
    /// What a row is to be.
    pub struct New<W: Words> {
        /// The database.
        database_id: DatabaseId = "databaseId",
        /// The table.
        table_id: TableId = (W::TABLE_ID),
        /// Its id, or `unique()`.
        row_id: CustomId<RowId> = (W::ROW_ID),
        /// Its values.
        data: Object<MAX_DATA> = "data",
        /// Who may read, change and delete it.
        permissions: Option<OnThing> = "permissions",
    }
}

/// Makes a row.
pub async fn create<W: Words>(call: Call<State>, input: New<W>) -> Result<Row<W, 201>> {
    let (catalog, access) = (catalog(&call), access(&call));
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_for(tx, &access, &input.database_id, &input.table_id)?;
            let new = NewRow {
                id: input.row_id.or_generate(tx.now()),
                data: input.data.0,
                permissions: input.permissions.map(|given| given.0),
            };
            let record = rows::create(tx, &table, &access, &new)?;
            let json = relations::written(tx, &table, &access, &record, &new.data, W::VOCABULARY)?;
            Ok((table, record, json))
        },
        |act, (table, record, json)| {
            happened::<W>(act, &table, &record, Payload::written(String::from_utf8_lossy(&json)))?;
            Ok(Row::of(json))
        },
    )
    .await
}

kernel::params! {
    /// What is to become of a row.
    pub struct Changed<W: Words> {
        /// The database.
        database_id: DatabaseId = "databaseId",
        /// The table.
        table_id: TableId = (W::TABLE_ID),
        /// The row.
        row_id: RowId = (W::ROW_ID),
        /// The values that change.
        data: Object<MAX_DATA> = "data" | Object(serde_json::Map::new()),
        /// Who may read, change and delete it from now on.
        permissions: Option<OnThing> = "permissions",
    }
}

/// Changes a row.
pub async fn update<W: Words>(call: Call<State>, input: Changed<W>) -> Result<Row<W>> {
    let (catalog, access, read_at) = (catalog(&call), access(&call), read_at(&call)?);
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_for(tx, &access, &input.database_id, &input.table_id)?;
            let change = Change {
                data: &input.data.0,
                permissions: input.permissions.as_ref().map(|given| &given.0),
                read_at,
            };
            let record = rows::update(tx, &table, &access, &input.row_id, &change)?;
            let json = relations::written(tx, &table, &access, &record, change.data, W::VOCABULARY)?;
            Ok((table, record, json))
        },
        |act, (table, record, json)| {
            happened::<W>(act, &table, &record, alone(&table, &json))?;
            Ok(Row::of(json))
        },
    )
    .await
}

kernel::params! {
    /// A row that is to go.
    pub struct Gone<W: Words> {
        /// The database.
        database_id: DatabaseId = "databaseId",
        /// The table.
        table_id: TableId = (W::TABLE_ID),
        /// The row.
        row_id: RowId = (W::ROW_ID),
    }
}

/// Deletes a row.
pub async fn delete<W: Words>(call: Call<State>, input: Gone<W>) -> Result<NoContent> {
    let (catalog, access, read_at) = (catalog(&call), access(&call), read_at(&call)?);
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_for(tx, &access, &input.database_id, &input.table_id)?;
            let record = rows::delete(tx, &table, &access, &input.row_id, read_at)?;
            Ok((table, record))
        },
        |act, (table, record)| {
            let json = table.writer(W::VOCABULARY).record(&record);
            happened::<W>(act, &table, &record, alone(&table, &json))?;
            Ok(NoContent)
        },
    )
    .await
}

/// Writes down what happened to a row, and how it is then.
fn happened<W: Words>(act: &mut Act<'_, '_>, table: &Table, record: &Record, shown: Payload) -> Result<()> {
    let subjects = [
        (W::ROW_ID, record.id.as_str()),
        ("databaseId", table.database.as_str()),
        (W::TABLE_ID, table.id.as_str()),
    ];
    act.happened(&subjects, shown)
}

/// A row as events of changes show it: without its relationships.
fn alone(table: &Table, json: &[u8]) -> Payload {
    let text = String::from_utf8_lossy(json);
    if !table.has_relationships() {
        return Payload::written(text);
    }
    let mut row: Value = serde_json::from_str(&text).unwrap_or_default();
    if let Some(row) = row.as_object_mut() {
        for (column, _) in table.relationships() {
            row.remove(column.key.as_str());
        }
    }
    row.into()
}

/// The instant at which the caller read what it changes, from `X-Appwrite-Timestamp`.
fn read_at(call: &Call<State>) -> Result<Option<Timestamp>> {
    let Some(text) = call.request.header("x-appwrite-timestamp") else {
        return Ok(None);
    };
    let instant = Timestamp::parse(text);
    let bad = || api::Refusal::Argument("Invalid X-Appwrite-Timestamp header value".to_owned());
    instant.map(Some).ok_or_else(|| bad().into())
}
