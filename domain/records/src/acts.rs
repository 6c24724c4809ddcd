//! Acts on rows as a whole: what is written, the event that each row leaves, who may be told, the pace of acts on many
//! rows, and staging. Whoever writes rows comes through here, so that requests, imports and jobs leave the same events.
//!
//! Not here: what one step does to its rows (`rows`), and the audit entry, which belongs to the request that asked.

use std::sync::Arc;

use db::{Event, Payload, Tx};
use kernel::Timestamp;
use kernel::permission::{Action, Permissions};
use serde_json::{Map, Value, json};

use crate::rows::{NewRow, Record, Step, Walk, What};
use crate::transactions::{self, Operation, Preview, Transaction};
use crate::{Access, Catalog, DatabaseId, Error, Result, Table, TableId, TransactionId, Vocabulary, relations};

/// Rows that the reply of an act on several has at most.
const SHOWN: usize = 100;
/// Parts of a bulk act that are done in one transaction; then other acts have their turn.
const STRIDE: usize = 5;

/// Author of an act: user, rights, and the vocabulary of replies and payloads.
#[derive(Debug, Clone)]
pub struct Author {
    /// The id of the user; none for a server.
    pub actor: Option<String>,
    /// Rights of the author.
    pub access: Access,
    /// The vocabulary of replies and of payloads of events.
    pub vocabulary: Vocabulary,
    /// The instant at which they read what they change: a row that was changed later is refused.
    pub read_at: Option<Timestamp>,
}

impl Author {
    /// A server, which may do everything.
    pub fn server(vocabulary: Vocabulary) -> Self {
        Self {
            actor: None,
            access: Access::Server,
            vocabulary,
            read_at: None,
        }
    }
}

/// Table that an act writes to.
#[derive(Debug, Clone)]
pub struct Target {
    /// The database.
    pub database: DatabaseId,
    /// The table.
    pub table: TableId,
}

/// The rows that an act wrote.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The first `SHOWN` of them as JSON, in the author's vocabulary.
    pub rows: Vec<Vec<u8>>,
    /// Number of rows.
    pub total: usize,
}

impl Outcome {
    /// Adds what a later part of the same act wrote.
    pub fn add(&mut self, part: Self) {
        self.total += part.total;
        let room = SHOWN.saturating_sub(self.rows.len());
        self.rows.extend(part.rows.into_iter().take(room));
    }
}

/// Does a step in one transaction; the table that it was done in, and what was written.
///
/// # Errors
/// [`Error::TableNotFound`] and the like where the author may not see the table; whatever the step refuses.
pub fn run(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    author: &Author,
    target: &Target,
    step: &Step,
) -> Result<(Arc<Table>, Outcome)> {
    let table = catalog.table_for(tx, &author.access, &target.database, &target.table)?;
    let mut recorder = Recorder::new(author, step.data());
    let observer =
        &mut |tx: &mut Tx<'_>, table: &Table, what, record: &Record| recorder.record(tx, table, what, record);
    step.run(tx, catalog, &table, &author.access, author.read_at, observer)?;
    Ok((table, recorder.outcome))
}

/// One transaction of an act on the rows that queries find, of which there may be many.
#[derive(Debug)]
pub struct Part {
    /// The table.
    pub table: Arc<Table>,
    /// Walk of the remaining rows; none after the last part.
    pub rest: Option<Walk>,
    /// Rows that this part wrote.
    pub outcome: Outcome,
}

/// Does the next part of a bulk act: a thousand rows, so that others are not kept waiting. `begun` is what the part before
/// left; the first has none.
///
/// # Errors
/// As [`run`]. What earlier parts wrote stays.
pub fn run_part(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    author: &Author,
    target: &Target,
    (step, begun): (&Arc<Step>, Option<&Walk>),
) -> Result<Part> {
    let table = catalog.table_for(tx, &author.access, &target.database, &target.table)?;
    let mut walk = match begun {
        Some(walk) => walk.clone(),
        None => Walk::begin(tx, catalog, &table, Arc::clone(step), author.read_at)?,
    };
    let mut recorder = Recorder::new(author, None);
    let mut more = true;
    for _ in 0..STRIDE {
        let observer =
            &mut |tx: &mut Tx<'_>, table: &Table, what, record: &Record| recorder.record(tx, table, what, record);
        more = more && walk.go_on(tx, catalog, &table, observer)?;
    }
    Ok(Part {
        table,
        rest: more.then_some(walk),
        outcome: recorder.outcome,
    })
}

/// Stages a step in a transaction; the row as it would be, for a step on one row.
///
/// # Errors
/// As `transactions::stage`; a transaction that is over is a bad request for a step on several rows.
pub fn stage(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    author: &Author,
    (id, target): (&TransactionId, &Target),
    step: &Step,
) -> Result<Outcome> {
    let operation = Operation {
        database: target.database.clone(),
        table: target.table.clone(),
        step: step.clone(),
        by_server: false,
    };
    let staged = transactions::stage(tx, catalog, &author.access, id, vec![operation]);
    let (_, previews) = staged.map_err(|error| match error {
        Error::TransactionNotReady if step.row().is_none() => Error::BadRequest(error.to_string()),
        other => other,
    })?;
    let preview = |one| preview(tx, author.vocabulary, one, step);
    Ok(Outcome {
        rows: previews.iter().filter_map(preview).collect(),
        total: match step {
            Step::BulkCreate { rows } | Step::BulkUpsert { rows } => rows.len(),
            _ => 0,
        },
    })
}

/// Commits a transaction: everything that was staged is done, in order, or nothing is and the transaction has failed. The
/// failure is beside the transaction, because that it failed is written down.
///
/// # Errors
/// As `transactions::commit`.
pub fn commit(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    author: &Author,
    id: &TransactionId,
) -> Result<(Transaction, Result<()>)> {
    let mut recorder = Recorder::new(author, None);
    transactions::commit(tx, catalog, &author.access, id, &mut |tx, table, what, record| {
        // Subscribers cannot tell an upsert of a transaction from a change, as in Appwrite.
        let what = if what == What::Upsert { What::Update } else { what };
        recorder.record(tx, table, what, record)
    })
}

/// A row as it would be; none for steps on several.
fn preview(tx: &Tx<'_>, vocabulary: Vocabulary, Preview { table, record }: &Preview, step: &Step) -> Option<Vec<u8>> {
    let id = step.row()?;
    if let Some(record) = record {
        return Some(table.writer(vocabulary).record(record));
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
        (vocabulary.table_id()): table.id,
    });
    if let Value::Object(row) = &mut row {
        let own = data.iter().filter(|(key, _)| !key.starts_with('$'));
        row.extend(own.map(|(key, value)| (key.clone(), value.clone())));
    }
    serde_json::to_vec(&row).ok()
}

/// Writes the event of each row that an act wrote, in the same transaction, and keeps the first for the reply.
#[derive(Debug)]
pub(crate) struct Recorder<'a> {
    author: &'a Author,
    /// Values given for the one row of the reply, related rows included.
    given: Option<&'a Map<String, Value>>,
    outcome: Outcome,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(author: &'a Author, given: Option<&'a Map<String, Value>>) -> Self {
        Self {
            author,
            given,
            outcome: Outcome::default(),
        }
    }

    pub(crate) fn record(&mut self, tx: &mut Tx<'_>, table: &Table, what: What, record: &Record) -> Result<()> {
        let Author { access, vocabulary, .. } = self.author;
        let json = match self.given {
            Some(given) => relations::written(tx, table, access, record, given, *vocabulary)?,
            None => table.writer(*vocabulary).record(record),
        };
        let payload = match what {
            What::Create if !table.has_relationships() => Payload::written(String::from_utf8_lossy(&json)),
            // Related rows may be hidden from those who hear of this one: they get the ids that it holds.
            What::Create => {
                let bare = table.writer(*vocabulary).record(record);
                Payload::written(String::from_utf8_lossy(&bare))
            }
            _ => without_relationships(table, &json),
        };
        tx.emit(event(self.author, table, what, record, payload))?;
        self.outcome.total += 1;
        if self.outcome.rows.len() < SHOWN {
            self.outcome.rows.push(json);
        }
        Ok(())
    }
}

/// The event of a row: the one declaration of what it is about and who may be told.
fn event(author: &Author, table: &Table, what: What, record: &Record, payload: Payload) -> Event {
    let subject = [
        ("databases", table.database.as_str()),
        ("tables", table.id.as_str()),
        ("rows", record.id.as_str()),
    ];
    Event {
        legacy: author.vocabulary == Vocabulary::Collections,
        actor: author.actor.clone(),
        readers: Some(readers(table, record)),
        ..Event::new(subject, what.as_str(), payload)
    }
}

/// A row as events of changes show it: without its relationships.
fn without_relationships(table: &Table, json: &[u8]) -> Payload {
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
