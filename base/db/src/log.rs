//! The change log: what happened in a database, in order, for as long as its bounds allow.
//!
//! It lets a subscriber who was cut off go on where it stopped, if what it missed is still here. On PostgreSQL, acts that
//! run side by side may become visible in another order than their numbers.

use kernel::{Event, Timestamp};

use crate::{Error, FromRow, Options, Recorded, Row, ToValue, Tx};

/// Entries are dropped once in so many, so that the cost is shared by all.
const TRIM_EVERY: i64 = 256;

impl FromRow for Recorded {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        let mut cells = row.cells();
        let seq = cells.take()?;
        let event = Event {
            name: cells.take()?,
            payload: cells.take()?,
            actor: cells.take()?,
            readers: cells.take()?,
        };
        Ok(Self { seq, event })
    }
}

/// The entries after `seq`, oldest first, at most `limit`.
pub fn after(tx: &mut Tx<'_>, seq: i64, limit: i64) -> Result<Vec<Recorded>, Error> {
    tx.sql_all(
        "SELECT seq, name, payload, actor, readers FROM _events WHERE seq > ? ORDER BY seq LIMIT ?",
        &[seq.to_value(), limit.to_value()],
    )
}

/// The numbers of the oldest and the newest entry; nothing if the log is empty.
pub fn bounds(tx: &mut Tx<'_>) -> Result<Option<(i64, i64)>, Error> {
    let (first, last) = tx.sql_one("SELECT min(seq), max(seq) FROM _events", &[])?;
    Ok(Option::zip(first, last))
}

pub(crate) fn append(tx: &mut Tx<'_>, event: Event, options: &Options) -> Result<Recorded, Error> {
    let now = tx.now();
    let seq = tx.sql_insert(
        "INSERT INTO _events (name, payload, actor, readers, time) VALUES (?, ?, ?, ?, ?)",
        "INSERT INTO _events (name, payload, actor, readers, time) VALUES (?, ?, ?, ?, ?) RETURNING seq",
        &[
            event.name.to_value(),
            event.payload.to_value(),
            event.actor.to_value(),
            event.readers.to_value(),
            now.to_value(),
        ],
    )?;
    if seq % TRIM_EVERY == 0 {
        trim(tx, seq, now.minus(options.log_age), options.log_entries)?;
    }
    Ok(Recorded { seq, event })
}

fn trim(tx: &mut Tx<'_>, newest: i64, oldest: Timestamp, entries: u64) -> Result<(), Error> {
    let most = newest.saturating_sub(i64::try_from(entries).unwrap_or(i64::MAX));
    // Looked for from the old end, where few are too old, because they went when the log was last trimmed.
    let young = tx.sql_optional::<i64>(
        "SELECT seq FROM _events WHERE time >= ? ORDER BY seq LIMIT 1",
        &[oldest.to_value()],
    )?;
    let last = young.map_or(most, |young| most.max(young - 1));
    tx.sql_execute("DELETE FROM _events WHERE seq <= ?", &[last.to_value()])?;
    Ok(())
}
