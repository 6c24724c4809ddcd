//! The change log: what happened in a database, in order, for as long as its bounds allow.
//!
//! Each entry has a [`Position`]. A consumer reads on from the last one that it has dealt with ([`read`]) and meets every
//! entry once, in order; where entries behind its position were dropped meanwhile it is told of the [gap](Batch::gap).
//!
//! SQLite has one writer, so numbers are given in the order of commits. On PostgreSQL acts that run side by side commit in
//! another order than they began: an entry is named by its transaction (`pg_current_xact_id`) and number, and is read only
//! once every transaction with a lower id has ended (`pg_snapshot_xmin`), so that no slower one can still add an entry
//! before it. That costs a writer nothing, and a consumer waits at most for the longest act that is running.
//!
//! The log is trimmed by [`trim`], in steps, behind its slowest consumer; a hard bound holds against a consumer that never
//! comes.

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
    /// Whether entries between the position and the first of these were dropped: whoever follows must look at the things
    /// themselves.
    pub gap: bool,
}

/// The row of `_log_positions` that says up to where the log was dropped.
const DROPPED: &str = "";
/// Entries that one step of a trim drops at most.
const STEP: i64 = 1000;

const READ_SQLITE: &str = "SELECT 0, seq, subject, action, legacy, actor, readers, payload FROM _log \
                           WHERE seq > ? ORDER BY seq LIMIT ?";
const READ_POSTGRES: &str = "SELECT xact, seq, subject, action, legacy, actor, readers, payload FROM _log \
                             WHERE (xact, seq) > (?, ?) AND xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
                             ORDER BY xact, seq LIMIT ?";

/// Reads the entries behind a position, at most `limit`.
pub fn read(tx: &mut Tx<'_>, after: Position, limit: i64) -> Result<Batch, Error> {
    let (transaction, seq, limit) = (after.transaction.to_value(), after.seq.to_value(), limit.to_value());
    let entries = match tx.dialect() {
        Dialect::Sqlite => tx.sql_all(READ_SQLITE, &[seq, limit])?,
        Dialect::Postgres => tx.sql_all(READ_POSTGRES, &[transaction, seq, limit])?,
    };
    let gap = position(tx, DROPPED)?.is_some_and(|dropped| after < dropped);
    Ok(Batch { entries, gap })
}

/// The position of the newest entry that can be read: where a consumer begins that wants to hear from now on.
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

/// The position up to which a consumer has dealt with the log; none for one that was never here, or not for as long as
/// entries are kept.
pub fn position(tx: &mut Tx<'_>, consumer: &str) -> Result<Option<Position>, Error> {
    let found: Option<(i64, i64)> = tx.sql_optional(
        "SELECT xact, seq FROM _log_positions WHERE consumer = ?",
        &[consumer.to_value()],
    )?;
    Ok(found.map(|(transaction, seq)| Position { transaction, seq }))
}

/// Notes that a consumer has dealt with the log up to a position. The log is kept behind it from then on, within bounds.
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

/// Size of the log in bytes. It looks at every entry, so it belongs on a reader, and once before the steps of a trim.
pub fn size(tx: &mut Tx<'_>) -> Result<u64, Error> {
    let total: i64 = tx.sql_one("SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM _log", &[])?;
    Ok(u64::try_from(total).unwrap_or(0))
}

/// Takes one step of bringing a log of `size` bytes within its bounds; the size after it, if there is more to do.
///
/// Dropped are entries older than [`Options::log_age`], entries above [`Options::log_bytes`] that every consumer has dealt
/// with, and above [`Options::log_most`] whatever is oldest. The newest entry stays, so that numbers go on counting up.
pub fn trim(tx: &mut Tx<'_>, size: u64) -> Result<Option<u64>, Error> {
    let (age, soft, hard) = {
        let options: &Options = tx.options();
        (options.log_age, options.log_bytes, options.log_most)
    };
    let oldest = tx.now().minus(age);
    forget_idle(tx, oldest)?;
    let slowest = slowest(tx)?;
    let mut left = size;
    let (mut last, mut seen) = (None, 0_i64);
    let sql = match tx.dialect() {
        Dialect::Sqlite => "SELECT 0, seq, time, size FROM _log ORDER BY seq LIMIT ?",
        Dialect::Postgres => {
            "SELECT xact, seq, time, size FROM _log WHERE xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
             ORDER BY xact, seq LIMIT ?"
        }
    };
    let entries: Vec<(i64, i64, Timestamp, i64)> = tx.sql_all(sql, &[(STEP + 1).to_value()])?;
    // All but the last of them: one more was read to know that it stays.
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
        seen += 1;
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
    Ok((seen == STEP).then_some(left))
}

/// The position of the consumer that is furthest behind; none where there is no consumer.
fn slowest(tx: &mut Tx<'_>) -> Result<Option<Position>, Error> {
    let slowest: Option<(i64, i64)> = tx.sql_optional(
        "SELECT xact, seq FROM _log_positions WHERE consumer <> ? ORDER BY xact, seq LIMIT 1",
        &[DROPPED.to_value()],
    )?;
    Ok(slowest.map(|(transaction, seq)| Position { transaction, seq }))
}

/// Forgets consumers that did not come for as long as entries are kept: what they missed is gone in any case.
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

/// A subject as the log keeps it, `users/ada/sessions/x`: neither nouns nor ids have a slash.
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
