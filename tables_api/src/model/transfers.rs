//! Imports and exports as clients see them.

use api::Date;
use kernel::Timestamp;
use records::transfer::State;

api::model! {
    /// A line of a file that could not be taken.
    pub struct Problem as "transferProblem" {
        /// Its number in the file, counted from 1.
        line: i64 = "line",
        /// The rule that it breaks.
        message: String = "message",
    }
}

api::model! {
    /// An import or an export of a table.
    pub struct Transfer as "transfer" {
        /// Its id.
        id: String = "$id",
        /// Request time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last progress.
        updated_at: Timestamp = "$updatedAt",
        /// import or export.
        direction: &'static str = "direction",
        /// csv or ndjson.
        format: &'static str = "format",
        /// waiting, running, done, failed or cancelled.
        status: &'static str = "status",
        /// Why it failed; empty otherwise.
        error: String = "error",
        /// Bytes of the file that were read or written.
        bytes_done: i64 = "bytesDone",
        /// Bytes of the file; 0 for an export that is not done.
        bytes_total: i64 = "bytesTotal",
        /// Lines that were read or written.
        lines: i64 = "lines",
        /// Rows that were written.
        rows: i64 = "rows",
        /// Lines that could not be taken.
        failed: i64 = "failed",
        /// The first of those.
        problems: Vec<Problem> = "problems",
        /// End time; empty until then.
        ended_at: Date = "endedAt",
    }
}

api::model! {
    /// Imports or exports.
    pub struct TransferList as "transferList" {
        /// Number of all matching entries, of which these are a page.
        total: i64 = "total",
        /// The page.
        transfers: Vec<Transfer> = "transfers",
    }
}

impl Transfer {
    /// Shows a transfer.
    pub fn of(transfer: &records::transfer::Transfer) -> Self {
        let over = !matches!(transfer.state, State::Waiting | State::Running);
        let problems = transfer.problems.0.iter().map(|problem| Problem {
            line: i64::try_from(problem.line).unwrap_or(i64::MAX),
            message: problem.message.clone(),
        });
        Self {
            id: transfer.id.to_string(),
            created_at: transfer.created_at,
            updated_at: transfer.updated_at,
            direction: transfer.direction.as_str(),
            format: transfer.format.as_str(),
            status: transfer.state.as_str(),
            error: transfer.error.clone(),
            bytes_done: transfer.bytes_done,
            bytes_total: transfer.bytes_total,
            lines: transfer.lines,
            rows: transfer.rows,
            failed: transfer.failed,
            problems: problems.collect(),
            ended_at: Date(over.then_some(transfer.updated_at)),
        }
    }
}
