//! Transfers: imports of rows from files and exports to files, as CSV or NDJSON.
//!
//! A transfer has a row in the catalog with its progress. An import commits its progress together with the rows of each
//! batch, so that it can resume after an interruption; an invalid line is recorded with its number and skipped.
//! Imported rows emit no events, which would be too many to be useful.
//!
//! Not here: source and destination of the bytes. A command reads or writes a file; over HTTP the bytes are stored in
//! the database as [`parts`], so that any node can continue.

mod batch;
mod cells;
mod csv_cells;
mod export;
mod import;
mod lines;
pub mod parts;
mod store;
pub mod work;

use db::Json;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::TransferId;

pub use export::{Exporter, PAGE};
pub use import::{Progress, import};
pub(crate) use store::clear;
pub use store::{NewTransfer, add, cancel, check_downloadable, create, find, finish, lock, of_table};

kernel::choices! {
    /// File format of rows.
    pub enum Format {
        /// Comma-separated values with a header line of column keys (RFC 4180).
        Csv = "csv",
        /// One JSON object per line.
        Ndjson = "ndjson",
    }
}

kernel::choices! {
    /// Direction: import or export.
    pub enum Direction {
        /// Into the table.
        Import = "import",
        /// Out of it.
        Export = "export",
    }
}

kernel::choices! {
    /// State of a transfer.
    pub enum State {
        /// Not started.
        Waiting = "waiting",
        /// In progress, or interrupted and resumable.
        Running = "running",
        /// All lines were read or written.
        Done = "done",
        /// Failed; it cannot be resumed.
        Failed = "failed",
        /// Cancelled by a user; imported rows stay.
        Cancelled = "cancelled",
    }
}

kernel::choices! {
    /// What happens with a line whose row already exists.
    pub enum OnConflict {
        /// It is recorded as an invalid line.
        Report = "report",
        /// It is skipped.
        Skip = "skip",
    }
}

db::text_value!(Format, Format::parse);
db::text_value!(Direction, Direction::parse);
db::text_value!(State, State::parse);
db::text_value!(OnConflict, OnConflict::parse);

/// Maximum number of recorded invalid lines; further ones are only counted.
pub const MAX_PROBLEMS: usize = 100;

/// An invalid line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Line number in the file, counted from 1.
    pub line: u64,
    /// The violated rule.
    pub message: String,
}

db::table! {
    /// A transfer.
    pub struct Transfer in transfers as Transfers {
        /// Its ID.
        pub id: TransferId => Id,
        /// The number of its table.
        pub table_seq: i64 => TableSeq,
        /// Direction: import or export.
        pub direction: Direction => Direction,
        /// File format.
        pub format: Format => Format,
        /// What happens with a line whose row already exists.
        pub on_conflict: OnConflict => OnConflict,
        /// Status.
        pub state: State => State,
        /// The error of a failed transfer; empty otherwise.
        pub error: String => Error,
        /// Number of bytes read or written.
        pub bytes_done: i64 => BytesDone,
        /// Size of the file in bytes; 0 for an unfinished export.
        pub bytes_total: i64 => BytesTotal,
        /// Number of lines read.
        pub lines: i64 => Lines,
        /// Number of rows written.
        pub rows: i64 => Rows,
        /// Number of invalid lines.
        pub failed: i64 => Failed,
        /// The first invalid lines.
        pub problems: Json<Vec<Problem>> => Problems,
        /// Number of the last exported row.
        pub last_seq: i64 => LastSeq,
        /// Request time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last progress.
        pub updated_at: Timestamp => UpdatedAt,
    }
}
