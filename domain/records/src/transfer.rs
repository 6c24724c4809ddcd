//! Transfers: rows of a table out of a file and into one, as CSV or as JSON lines.
//!
//! A transfer is a row in the catalog that says how far it is. An import commits its progress together with the rows of
//! each batch, so that one which was cut off goes on where it was; a line that cannot be taken is noted with its number,
//! and the others are. Imported rows emit no events: whoever listens for each of a million rows is not helped by them.
//!
//! Not here: where the bytes come from and go to. A command reads a file; over HTTP they lie in the database as
//! [`parts`], so that any node can go on with them.

mod batch;
mod cells;
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
pub use import::{Cut, import};
pub use store::{NewTransfer, add, cancel, check_downloadable, create, find, finish, lock, of_table};

kernel::choices! {
    /// File format of rows.
    pub enum Format {
        /// Comma separated values with a line of column keys (RFC 4180).
        Csv = "csv",
        /// A JSON object a line.
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
        /// Nobody has begun with it.
        Waiting = "waiting",
        /// It goes on, or was cut off and can go on.
        Running = "running",
        /// All lines were read or written.
        Done = "done",
        /// It cannot go on.
        Failed = "failed",
        /// Someone called it off; what was imported stays.
        Cancelled = "cancelled",
    }
}

kernel::choices! {
    /// Conflict policy: a line whose row exists is reported or skipped.
    pub enum OnConflict {
        /// It is noted as a line that could not be taken.
        Report = "report",
        /// It is left out without a word.
        Skip = "skip",
    }
}

db::text_value!(Format, Format::parse);
db::text_value!(Direction, Direction::parse);
db::text_value!(State, State::parse);
db::text_value!(OnConflict, OnConflict::parse);

/// Lines that are noted at most; the others are counted.
pub const MAX_PROBLEMS: usize = 100;

/// A line that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Its number in the file, counted from 1.
    pub line: u64,
    /// The rule that it breaks.
    pub message: String,
}

db::table! {
    /// A transfer.
    pub struct Transfer in transfers as Transfers {
        /// Its id.
        pub id: TransferId => Id,
        /// The number of its table.
        pub table_seq: i64 => TableSeq,
        /// Direction: import or export.
        pub direction: Direction => Direction,
        /// File format.
        pub format: Format => Format,
        /// Conflict policy: a line whose row exists is reported or skipped.
        pub on_conflict: OnConflict => OnConflict,
        /// Status.
        pub state: State => State,
        /// Why it failed; empty otherwise.
        pub error: String => Error,
        /// Bytes of the file that were read or written.
        pub bytes_done: i64 => BytesDone,
        /// Bytes of the file; 0 for an export that is not done.
        pub bytes_total: i64 => BytesTotal,
        /// Lines that were read.
        pub lines: i64 => Lines,
        /// Rows that were written.
        pub rows: i64 => Rows,
        /// Lines that could not be taken.
        pub failed: i64 => Failed,
        /// The first of those.
        pub problems: Json<Vec<Problem>> => Problems,
        /// The number of the last row that was exported.
        pub last_seq: i64 => LastSeq,
        /// Request time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last progress.
        pub updated_at: Timestamp => UpdatedAt,
    }
}
