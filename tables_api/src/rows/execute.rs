//! Acts on rows: done at once, or staged in a transaction; and what is told of them.

use std::marker::PhantomData;
use std::sync::Arc;

use api::{Act, Call, Result};
use db::{Payload, Tx};
use kernel::Timestamp;
use kernel::permission::{Action, Permissions};
use records::rows::{NewRow, Record, Step, Walk, What};
use records::transactions::{self, Operation, Preview};
use records::{Access, DatabaseId, Error, RowId, Table, TableId, TransactionId, relations};
use serde_json::{Map, Value, json};

use super::numbers;
use crate::Vocabulary;
use crate::state::{State, access, act_repeated, catalog, into_api_error};

/// Rows of several that are answered with at most.
const SHOWN: usize = 100;
/// How often a walk goes on within one act; then others have their turn.
const STRIDE: usize = 5;

/// Where something is done, and in which transaction it is staged instead.
#[derive(Debug, Clone)]
pub(crate) struct RowTarget {
    pub(crate) database: DatabaseId,
    pub(crate) table: TableId,
    pub(crate) transaction: Option<TransactionId>,
}

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The first rows, as JSON.
    pub(crate) rows: Vec<Vec<u8>>,
    /// How many rows there were.
    pub(crate) total: usize,
    /// Whether nothing was done yet.
    pub(crate) staged: bool,
}

impl Outcome {
    /// The one row.
    pub(crate) fn row(mut self) -> Vec<u8> {
        self.rows.pop().unwrap_or_default()
    }

    /// A list of the rows.
    pub(crate) fn list<W: Vocabulary>(self) -> Vec<u8> {
        let mut out = format!("{{\"total\":{},\"{}\":[", self.total, W::ROWS).into_bytes();
        out.extend(self.rows.join(&b','));
        out.extend_from_slice(b"]}");
        out
    }
}

/// Does a step, or stages it.
pub(crate) async fn run<W: Vocabulary>(call: &Call<State>, target: RowTarget, step: Step) -> Result<Outcome> {
    let mut done = match &target.transaction {
        Some(id) => stage::<W>(call, id.clone(), target, step).await?,
        None if step.is_walk() => walk::<W>(call, target, step).await?,
        None => at_once::<W>(call, target, step).await?,
    };
    for row in &mut done.rows {
        *row = numbers::fit(call, std::mem::take(row));
    }
    Ok(done)
}

async fn at_once<W: Vocabulary>(call: &Call<State>, target: RowTarget, step: Step) -> Result<Outcome> {
    let (catalog, access, read_at) = (catalog(call), access(call), read_at(call)?);
    act_repeated(call, move |act| {
        let mut heard = EventRecorder::<W>::of(act, &access, step.data());
        let table = into_api_error::<W, _>(catalog.table_for(act, &access, &target.database, &target.table))?;
        into_api_error::<W, _>(step.run(act, &catalog, &table, &access, read_at, &mut heard.observer()))?;
        audited::<W>(act, &table, step.row())?;
        Ok(heard.done)
    })
    .await
}

/// Does a step on rows of which there may be many: a few thousand an act, so that others are not kept waiting.
async fn walk<W: Vocabulary>(call: &Call<State>, target: RowTarget, step: Step) -> Result<Outcome> {
    let (catalog, access, read_at) = (catalog(call), access(call), read_at(call)?);
    let (mut done, mut begun, step): (_, Option<Walk>, _) = (Outcome::default(), None, Arc::new(step));
    loop {
        let (catalog, access, target, step) = (catalog.clone(), access.clone(), target.clone(), Arc::clone(&step));
        let (walk, more, part) = act_repeated(call, move |act| {
            let mut heard = EventRecorder::<W>::of(act, &access, None);
            let table = into_api_error::<W, _>(catalog.table_for(act, &access, &target.database, &target.table))?;
            let mut walk = match &begun {
                Some(walk) => walk.clone(),
                None => {
                    audited::<W>(act, &table, None)?;
                    into_api_error::<W, _>(Walk::begin(act, &catalog, &table, Arc::clone(&step), read_at))?
                }
            };
            let mut more = true;
            for _ in 0..STRIDE {
                more = more && into_api_error::<W, _>(walk.go_on(act, &catalog, &table, &mut heard.observer()))?;
            }
            Ok((walk, more, heard.done))
        })
        .await?;
        done.total += part.total;
        let room = SHOWN - done.rows.len();
        done.rows.extend(part.rows.into_iter().take(room));
        if !more {
            return Ok(done);
        }
        begun = Some(walk);
    }
}

async fn stage<W: Vocabulary>(call: &Call<State>, id: TransactionId, target: RowTarget, step: Step) -> Result<Outcome> {
    let (catalog, access) = (catalog(call), access(call));
    act_repeated(call, move |act| {
        let operation = Operation {
            database: target.database.clone(),
            table: target.table.clone(),
            step: step.clone(),
            by_server: false,
        };
        let staged = transactions::stage(act, &catalog, &access, &id, vec![operation]);
        let staged = staged.map_err(|error| match error {
            Error::TransactionNotReady if step.row().is_none() => Error::BadRequest(error.to_string()),
            other => other,
        });
        let (_, previews) = into_api_error::<W, _>(staged)?;
        Ok(Outcome {
            rows: previews
                .iter()
                .filter_map(|one| preview::<W>(act, one, &step))
                .collect(),
            total: match &step {
                Step::BulkCreate { rows } | Step::BulkUpsert { rows } => rows.len(),
                _ => 0,
            },
            staged: true,
        })
    })
    .await
}

/// A row as it would be; none for steps on several.
fn preview<W: Vocabulary>(tx: &Tx<'_>, Preview { table, record }: &Preview, step: &Step) -> Option<Vec<u8>> {
    let id = step.row()?;
    if let Some(record) = record {
        return Some(table.writer(W::VOCABULARY).record(record));
    }
    // Only the commit will say what is wrong with it; until then it is what was sent.
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
        (W::VOCABULARY.table_id()): table.id,
    });
    if let Value::Object(row) = &mut row {
        let own = data.iter().filter(|(key, _)| !key.starts_with('$'));
        row.extend(own.map(|(key, value)| (key.clone(), value.clone())));
    }
    serde_json::to_vec(&row).ok()
}

/// Hears of rows that were written: each leaves its event, and the first are answered.
pub(crate) struct EventRecorder<'s, W> {
    actor: Option<String>,
    access: &'s Access,
    /// What was said of the one row that is answered, related rows included.
    given: Option<&'s Map<String, Value>>,
    pub(crate) done: Outcome,
    vocabulary: PhantomData<W>,
}

impl<'s, W: Vocabulary> EventRecorder<'s, W> {
    pub(crate) fn of(act: &Act<'_, '_>, access: &'s Access, given: Option<&'s Map<String, Value>>) -> Self {
        Self {
            actor: act.actor().map(str::to_owned),
            access,
            given,
            done: Outcome::default(),
            vocabulary: PhantomData,
        }
    }

    /// What hears.
    pub(crate) fn observer(&mut self) -> impl FnMut(&mut Tx<'_>, &Table, What, &Record) -> records::Result<()> {
        |tx, table, what, record| self.row(tx, table, what, record)
    }

    pub(crate) fn row(&mut self, tx: &mut Tx<'_>, table: &Table, what: What, record: &Record) -> records::Result<()> {
        let json = match self.given {
            Some(given) => relations::written(tx, table, self.access, record, given, W::VOCABULARY)?,
            None => table.writer(W::VOCABULARY).record(record),
        };
        let [tables, rows] = W::ROW_EVENT;
        tx.emit(db::Event {
            name: format!(
                "databases.{}.{tables}.{}.{rows}.{}.{what}",
                table.database, table.id, record.id
            ),
            payload: match what {
                What::Create if !table.has_relationships() => Payload::written(String::from_utf8_lossy(&json)),
                // Related rows may be hidden from those who hear of this one: they get the ids that it holds.
                What::Create => {
                    let bare = table.writer(W::VOCABULARY).record(record);
                    Payload::written(String::from_utf8_lossy(&bare))
                }
                _ => alone(table, &json),
            },
            actor: self.actor.clone(),
            readers: Some(readers(table, record)),
        })?;
        self.done.total += 1;
        if self.done.rows.len() < SHOWN {
            self.done.rows.push(json);
        }
        Ok(())
    }
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

/// The roles that may read a row, as a JSON list.
fn readers(table: &Table, record: &Record) -> String {
    let own = record.permissions.roles(Action::Read).filter(|_| table.row_security);
    let roles: Vec<&str> = table.permissions.roles(Action::Read).chain(own).collect();
    // A list of texts is always JSON.
    serde_json::to_string(&roles).unwrap_or_default()
}

/// Writes down that something was done to a row, or to several.
fn audited<W: Vocabulary>(act: &mut Act<'_, '_>, table: &Table, row: Option<&RowId>) -> Result<()> {
    let position = [
        ("databaseId", table.database.as_str()),
        (W::TABLE_ID, table.id.as_str()),
    ];
    match row {
        Some(row) => act.audited(&[position[0], position[1], (W::ROW_ID, row.as_str())]),
        None => act.audited(&position),
    }
}

/// The instant at which the caller read what it changes, from `X-Appwrite-Timestamp`.
fn read_at(call: &Call<State>) -> Result<Option<Timestamp>> {
    let Some(text) = call.request.header("x-appwrite-timestamp") else {
        return Ok(None);
    };
    let bad = || api::Refusal::Argument("Invalid X-Appwrite-Timestamp header value".to_owned());
    Timestamp::parse(text).map(Some).ok_or_else(|| bad().into())
}
