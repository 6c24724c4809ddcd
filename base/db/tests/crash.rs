//! Acknowledged writes survive a kill of the process.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use common::{Person, ada, migrations};
use db::log::{self, Position};
use db::{Dialect, Engine, Settings};
use kernel::Clock;

/// A folder for SQLite, or a PostgreSQL URL.
const LOCATION: &str = "CRASH_TEST_PLACE";
const ROUND: &str = "CRASH_TEST_ROUND";

fn open(location: &str) -> Engine {
    let settings = if location.starts_with("postgres://") {
        Settings::Postgres {
            url: location.to_owned(),
            connections: 8,
        }
    } else {
        Settings::Sqlite {
            folder: location.into(),
        }
    };
    Engine::open(settings, Clock::system(), migrations()).unwrap()
}

/// Each available engine: a folder, and PostgreSQL with a schema prefix for this test.
fn locations(folder: &str) -> Vec<String> {
    let postgres = std::env::var(db::testing::POSTGRES).ok().map(|url| {
        let join = if url.contains('?') { '&' } else { '?' };
        format!("{url}{join}schema_prefix=crash{}_", std::process::id())
    });
    std::iter::once(folder.to_owned()).chain(postgres).collect()
}

/// Reads the log from the consumer's position, and advances the position in the same act, as consumers do.
async fn consume(db: &db::Database) -> Vec<(Position, String)> {
    let mut all = Vec::new();
    loop {
        let batch = db
            .write(|tx| {
                let after = log::position(tx, "test")?.unwrap_or_default();
                let batch = log::read(tx, after, 100)?;
                if let Some(last) = batch.entries.last() {
                    log::advance(tx, "test", last.position)?;
                }
                Ok::<_, db::Error>(batch)
            })
            .await
            .unwrap();
        assert!(!batch.gap, "nothing was dropped");
        if batch.entries.is_empty() {
            return all;
        }
        let entry = |one: db::Recorded| (one.position, one.event.subject[0].id.clone().unwrap());
        all.extend(batch.entries.into_iter().map(entry));
    }
}

/// The process that is killed: writes in an endless loop, and prints each id once its write was acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the test below, which kills it"]
async fn the_program_that_is_killed() {
    let Ok(location) = std::env::var(LOCATION) else { return };
    let round = std::env::var(ROUND).unwrap();
    let engine = open(&location);
    let db = engine.create("p").await.unwrap();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (db, round) = (db.clone(), round.clone());
            tokio::spawn(async move {
                for number in 0_i64.. {
                    let id = format!("{round}-{writer}-{number}");
                    let person = Person {
                        id: id.clone(),
                        email: None,
                        ..ada()
                    };
                    let written = db.write(move |tx| {
                        tx.emit(common::event(&person.id, "create"))?;
                        tx.execute(&person.insert())
                    });
                    written.await.unwrap();
                    // The pipe outlives this process, so everything printed here was acknowledged.
                    std::io::stdout().write_all(format!("ack {id}\n").as_bytes()).unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

/// Runs the program and kills it while it writes, at another count each round; returns the acknowledged ids.
fn run_and_kill(location: &str, round: usize) -> BTreeSet<String> {
    let mut program = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_program_that_is_killed", "--ignored", "--nocapture"])
        .env(LOCATION, location)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = BTreeSet::new();
    let lines = BufReader::new(program.stdout.take().unwrap()).lines();
    // Lines left in the pipe after the kill count too.
    for line in lines.map_while(Result::ok) {
        if let Some((_, id)) = line.split_once("ack ") {
            acknowledged.insert(id.to_owned());
            if acknowledged.len() == 150 + 37 * round {
                program.kill().unwrap();
            }
        }
    }
    program.wait().unwrap();
    acknowledged
}

#[tokio::test]
async fn acknowledged_writes_survive_a_kill_with_their_events_in_order() {
    let folder = tempfile::tempdir().unwrap();
    for location in locations(folder.path().to_str().unwrap()) {
        let (mut acknowledged, mut met) = (BTreeSet::new(), Vec::new());
        for round in 0..4 {
            acknowledged.extend(run_and_kill(&location, round));
            let engine = open(&location);
            met.extend(consume(&engine.create("p").await.unwrap()).await);
            engine.close().await;
        }
        assert!(acknowledged.len() > 600);
        let engine = open(&location);
        let db = engine.database("p");
        let rows: Vec<String> = db.read(|tx| tx.sql_all("SELECT id FROM people", &[])).await.unwrap();
        let rows: BTreeSet<String> = rows.into_iter().collect();
        let lost: Vec<_> = acknowledged.difference(&rows).collect();
        assert!(lost.is_empty(), "lost {lost:?}");
        // Every row has its event, and every event has its row.
        assert!(met.windows(2).all(|pair| pair[0].0 < pair[1].0), "positions count up");
        let events: BTreeSet<String> = met.iter().map(|(_, id)| id.clone()).collect();
        assert_eq!((met.len(), &events), (rows.len(), &rows));
        if engine.dialect() == Dialect::Sqlite {
            let check: String = db.read(|tx| tx.sql_one("PRAGMA integrity_check", &[])).await.unwrap();
            assert_eq!(check, "ok");
        }
        engine.remove("p").await.unwrap();
        engine.close().await;
    }
}
