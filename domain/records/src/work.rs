//! Jobs of databases: work that continues after an act, and resumes after a crash.

use db::{Database, Tx};
use jobs::{Job, JobError, Worker};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::columns::{self, Status};
use crate::indexes::{self, Index};
use crate::tables::entry::{self, Entry};
use crate::{Catalog, Error, Key, Records, Result, Table, physical};

/// Frees the storage of a deleted table.
const DROP_TABLE: &str = "records.dropTable";
/// Drops a deleted column.
const DROP_COLUMN: &str = "records.dropColumn";
/// Builds an index of a large table.
const BUILD_INDEX: &str = "records.buildIndex";
/// Kinds of this module's jobs.
pub const JOBS: &[&str] = &[DROP_TABLE, DROP_COLUMN, BUILD_INDEX];

/// Payload of a job: table and part by number, because IDs and keys can be reused.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    table: i64,
    #[serde(default)]
    column: Option<Key>,
    #[serde(default)]
    index: i64,
}

/// Enqueues the job that frees a table's storage.
pub(crate) fn drop_table(tx: &mut Tx<'_>, table: i64) -> Result<()> {
    Ok(tx.enqueue(DROP_TABLE, &json!({"table": table}), None)?)
}

/// Enqueues the job that drops a column, which is already marked as deleting.
pub(crate) fn drop_column(tx: &mut Tx<'_>, table: &Table, key: &Key) -> Result<()> {
    let payload = json!({"table": table.names.seq, "column": key});
    Ok(tx.enqueue(DROP_COLUMN, &payload, None)?)
}

/// Enqueues the job that builds an index, which is already marked as processing.
pub(crate) fn build_index(tx: &mut Tx<'_>, table: &Table, index: &Index) -> Result<()> {
    let payload = json!({"table": table.names.seq, "index": index.seq});
    Ok(tx.enqueue(BUILD_INDEX, &payload, None)?)
}

/// Registers the jobs with a worker.
#[must_use]
pub fn register(worker: Worker, records: &Records) -> Worker {
    let (for_columns, for_indexes) = (records.clone(), records.clone());
    worker
        .handle(DROP_TABLE, |job| async move {
            let Payload { table, .. } = payload(&job)?;
            while !job.database.write(move |tx| physical::drop_some(tx, table)).await? {}
            Ok(())
        })
        .handle(DROP_COLUMN, move |job| {
            let records = for_columns.clone();
            async move { finish_column(&records, &job.database, payload(&job)?).await }
        })
        .handle(BUILD_INDEX, move |job| {
            let records = for_indexes.clone();
            async move { finish_index(&records, &job.database, payload(&job)?).await }
        })
}

fn payload(job: &Job) -> std::result::Result<Payload, JobError> {
    serde_json::from_value(job.payload.clone()).map_err(JobError::permanent)
}

async fn finish_column(records: &Records, database: &Database, payload: Payload) -> std::result::Result<(), JobError> {
    let catalog = records.of(database.name());
    let (failed, key) = (payload.clone(), payload.column.clone());
    let done = database
        .write(move |tx| {
            let Some(entry) = Entry::of(tx, payload.table)? else {
                return Ok(());
            };
            let table = catalog.table_to_change(tx, &entry.database_id, &entry.id)?;
            let column = payload.column.as_ref().and_then(|key| table.column(key.as_str()));
            let Some(column) = column.filter(|column| column.status == Status::Deleting) else {
                return Ok(());
            };
            physical::drop_column(tx, &table.names, &column.name())?;
            columns::forget(tx, payload.table, &column.key)?;
            entry::outdate(tx, payload.table)
        })
        .await;
    let (Err(error), Some(key)) = (done, key) else {
        return Ok(());
    };
    let error = permanent_error(error)?;
    let text = error.to_string();
    database
        .write(move |tx| columns::set_status(tx, failed.table, &key, Status::Stuck, &text))
        .await?;
    Err(JobError::permanent(error))
}

async fn finish_index(records: &Records, database: &Database, payload: Payload) -> std::result::Result<(), JobError> {
    let (table, seq) = (payload.table, payload.index);
    loop {
        let catalog = records.of(database.name());
        let step = database.write(move |tx| step_of_index(tx, &catalog, table, seq)).await;
        let error = match step {
            Ok(true) => return Ok(()),
            Ok(false) => continue,
            Err(error) => permanent_error(error)?,
        };
        let text = error.to_string();
        database
            .write(move |tx| {
                indexes::set_status(tx, seq, Status::Failed, &text)?;
                entry::outdate(tx, table)
            })
            .await?;
        return Err(JobError::permanent(error));
    }
}

/// Runs one step of building an index; returns whether it is complete.
fn step_of_index(tx: &mut Tx<'_>, catalog: &Catalog, table: i64, seq: i64) -> Result<bool> {
    let Some(entry) = Entry::of(tx, table)? else {
        return Ok(true);
    };
    let table = catalog.table_to_change(tx, &entry.database_id, &entry.id)?;
    let index = table.indexes.iter().find(|index| index.seq == seq);
    let Some(index) = index.filter(|index| index.status == Status::Processing) else {
        return Ok(true);
    };
    let done = indexes::build_step(tx, &table, index)?;
    if done {
        entry::outdate(tx, entry.seq)?;
    }
    Ok(done)
}

/// Returns an error that a retry cannot resolve; any other becomes a [`JobError`] that retries the job.
fn permanent_error(error: Error) -> std::result::Result<Error, JobError> {
    match error {
        Error::Db(error) if kernel::Fault::kind(&error) != kernel::Kind::Broken => Err(JobError::retry(error)),
        error => Ok(error),
    }
}
