//! What was acknowledged survives the sudden end of the program.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use common::{Person, ada, migrations};
use db::{Engine, Settings};
use kernel::Clock;

const FOLDER: &str = "CRASH_TEST_FOLDER";
const ROUND: &str = "CRASH_TEST_ROUND";

fn open(folder: &str) -> Engine {
    Engine::open(
        Settings::Sqlite { folder: folder.into() },
        Clock::system(),
        migrations(),
    )
    .unwrap()
}

/// The program that is killed: writes without end, and says each id once its write was acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the test below, which kills it"]
async fn the_program_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let round = std::env::var(ROUND).unwrap();
    let engine = open(&folder);
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
                    db.write(move |tx| tx.execute(&person.insert())).await.unwrap();
                    // The pipe outlives this program, so what is written here was acknowledged.
                    std::io::stdout().write_all(format!("ack {id}\n").as_bytes()).unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn acknowledged_writes_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let mut acknowledged = BTreeSet::new();
    for round in 0..4 {
        let mut program = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_program_that_is_killed", "--ignored", "--nocapture"])
            .env(FOLDER, path)
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let mut seen = 0;
        // Killed in the midst of writing, at another count each round; then what is left in the pipe counts too.
        while let Some(Ok(line)) = lines.next() {
            if let Some((_, id)) = line.split_once("ack ") {
                acknowledged.insert(id.to_owned());
                seen += 1;
                if seen == 150 + 37 * round {
                    program.kill().unwrap();
                }
            }
        }
        program.wait().unwrap();
    }
    assert!(acknowledged.len() > 600);
    let engine = open(path);
    let prepared: BTreeSet<String> = engine
        .database("p")
        .read(|tx| tx.sql_all("SELECT id FROM people", &[]))
        .await
        .unwrap()
        .into_iter()
        .collect();
    let lost: Vec<_> = acknowledged.difference(&prepared).collect();
    assert!(lost.is_empty(), "lost {lost:?}");
    let check: String = engine
        .database("p")
        .read(|tx| tx.sql_one("PRAGMA integrity_check", &[]))
        .await
        .unwrap();
    assert_eq!(check, "ok");
    engine.close().await;
}
