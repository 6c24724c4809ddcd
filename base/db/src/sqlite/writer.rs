//! The writer of one database: one thread, which commits acts in groups.
//!
//! It takes all queued acts, runs each in a savepoint of one transaction, commits once, and replies to all callers.
//! There is one disk sync per group, so throughput grows with the number of queued acts.

use std::sync::Arc;

use rusqlite::Connection;

use super::checkpoint::Log;
use super::connection;
use super::open::Open;
use super::statement::{self, SqliteSession};
use crate::act::{Act, Queued};
use crate::after_commit::AfterCommit;
use crate::{Error, Tx};

/// Starts the writer thread of a database.
pub(crate) fn start(open: Arc<Open>) -> Result<(), Error> {
    std::thread::Builder::new()
        .name("db-write".to_owned())
        .stack_size(1 << 20)
        .spawn(move || run(&open))
        .map(drop)
        .map_err(|error| Error::engine("start a thread", error))
}

fn run(open: &Arc<Open>) {
    let mut connection = match connection::writer(&open.path) {
        Ok(connection) => connection,
        Err(error) => {
            for queued in open.writer_ended() {
                queued.act.answer(Err(error.clone()));
            }
            return;
        }
    };
    let mut log = Log::watch(&mut connection);
    let mut group = Vec::new();
    loop {
        open.take(open.shared.options.group, &mut group);
        if group.is_empty() {
            break;
        }
        commit_group(open, &connection, &mut group);
        log.checkpoint_if_large(&open.checkpoints, &connection, || open.lend());
    }
    drop(connection);
    for queued in open.writer_ended() {
        queued.act.answer(Err(Error::Closed));
    }
}

/// An act that ran in the group: to be committed, with its effects, or failed with its own error.
struct Ran {
    act: Box<dyn Act>,
    after_commit: Option<AfterCommit>,
}

fn commit_group(open: &Open, connection: &Connection, group: &mut Vec<Queued>) {
    let mut ran = Vec::with_capacity(group.len());
    let outcome = run_group(open, connection, group, &mut ran);
    if outcome.is_err() && !connection.is_autocommit() {
        let _ = statement::batch(connection, "ROLLBACK");
    }
    // Acts that did not run get the outcome of the group.
    for Queued { act, .. } in group.drain(..) {
        act.answer(Err(outcome.clone().err().unwrap_or(Error::Closed)));
    }
    for Ran { act, after_commit } in ran {
        match (&outcome, after_commit) {
            (Ok(()), Some(after_commit)) => {
                open.shared.committed(&open.name, after_commit);
                act.answer(Ok(()));
            }
            (Err(error), Some(_)) => act.answer(Err(error.clone())),
            (_, None) => act.answer(Ok(())),
        }
    }
}

fn run_group(open: &Open, connection: &Connection, group: &mut Vec<Queued>, ran: &mut Vec<Ran>) -> Result<(), Error> {
    let run = |sql| statement::change(connection, crate::session::Sql::Fixed(sql), &[]).map(drop);
    run("BEGIN IMMEDIATE")?;
    for Queued { mut act, since } in group.drain(..) {
        if since.elapsed() > open.shared.options.wait {
            act.answer(Err(Error::Busy));
            continue;
        }
        run("SAVEPOINT act")?;
        let mut session = SqliteSession(connection);
        let (options, now) = (&open.shared.options, open.shared.clock.now());
        let mut tx = Tx::new(&mut session, options, now, &open.name);
        let keep = act.run(&mut tx);
        let after_commit = tx.into_after_commit();
        ran.push(Ran {
            act,
            after_commit: keep.then_some(after_commit),
        });
        // Errors such as a full disk make SQLite roll back the whole transaction, including the acts before this one.
        if connection.is_autocommit() {
            return Err(Error::engine("commit", "the transaction was rolled back by the engine"));
        }
        if !keep {
            run("ROLLBACK TO act")?;
        }
        run("RELEASE act")?;
    }
    run("COMMIT")
}
