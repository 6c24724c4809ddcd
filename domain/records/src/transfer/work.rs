//! Jobs of transfers over HTTP; their files are in the database.

use std::io::Cursor;
use std::sync::Arc;

use db::{Database, Tx};
use jobs::{Job, JobError, Worker};
use kernel::{Fault, Kind};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Exporter, Progress, State, Transfer, import, parts, store};
use crate::tables::Entry;
use crate::{Catalog, Error, Records, Result, TransferId, Vocabulary};

const IMPORT: &str = "records.import";
const EXPORT: &str = "records.export";
/// Kinds of this module's jobs.
pub const JOBS: &[&str] = &[IMPORT, EXPORT];

/// Payload of a transfer job.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    table: i64,
    transfer: TransferId,
    #[serde(default)]
    collections: bool,
}

impl Payload {
    fn vocabulary(&self) -> Vocabulary {
        if self.collections {
            Vocabulary::Collections
        } else {
            Vocabulary::Tables
        }
    }
}

/// Enqueues the job of a transfer; the vocabulary determines the keys of exported JSON lines.
pub fn start(tx: &mut Tx<'_>, transfer: &Transfer, vocabulary: Vocabulary) -> Result<()> {
    let kind = match transfer.direction {
        super::Direction::Import => IMPORT,
        super::Direction::Export => EXPORT,
    };
    let collections = vocabulary == Vocabulary::Collections;
    let payload = json!({"table": transfer.table_seq, "transfer": transfer.id, "collections": collections});
    Ok(tx.enqueue(kind, &payload, None)?)
}

/// Registers the jobs with a worker.
#[must_use]
pub fn register(worker: Worker, records: &Records) -> Worker {
    let (imports, exports) = (records.clone(), records.clone());
    worker
        .handle(IMPORT, move |job| done(imports.clone(), job, true))
        .handle(EXPORT, move |job| done(exports.clone(), job, false))
}

/// Runs a job; errors that a retry cannot resolve are stored in the transfer.
async fn done(records: Records, job: Job, importing: bool) -> std::result::Result<(), JobError> {
    let payload: Payload = serde_json::from_value(job.payload.clone()).map_err(JobError::permanent)?;
    let (catalog, db) = (records.of(job.database.name()), &job.database);
    let result = if importing {
        run_import(&catalog, db, payload.clone()).await
    } else {
        run_export(&catalog, db, payload.clone()).await
    };
    let Err(error) = result else { return Ok(()) };
    if let Error::Db(error) = &error
        && matches!(error.kind(), Kind::Unavailable(_) | Kind::Contended(_))
    {
        return Err(JobError::retry(error));
    }
    let text = error.to_string();
    db.write(move |tx| match store::lock(tx, payload.table, &payload.transfer)? {
        Some(mut transfer) => store::finish(tx, &mut transfer, Some(&error)),
        None => Ok(()),
    })
    .await?;
    Err(JobError::permanent(text))
}

async fn run_import(catalog: &Catalog, db: &Database, payload: Payload) -> Result<()> {
    let (table, id) = (payload.table, payload.transfer.clone());
    let found = db
        .read(move |tx| {
            let Some(entry) = Entry::of(tx, table)? else {
                return Ok(None);
            };
            let transfer = store::of_number(tx, table, &id)?;
            if !transfer.is_some_and(|transfer| matches!(transfer.state, State::Waiting | State::Running)) {
                return Ok(None);
            }
            let file = parts::all(tx, &id)?;
            Ok::<_, Error>(Some((entry, file)))
        })
        .await?;
    let Some((entry, file)) = found else { return Ok(()) };
    let position = (entry.database_id, entry.id);
    let to = (position, payload.vocabulary());
    import(db, catalog, to, payload.transfer, Cursor::new(file), |_| {
        Progress::Continue
    })
    .await?;
    Ok(())
}

async fn run_export(catalog: &Catalog, db: &Database, payload: Payload) -> Result<()> {
    let payload = Arc::new(payload);
    loop {
        let (catalog, payload) = (catalog.clone(), Arc::clone(&payload));
        if db.write(move |tx| export_page(tx, &catalog, &payload)).await? {
            return Ok(());
        }
    }
}

/// Writes the next page of an export with its progress; returns whether the export is complete.
fn export_page(tx: &mut Tx<'_>, catalog: &Catalog, payload: &Payload) -> Result<bool> {
    let Some(entry) = Entry::of(tx, payload.table)? else {
        return Ok(true);
    };
    let Some(mut transfer) = store::lock(tx, payload.table, &payload.transfer)? else {
        return Ok(true);
    };
    if !matches!(transfer.state, State::Waiting | State::Running) {
        return Ok(true);
    }
    let table = catalog.table(tx, &entry.database_id, &entry.id)?;
    let exporter = Exporter::new(transfer.format, payload.vocabulary());
    let mut page = match transfer.state {
        State::Waiting => exporter.head(&table),
        _ => Vec::new(),
    };
    transfer.state = State::Running;
    let (last, rows) = exporter.page(tx, &table, transfer.last_seq, &mut page)?;
    parts::append(tx, &transfer.id, &page)?;
    let rows = i64::try_from(rows).unwrap_or(0);
    transfer.rows += rows;
    transfer.lines += rows;
    transfer.bytes_done += i64::try_from(page.len()).unwrap_or(0);
    match last {
        Some(last) => {
            transfer.last_seq = last;
            store::save(tx, &mut transfer)?;
            Ok(false)
        }
        None => {
            transfer.bytes_total = transfer.bytes_done;
            store::finish(tx, &mut transfer, None)?;
            Ok(true)
        }
    }
}
