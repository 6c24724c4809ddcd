//! The change log: the events of a database in order, kept within bounds of age and size.
//!
//! Each entry has a [`Position`]. A consumer reads on from the last one that it has processed ([`read`]) and gets every
//! entry once, in order; if entries after its position were dropped meanwhile, [`Batch::gap`] is set.
//!
//! SQLite has one writer, so numbers are assigned in the order of commits. On PostgreSQL concurrent acts may commit in
//! another order than they began: the position of an entry is its transaction (`pg_current_xact_id`) and number, and it
//! is read only once every transaction with a lower id has ended (`pg_snapshot_xmin`), so that no slower one can still
//! add an entry before it. That costs a writer nothing, and delays a consumer at most until the longest running act
//! ends.
//!
//! The log is trimmed by [`trim`], in steps, up to the position of its slowest consumer; a hard bound limits the log if
//! a consumer never reads.

mod position;

use std::borrow::Cow;

use kernel::event::Segment;
use kernel::{Event, Payload, Timestamp};

pub use self::position::Position;
use crate::{Commit, Dialect, Error, FromRow, Options, Recorded, Row, ToValue, Tx};

/// Result of reading the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The entries, oldest first.
    pub entries: Vec<Recorded>,
    /// Whether entries between the position and the first of these were dropped: the consumer must then read the
    /// current state instead.
    pub gap: bool,
}

/// Key of the row of `_log_positions` with the position of the newest dropped entry.
const DROPPED: &str = "";
/// Maximum number of entries that one step of a trim drops.
const STEP: i64 = 1000;

const READ_SQLITE: &str = "SELECT 0, seq, subject, action, legacy, actor, readers, payload FROM _log \
                           WHERE seq > ? ORDER BY seq LIMIT ?";
const READ_POSTGRES: &str = "SELECT xact, seq, subject, action, legacy, actor, readers, payload FROM _log \
                             WHERE (xact, seq) > (?, ?) AND xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
                             ORDER BY xact, seq LIMIT ?";

/// Reads at most `limit` entries after a position.
pub fn read(tx: &mut Tx<'_>, after: Position, limit: i64) -> Result<Batch, Error> {
    let (transaction, seq, limit) = (after.transaction.to_value(), after.seq.to_value(), limit.to_value());
    let entries = match tx.dialect() {
        Dialect::Sqlite => tx.sql_all(READ_SQLITE, &[seq, limit])?,
        Dialect::Postgres => tx.sql_all(READ_POSTGRES, &[transaction, seq, limit])?,
    };
    let gap = position(tx, DROPPED)?.is_some_and(|dropped| after < dropped);
    Ok(Batch { entries, gap })
}

/// The position of the newest entry that can be read: the start of a consumer that needs only later entries.
pub fn newest(tx: &mut Tx<'_>) -> Result<Position, Error> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => "SELECT 0, seq FROM _log ORDER BY seq DESC LIMIT 1",
        Dialect::Postgres => {
            "SELECT xact, seq FROM _log WHERE xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
             ORDER BY xact DESC, seq DESC LIMIT 1"
        }
    };
    let newest: Option<(i64, i64)> = tx.sql_optional(sql, &[])?;
    Ok(newest
        .map(|(transaction, seq)| Position { transaction, seq })
        .unwrap_or_default())
}

/// The position up to which a consumer has processed the log; none for a new consumer or one that was idle longer than
/// entries are kept.
pub fn position(tx: &mut Tx<'_>, consumer: &str) -> Result<Option<Position>, Error> {
    let found: Option<(i64, i64)> = tx.sql_optional(
        "SELECT xact, seq FROM _log_positions WHERE consumer = ?",
        &[consumer.to_value()],
    )?;
    Ok(found.map(|(transaction, seq)| Position { transaction, seq }))
}

/// Records that a consumer has processed the log up to a position. Later entries are kept for it, within bounds.
pub fn advance(tx: &mut Tx<'_>, consumer: &str, to: Position) -> Result<(), Error> {
    let now = tx.now();
    tx.sql_execute(
        "INSERT INTO _log_positions (consumer, xact, seq, time) VALUES (?, ?, ?, ?) \
         ON CONFLICT (consumer) DO UPDATE SET xact = excluded.xact, seq = excluded.seq, time = excluded.time",
        &[
            consumer.to_value(),
            to.transaction.to_value(),
            to.seq.to_value(),
            now.to_value(),
        ],
    )?;
    Ok(())
}

/// Size of the log in bytes. It scans every entry, so it should run on a reader, once before the steps of a trim.
pub fn size(tx: &mut Tx<'_>) -> Result<u64, Error> {
    let total: i64 = tx.sql_one("SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM _log", &[])?;
    Ok(u64::try_from(total).unwrap_or(0))
}

/// Performs one step of trimming a log of `size` bytes to its bounds; returns the remaining size if another step is
/// needed.
///
/// Dropped are entries older than [`Options::log_age`], entries above [`Options::log_bytes`] that every consumer has
/// processed, and the oldest entries above [`Options::log_most`]. The newest entry is kept, so that numbers keep
/// increasing.
pub fn trim(tx: &mut Tx<'_>, size: u64) -> Result<Option<u64>, Error> {
    let (age, soft, hard) = {
        let options: &Options = tx.options();
        (options.log_age, options.log_bytes, options.log_most)
    };
    let oldest = tx.now().minus(age);
    forget_idle(tx, oldest)?;
    let slowest = slowest(tx)?;
    let mut left = size;
    let (mut last, mut scanned) = (None, 0_i64);
    let sql = match tx.dialect() {
        Dialect::Sqlite => "SELECT 0, seq, time, size FROM _log ORDER BY seq LIMIT ?",
        Dialect::Postgres => {
            "SELECT xact, seq, time, size FROM _log WHERE xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
             ORDER BY xact, seq LIMIT ?"
        }
    };
    let entries: Vec<(i64, i64, Timestamp, i64)> = tx.sql_all(sql, &[(STEP + 1).to_value()])?;
    // All but the last of them: one more than a step is read, so that the newest entry is never dropped.
    for (transaction, seq, time, size) in entries.iter().take(entries.len().saturating_sub(1)) {
        let position = Position {
            transaction: *transaction,
            seq: *seq,
        };
        let is_done = slowest.is_none_or(|slowest| position <= slowest);
        let is_dropped = *time < oldest || left > hard || (left > soft && is_done);
        if !is_dropped {
            break;
        }
        left = left.saturating_sub(u64::try_from(*size).unwrap_or(0));
        last = Some(position);
        scanned += 1;
    }
    let Some(last) = last else { return Ok(None) };
    match tx.dialect() {
        Dialect::Sqlite => tx.sql_execute("DELETE FROM _log WHERE seq <= ?", &[last.seq.to_value()])?,
        Dialect::Postgres => tx.sql_execute(
            "DELETE FROM _log WHERE (xact, seq) <= (?, ?)",
            &[last.transaction.to_value(), last.seq.to_value()],
        )?,
    };
    advance(tx, DROPPED, last)?;
    Ok((scanned == STEP).then_some(left))
}

/// The position of the slowest consumer; none if there is no consumer.
fn slowest(tx: &mut Tx<'_>) -> Result<Option<Position>, Error> {
    let slowest: Option<(i64, i64)> = tx.sql_optional(
        "SELECT xact, seq FROM _log_positions WHERE consumer <> ? ORDER BY xact, seq LIMIT 1",
        &[DROPPED.to_value()],
    )?;
    Ok(slowest.map(|(transaction, seq)| Position { transaction, seq }))
}

/// Deletes consumers that were idle longer than entries are kept: the entries that they missed are gone in any case.
fn forget_idle(tx: &mut Tx<'_>, oldest: Timestamp) -> Result<(), Error> {
    tx.sql_execute(
        "DELETE FROM _log_positions WHERE consumer <> ? AND time < ?",
        &[DROPPED.to_value(), oldest.to_value()],
    )?;
    Ok(())
}

impl Tx<'_> {
    /// Appends an event to the change log, in this transaction.
    pub fn emit(&mut self, event: Event) -> Result<(), Error> {
        let recorded = append(self, event)?;
        self.after_commit.bytes += recorded.size;
        if self.after_commit.events.len() < Commit::EVENTS && self.after_commit.bytes <= Commit::BYTES {
            self.after_commit.events.push(recorded);
        } else {
            self.after_commit.more = true;
        }
        Ok(())
    }
}

fn append(tx: &mut Tx<'_>, event: Event) -> Result<Recorded, Error> {
    let (now, subject, action) = (tx.now(), subject_text(&event), action_text(&event));
    let size = event.payload.as_str().len() + subject.len() + 128;
    let params = [
        now.to_value(),
        subject.to_value(),
        action.to_value(),
        event.legacy.to_value(),
        event.actor.to_value(),
        event.readers.to_value(),
        i64::try_from(size).unwrap_or(i64::MAX).to_value(),
        event.payload.to_value(),
    ];
    let (transaction, seq) = match tx.dialect() {
        Dialect::Sqlite => {
            let insert = "INSERT INTO _log (time, subject, action, legacy, actor, readers, size, payload) \
                          VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
            (0, tx.sql_insert(insert, "", &params)?)
        }
        Dialect::Postgres => tx.sql_one(
            "INSERT INTO _log (time, subject, action, legacy, actor, readers, size, payload) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING xact, seq",
            &params,
        )?,
    };
    let position = Position { transaction, seq };
    Ok(Recorded { position, event, size })
}

/// A subject as stored in the log, `users/ada/sessions/x`: neither nouns nor ids contain a slash.
fn subject_text(event: &Event) -> String {
    let mut text = String::with_capacity(64);
    for (index, Segment { noun, id }) in event.subject.iter().enumerate() {
        if index > 0 {
            text.push('/');
        }
        text.push_str(noun);
        text.push('/');
        text.push_str(id.as_deref().unwrap_or_default());
    }
    text
}

fn action_text(event: &Event) -> Cow<'_, str> {
    match &event.attribute {
        Some(attribute) => Cow::Owned(format!("{}.{attribute}", event.action)),
        None => Cow::Borrowed(&event.action),
    }
}

impl FromRow for Recorded {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        let mut cells = row.cells();
        let position = Position {
            transaction: cells.take()?,
            seq: cells.take()?,
        };
        let (subject, action): (String, String) = (cells.take()?, cells.take()?);
        let (action, attribute) = match action.split_once('.') {
            Some((action, attribute)) => (action.to_owned(), Some(attribute.to_owned().into())),
            None => (action, None),
        };
        let mut words = subject.split('/');
        let mut segments = Vec::new();
        while let (Some(noun), Some(id)) = (words.next(), words.next()) {
            segments.push(Segment {
                noun: noun.to_owned().into(),
                id: Some(id.to_owned()).filter(|id| !id.is_empty()),
            });
        }
        let event = Event {
            subject: segments,
            action: action.into(),
            attribute,
            legacy: cells.take()?,
            actor: cells.take()?,
            readers: cells.take()?,
            payload: cells.take::<Payload>()?,
        };
        let size = event.payload.as_str().len() + subject.len() + 128;
        Ok(Self { position, event, size })
    }
}
