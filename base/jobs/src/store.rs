//! The rows of jobs: take, prolong, complete, fail.
//!
//! `due` is the start time of a waiting job, and the end of the lease of a running one: after it, either can be taken.
//! `attempts` counts how often a job was taken, and so identifies the current lease holder.

use std::time::Duration;

use db::sea_query::{Alias, Asterisk, Cond, Expr, ExprTrait, Func, LockBehavior, LockType, Order, Query};
use db::{Dialect, Error, FromRow, Row, ToValue, Tx};
use kernel::Timestamp;

/// A dead job.
#[derive(Debug, Clone)]
pub struct Dead {
    /// Its sequence number.
    pub seq: i64,
    /// Kind of the job.
    pub kind: String,
    /// Payload of the job.
    pub payload: serde_json::Value,
    /// Number of attempts.
    pub attempts: i64,
    /// Last error.
    pub error: String,
    /// Request time.
    pub created: Timestamp,
}

impl FromRow for Dead {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        let mut cells = row.cells();
        Ok(Self {
            seq: cells.take()?,
            kind: cells.take()?,
            payload: cells.take()?,
            attempts: cells.take()?,
            error: cells.take::<Option<String>>()?.unwrap_or_default(),
            created: cells.take()?,
        })
    }
}

/// At most `limit` dead jobs, newest first.
pub fn dead(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Dead>, Error> {
    tx.sql_all(
        "SELECT seq, kind, payload, attempts, error, created FROM _jobs WHERE state = 'dead' ORDER BY seq DESC LIMIT ?",
        &[limit.to_value()],
    )
}

/// Number of waiting and running jobs.
pub fn pending(tx: &mut Tx<'_>) -> Result<i64, Error> {
    tx.sql_one("SELECT count(*) FROM _jobs WHERE state IN ('waiting', 'running')", &[])
}

/// Number of waiting and running jobs of these kinds.
pub fn count_open(tx: &mut Tx<'_>, kinds: &[&'static str]) -> Result<i64, Error> {
    count(tx, open_of(kinds))
}

/// Number of dead jobs of these kinds.
pub fn count_dead(tx: &mut Tx<'_>, kinds: &[&'static str]) -> Result<i64, Error> {
    count(tx, of(&["dead"], kinds))
}

fn count(tx: &mut Tx<'_>, which: Cond) -> Result<i64, Error> {
    let query = Query::select()
        .expr(Func::count(Expr::col(Asterisk)))
        .from(name("_jobs"))
        .cond_where(which)
        .take();
    let (count,) = tx.one(&query)?;
    Ok(count)
}

/// Resets a dead job to waiting with all its attempts. Returns whether there was one; a worker finds it with its next
/// check.
pub fn revive(tx: &mut Tx<'_>, seq: i64) -> Result<bool, Error> {
    let now = tx.now();
    let revived = tx.sql_execute(
        "UPDATE _jobs SET state = 'waiting', attempts = 0, due = ? WHERE seq = ? AND state = 'dead'",
        &[now.to_value(), seq.to_value()],
    )?;
    Ok(revived > 0)
}

/// A taken job.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) payload: serde_json::Value,
    pub(crate) attempts: i64,
}

impl FromRow for Taken {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        let mut cells = row.cells();
        Ok(Self {
            seq: cells.take()?,
            kind: cells.take()?,
            payload: cells.take()?,
            attempts: cells.take()?,
        })
    }
}

fn name(text: &'static str) -> Alias {
    Alias::new(text)
}

fn open_of(kinds: &[&'static str]) -> Cond {
    of(&["waiting", "running"], kinds)
}

fn of(states: &[&'static str], kinds: &[&'static str]) -> Cond {
    Cond::all()
        .add(Expr::col(name("state")).is_in(states.iter().copied()))
        .add(Expr::col(name("kind")).is_in(kinds.iter().copied()))
}

/// Earliest due time of jobs of these kinds.
pub(crate) fn next_due(tx: &mut Tx<'_>, kinds: &[&'static str]) -> Result<Option<Timestamp>, Error> {
    let query = Query::select()
        .expr(Func::min(Expr::col(name("due"))))
        .from(name("_jobs"))
        .cond_where(open_of(kinds))
        .take();
    let (due,) = tx.one(&query)?;
    Ok(due)
}

/// Takes at most `max` due jobs of these kinds under a lease.
pub(crate) fn take(tx: &mut Tx<'_>, kinds: &[&'static str], max: usize, lease: Duration) -> Result<Vec<Taken>, Error> {
    let now = tx.now();
    let mut due = Query::select()
        .column(name("seq"))
        .from(name("_jobs"))
        .cond_where(open_of(kinds).add(Expr::col(name("due")).lte(db::value(&now))))
        .order_by(name("due"), Order::Asc)
        .order_by(name("seq"), Order::Asc)
        .limit(u64::try_from(max).unwrap_or(u64::MAX))
        .take();
    if tx.dialect() == Dialect::Postgres {
        // Other nodes can take other jobs at the same time.
        due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let take = Query::update()
        .table(name("_jobs"))
        .value(name("state"), "running")
        .value(name("attempts"), Expr::col(name("attempts")).add(1))
        .value(name("due"), db::value(&now.plus(lease)))
        .and_where(Expr::col(name("seq")).in_subquery(due))
        .returning(Query::returning().columns(["seq", "kind", "payload", "attempts"].map(Alias::new)))
        .take();
    tx.all(&take)
}

/// Extends the lease of a job; false if another worker has taken it.
pub(crate) fn prolong(tx: &mut Tx<'_>, seq: i64, attempts: i64, lease: Duration) -> Result<bool, Error> {
    let until = tx.now().plus(lease);
    let held = tx.sql_execute(
        "UPDATE _jobs SET due = ? WHERE seq = ? AND attempts = ? AND state = 'running'",
        &[until.to_value(), seq.to_value(), attempts.to_value()],
    )?;
    Ok(held > 0)
}

/// Deletes a completed job.
pub(crate) fn done(tx: &mut Tx<'_>, seq: i64, attempts: i64) -> Result<(), Error> {
    tx.sql_execute(
        "DELETE FROM _jobs WHERE seq = ? AND attempts = ?",
        &[seq.to_value(), attempts.to_value()],
    )?;
    Ok(())
}

/// Records a failure: the job is retried after `wait`, or marked dead if none.
pub(crate) fn failed(
    tx: &mut Tx<'_>,
    seq: i64,
    attempts: i64,
    wait: Option<Duration>,
    error: &str,
) -> Result<(), Error> {
    let state = if wait.is_some() { "waiting" } else { "dead" };
    let due = tx.now().plus(wait.unwrap_or_default());
    tx.sql_execute(
        "UPDATE _jobs SET state = ?, due = ?, error = ? WHERE seq = ? AND attempts = ? AND state = 'running'",
        &[
            state.to_value(),
            due.to_value(),
            error.to_value(),
            seq.to_value(),
            attempts.to_value(),
        ],
    )?;
    Ok(())
}
