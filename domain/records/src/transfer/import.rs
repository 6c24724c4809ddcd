//! Import of rows from a file.

use std::io::{Read, Seek};
use std::sync::Arc;

use db::Database;
use tokio::sync::mpsc;

use super::lines::{Line, Lines};
use super::{State, Transfer, batch, store};
use crate::acts::Author;
use crate::{Catalog, DatabaseId, Error, Result, Table, TableId, TransferError, TransferId, Vocabulary, verbatim};

/// Maximum number of lines per batch.
const LINES: usize = 1000;

/// A batch of lines, and the offset after them.
struct Batch {
    lines: Vec<Line>,
    offset: u64,
}

/// Whether an import continues after a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Read the next batch.
    Continue,
    /// The import can be resumed.
    Stop,
}

/// Imports a file into a table, from the offset of an interrupted transfer. `progress` is called after each commit of a
/// batch.
///
/// The file is read and validated on its own thread while the previous batch is written. Invalid lines are recorded in
/// the transfer. Fails if the file cannot be read, if its header does not match the table's columns, or if the table is
/// changed meanwhile: in that case the import can be resumed.
pub async fn import<R>(
    db: &Database,
    catalog: &Catalog,
    (position, vocabulary): ((DatabaseId, TableId), Vocabulary),
    id: TransferId,
    file: R,
    mut progress: impl FnMut(&Transfer) -> Progress,
) -> Result<Transfer>
where
    R: Read + Seek + Send + 'static,
{
    let author = Author::server(vocabulary);
    let (table, mut transfer) = begin(db, catalog, position.clone(), id).await?;
    let mut batches = read(file, Arc::clone(&table), &transfer);
    while let Some(read) = batches.recv().await {
        let Batch { lines, offset } = read?;
        let (catalog, position, version) = (catalog.clone(), position.clone(), table.version);
        let author = author.clone();
        transfer = db
            .write(move |tx| {
                let now = catalog.table(tx, &position.0, &position.1)?;
                if now.version != version {
                    return Err(Error::BadRequest(
                        "The <table> was changed during the import; take it up again".to_owned(),
                    ));
                }
                // The transfer may have been cancelled meanwhile.
                let transfer = store::lock(tx, transfer.table_seq, &transfer.id)?;
                let mut transfer = transfer.ok_or(TransferError::NotFound)?;
                if transfer.state != State::Running {
                    return Ok(transfer.into_inner());
                }
                batch::write(tx, &now, &author, &mut transfer, &lines)?;
                transfer.bytes_done = i64::try_from(offset).unwrap_or(i64::MAX);
                store::save(tx, &mut transfer)?;
                Ok(transfer.into_inner())
            })
            .await?;
        if progress(&transfer) == Progress::Stop || transfer.state != State::Running {
            return Ok(transfer);
        }
    }
    db.write(move |tx| {
        let transfer = store::lock(tx, transfer.table_seq, &transfer.id)?;
        let mut transfer = transfer.ok_or(TransferError::NotFound)?;
        if transfer.state == State::Running {
            store::finish(tx, &mut transfer, None)?;
        }
        Ok(transfer.into_inner())
    })
    .await
}

async fn begin(
    db: &Database,
    catalog: &Catalog,
    position: (DatabaseId, TableId),
    id: TransferId,
) -> Result<(Arc<Table>, Transfer)> {
    let catalog = catalog.clone();
    db.write(move |tx| {
        let table = catalog.table(tx, &position.0, &position.1)?;
        let mut transfer = store::lock(tx, table.names.seq, &id)?.ok_or(TransferError::NotFound)?;
        if !matches!(transfer.state, State::Waiting | State::Running) {
            return Err(Error::BadRequest(format!("The import is {} already", transfer.state)));
        }
        transfer.state = State::Running;
        store::save(tx, &mut transfer)?;
        Ok((table, transfer.into_inner()))
    })
    .await
}

/// Reads the file on its own thread, up to two batches ahead of the writer.
fn read<R: Read + Seek + Send + 'static>(
    file: R,
    table: Arc<Table>,
    transfer: &Transfer,
) -> mpsc::Receiver<Result<Batch>> {
    let (send, receive) = mpsc::channel(2);
    let (format, offset, lines) = (transfer.format, unsigned(transfer.bytes_done), unsigned(transfer.lines));
    tokio::task::spawn_blocking(move || {
        let unreadable =
            |error: std::io::Error| Error::BadRequest(format!("The file cannot be read: {}", verbatim(error)));
        let mut source = match Lines::open(file, format, &table, offset, lines) {
            Ok(source) => source,
            Err(error) => return drop(send.blocking_send(Err(unreadable(error)))),
        };
        loop {
            let batch = take(&mut source, &table).map_err(unreadable);
            let last = batch.as_ref().map_or(true, |batch| batch.lines.is_empty());
            if batch.as_ref().is_ok_and(|batch| batch.lines.is_empty()) || send.blocking_send(batch).is_err() || last {
                return;
            }
        }
    });
    receive
}

fn take<R: Read + Seek>(source: &mut Lines<R>, table: &Table) -> std::io::Result<Batch> {
    let mut lines = Vec::with_capacity(LINES);
    while lines.len() < LINES {
        match source.next(table)? {
            Some(line) => lines.push(line),
            None => break,
        }
    }
    Ok(Batch {
        lines,
        offset: source.offset(),
    })
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
