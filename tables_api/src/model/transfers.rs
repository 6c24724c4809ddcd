//! Models of imports and exports.

use api::Date;
use kernel::Timestamp;
use records::transfer::State;

api::model! {
    /// A line of a file that could not be imported.
    pub struct Problem as "transferProblem" {
        /// Line number in the file, from 1.
        line: i64 = "line",
        /// Error message.
        message: String = "message",
    }
}

api::model! {
    /// An import or an export of a table.
    pub struct Transfer as "transfer" {
        /// Transfer ID.
        id: String = "$id",
        /// Request time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last progress.
        updated_at: Timestamp = "$updatedAt",
        /// Direction: import or export.
        direction: &'static str = "direction",
        /// File format: csv or ndjson.
        format: &'static str = "format",
        /// Status: waiting, running, done, failed or cancelled.
        status: &'static str = "status",
        /// Error message of a failed transfer; otherwise empty.
        error: String = "error",
        /// Number of bytes of the file read or written so far.
        bytes_done: i64 = "bytesDone",
        /// Size of the file, in bytes; 0 for an unfinished export.
        bytes_total: i64 = "bytesTotal",
        /// Number of lines read or written.
        lines: i64 = "lines",
        /// Number of rows written.
        rows: i64 = "rows",
        /// Number of lines that could not be imported.
        failed: i64 = "failed",
        /// The first of these lines, with their errors.
        problems: Vec<Problem> = "problems",
        /// End time; empty until then.
        ended_at: Date = "endedAt",
    }
}

api::model! {
    /// A page of imports or exports.
    pub struct TransferList as "transferList" {
        /// Total number of matching transfers.
        total: i64 = "total",
        /// Transfers of the page.
        transfers: Vec<Transfer> = "transfers",
    }
}

impl Transfer {
    /// The model of a transfer.
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
