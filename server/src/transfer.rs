//! `ferrite import` and `ferrite export`: transfer rows between a table and a file, on the machine that has the data.
//!
//! Both can run while a server uses the same data: the engine serializes writers, and the server compares a table's
//! version in each act, so that it notices changes made by other processes.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use db::{Database, Engine};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::Clock;
use records::transfer::{self, Direction, Exporter, Format, NewTransfer, OnConflict, Progress, State, Transfer};
use records::{Catalog, DatabaseId, Error, Records, TableId, TransferId, Vocabulary};
use secrets::Vault;

use crate::serve::{StartError, database_settings, migrations, vault_secret};
use crate::settings::{Flags, Settings};

/// Options that both commands share.
#[derive(Debug, Clone, Args)]
pub struct TransferTarget {
    /// ID of the project
    #[arg(long, value_name = "ID")]
    project: String,
    /// The table, as `database/table`
    #[arg(long, value_name = "DATABASE/TABLE")]
    table: String,
    /// csv or ndjson [default: by the file's extension]
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
}

/// Options of `ferrite import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The file: CSV with a header of column keys, or one JSON object per line
    file: PathBuf,
    #[command(flatten)]
    target: TransferTarget,
    /// How to handle a line whose row exists already: `report` it as a problem, or `skip` it
    #[arg(long, value_name = "REPORT|SKIP", default_value = "report")]
    on_conflict: String,
    /// Resume an interrupted import, by its id; the file must be the same
    #[arg(long, value_name = "ID")]
    resume: Option<String>,
    /// Settings of the server.
    #[command(flatten)]
    pub flags: Box<Flags>,
}

/// Options of `ferrite export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The file to write [default: standard output]
    file: Option<PathBuf>,
    #[command(flatten)]
    target: TransferTarget,
    /// Settings of the server.
    #[command(flatten)]
    pub flags: Box<Flags>,
}

/// Error of a failed transfer.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum TransferError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("--table is written database/table")]
    Table,
    #[error("--format is csv or ndjson, and {0} does not end in either")]
    Format(String),
    #[error("{0} is not an id")]
    Id(String),
    #[error("--on-conflict is report or skip")]
    OnConflict,
    #[error("there is no project {0}")]
    Project(String),
    #[error("{0}: {1}")]
    File(String, io::Error),
    #[error("{0}")]
    Records(#[from] Error),
    #[error("interrupted after {0} lines; continue with --resume {1}")]
    Interrupted(i64, String),
    #[error("{0} lines could not be imported")]
    Problems(i64),
}

impl From<db::Error> for TransferError {
    fn from(error: db::Error) -> Self {
        Self::Records(error.into())
    }
}

struct Opened {
    engine: Engine,
    db: Database,
    catalog: Catalog,
    target: (DatabaseId, TableId),
    format: Format,
}

async fn open(settings: &Settings, target: &TransferTarget, file: Option<&PathBuf>) -> Result<Opened, TransferError> {
    let (database, table) = target.table.split_once('/').ok_or(TransferError::Table)?;
    let database = DatabaseId::parse(database).ok_or_else(|| TransferError::Id(database.to_owned()))?;
    let table = TableId::parse(table).ok_or_else(|| TransferError::Id(table.to_owned()))?;
    let ending = file
        .and_then(|file| file.extension())
        .and_then(|ending| ending.to_str());
    let ending = ending.map(|ending| if ending == "jsonl" { "ndjson" } else { ending });
    let wanted = target.format.as_deref().or(ending).unwrap_or("ndjson");
    let format = Format::parse(wanted).ok_or_else(|| TransferError::Format(wanted.to_owned()))?;
    let engine = Engine::open(database_settings(settings), Clock::system(), migrations()?).map_err(StartError::from)?;
    if target.project == projects::CONSOLE || !engine.names().await?.contains(&target.project) {
        return Err(TransferError::Project(target.project.clone()));
    }
    let vault = Vault::new(&vault_secret(settings)?, &settings.old_secrets);
    Ok(Opened {
        db: engine.database(&target.project),
        engine,
        catalog: Records::new(Arc::new(vault)).of(&target.project),
        target: (database, table),
        format,
    })
}

/// Imports a file. Lines that cannot be imported do not stop it: it fails at the end with their number, and the other
/// rows stay in the table.
pub async fn import(settings: &Settings, import: &Import) -> Result<String, TransferError> {
    let on_conflict = OnConflict::parse(&import.on_conflict).ok_or(TransferError::OnConflict)?;
    let named = |error| TransferError::File(import.file.display().to_string(), error);
    let file = File::open(&import.file).map_err(named)?;
    let bytes = file.metadata().map_err(named)?.len();
    let Opened {
        engine,
        db,
        catalog,
        target,
        format,
    } = open(settings, &import.target, Some(&import.file)).await?;
    let id = match &import.resume {
        Some(id) => TransferId::parse(id.as_str()).ok_or_else(|| TransferError::Id(id.clone()))?,
        None => {
            let new = NewTransfer {
                direction: Direction::Import,
                format,
                on_conflict,
                bytes_total: i64::try_from(bytes).unwrap_or(i64::MAX),
            };
            let (catalog, target) = (catalog.clone(), target.clone());
            let created = db.write(move |tx| {
                let table = catalog.table(tx, &target.0, &target.1)?;
                transfer::create(tx, &table, new)
            });
            created.await?.id
        }
    };
    let bar = bar(bytes);
    let stop = stop_on_sigint();
    let progress_bar = bar.clone();
    let done = transfer::import(
        &db,
        &catalog,
        (target, Vocabulary::Tables),
        id.clone(),
        file,
        move |transfer| {
            progress_bar.set_position(u64::try_from(transfer.bytes_done).unwrap_or(0));
            progress_bar.set_message(format!("{} rows", transfer.rows));
            if stop.load(Ordering::Relaxed) {
                Progress::Stop
            } else {
                Progress::Continue
            }
        },
    )
    .await;
    bar.finish_and_clear();
    catalog.meter().flush_all(&engine).await;
    engine.close().await;
    summary(&done?, &id)
}

fn summary(done: &Transfer, id: &TransferId) -> Result<String, TransferError> {
    for problem in &done.problems.0 {
        eprintln!("line {}: {}", problem.line, problem.message);
    }
    if done.state != State::Done {
        return Err(TransferError::Interrupted(done.lines, id.to_string()));
    }
    if done.failed > 0 {
        eprintln!("{} rows imported", done.rows);
        return Err(TransferError::Problems(done.failed));
    }
    Ok(format!("{} rows imported", done.rows))
}

/// Exports a table to a file or to standard output.
pub async fn export(settings: &Settings, export: &Export) -> Result<String, TransferError> {
    let Opened {
        engine,
        db,
        catalog,
        target,
        format,
    } = open(settings, &export.target, export.file.as_ref()).await?;
    let name = export
        .file
        .as_ref()
        .map_or("standard output".into(), |file| file.display().to_string());
    let named = |error| TransferError::File(name.clone(), error);
    let mut out: Box<dyn Write> = match &export.file {
        Some(file) => Box::new(io::BufWriter::new(File::create(file).map_err(named)?)),
        None => Box::new(io::stdout().lock()),
    };
    let bar = ProgressBar::new_spinner();
    let exporter = Arc::new(Exporter::new(format, Vocabulary::Tables));
    let (mut after, mut rows) = (None, 0_u64);
    loop {
        let (catalog, target, exporter) = (catalog.clone(), target.clone(), Arc::clone(&exporter));
        let (page, last, count) = db
            .read(move |tx| {
                let table = catalog.table(tx, &target.0, &target.1)?;
                let mut page = if after.is_none() {
                    exporter.head(&table)
                } else {
                    Vec::new()
                };
                let (last, count) = exporter.page(tx, &table, after.unwrap_or(0), &mut page)?;
                Ok::<_, Error>((page, last, count))
            })
            .await?;
        out.write_all(&page).map_err(named)?;
        rows += count;
        bar.set_message(format!("{rows} rows"));
        bar.tick();
        let Some(last) = last else { break };
        after = Some(last);
    }
    out.flush().map_err(named)?;
    bar.finish_and_clear();
    engine.close().await;
    Ok(if export.file.is_some() {
        format!("{rows} rows exported")
    } else {
        String::new()
    })
}

/// Progress bar in bytes, drawn on standard error if that is a terminal.
fn bar(bytes: u64) -> ProgressBar {
    const TEMPLATE: &str = "{bar:40} {percent:>3}%  {bytes}/{total_bytes}  {msg}  {eta} left";
    let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style)
}

/// Flag that becomes true on SIGINT: the import then stops after its current batch.
fn stop_on_sigint() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let on_signal = Arc::clone(&stop);
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        on_signal.store(true, Ordering::Relaxed);
    });
    stop
}
