//! Acts on rows: writing, the event of each row and its readers, and staging. All writers of
//! rows use this module, so that requests, imports and jobs emit the same events.
//!
//! Not here: the execution of single steps (`rows`), and the audit entry, which the request writes.

use std::sync::Arc;

use db::{Event, Payload, Tx};
use kernel::Timestamp;
use kernel::permission::{Action, Permissions};
use serde_json::{Map, Value, json};

use crate::rows::{NewRow, Record, Step, What};
use crate::transactions::{self, Operation, Preview, Transaction};
use crate::{
    Access, Catalog, DatabaseId, Error, Result, Table, TableId, TransactionError, TransactionId, Vocabulary, relations,
};

/// Maximum number of rows in the reply of a bulk act.
const SHOWN: usize = 100;

/// Author of an act: user, rights, and the vocabulary of replies and payloads.
#[derive(Debug, Clone)]
pub struct Author {
    /// ID of the user; none for a server.
    pub actor: Option<String>,
    /// Rights of the author.
    pub access: Access,
    /// The vocabulary of replies and of payloads of events.
    pub vocabulary: Vocabulary,
    /// Time at which the author read the rows; rows that were changed later are refused.
    pub read_at: Option<Timestamp>,
}

impl Author {
    /// A server, without restrictions.
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
    /// The first `SHOWN` rows as JSON, in the author's vocabulary.
    pub rows: Vec<Vec<u8>>,
    /// Number of rows.
    pub total: usize,
}

/// Runs a step in one transaction. Returns the table and the written rows.
///
/// # Errors
/// [`crate::TableError::NotFound`] or [`crate::DatabaseError::NotFound`] if the author may not see the table; errors of
/// the step.
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

/// Stages a step in a transaction. Returns the resulting row, for a step on one row.
///
/// # Errors
/// As `transactions::stage`; for a step on several rows, a transaction that is no longer pending is a bad request.
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
        Error::Transaction(TransactionError::NotReady) if step.row().is_none() => Error::BadRequest(error.template()),
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

/// Commits a transaction: all staged steps are done in order, or none is and the transaction is marked as failed. That
/// error is returned beside the transaction, because the failed state must be committed.
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
        // In the events of a transaction an upsert is reported as an update, as in Appwrite.
        let what = if what == What::Upsert { What::Update } else { what };
        recorder.record(tx, table, what, record)
    })
}

/// The resulting row of a step; none for steps on several rows.
fn preview(tx: &Tx<'_>, vocabulary: Vocabulary, Preview { table, record }: &Preview, step: &Step) -> Option<Vec<u8>> {
    let id = step.row()?;
    if let Some(record) = record {
        return Some(table.writer(vocabulary).record(record));
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

/// Emits the event of each written row in the same transaction, and collects the first rows for the reply.
#[derive(Debug)]
pub(crate) struct Recorder<'a> {
    author: &'a Author,
    /// The request's values of a single row, with related rows, for the reply.
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
            // A subscriber may not be allowed to read related rows: the event contains only the IDs that the row
            // stores.
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

/// The event of a row: its subject and its readers.
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

/// A row for events of changes: without its relationships.
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
    // A list of texts can always be serialized.
    serde_json::to_string(&roles).unwrap_or_default()
}
