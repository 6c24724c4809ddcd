//! Acts on rows: writing, the event of each row and its readers, and staging. All writers of
//! rows use this module, so that requests, imports and jobs emit the same events.
//!
//! Not here: the execution of single steps (`rows`), and the audit entry, which the request writes.

mod author;
mod reply;

use std::sync::Arc;

use db::{Event, Payload, Tx};
use kernel::permission::Action;
use serde_json::Value;

use crate::rows::{Record, Step, What};
use crate::transactions::{self, Operation, Transaction};
use crate::{Catalog, DatabaseId, Error, Result, Table, TableId, TransactionError, TransactionId, Vocabulary};

pub use author::Author;

/// Maximum number of rows in the reply of a bulk act.
const SHOWN: usize = 100;

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
    let mut recorder = Recorder::new(author, Some(step));
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
    let preview = |one| reply::preview(tx, author, one, step);
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

/// Emits the event of each written row in the same transaction, and collects the first rows for the reply.
#[derive(Debug)]
pub(crate) struct Recorder<'a> {
    author: &'a Author,
    /// The step of a request, whose reply shows the row.
    step: Option<&'a Step>,
    outcome: Outcome,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(author: &'a Author, step: Option<&'a Step>) -> Self {
        Self {
            author,
            step,
            outcome: Outcome::default(),
        }
    }

    pub(crate) fn record(&mut self, tx: &mut Tx<'_>, table: &Table, what: What, record: &Record) -> Result<()> {
        // A subscriber may not be allowed to read related rows, and the author may not be allowed to read the row, so
        // the event and the reply are built separately.
        let stored = table.writer(self.author.vocabulary).record(record);
        let payload = without_relationships(table, &stored);
        let json = match self.step {
            Some(step) => reply::written(tx, table, self.author, (record, stored), step)?,
            None => stored,
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

/// A row for events: without its relationships.
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
