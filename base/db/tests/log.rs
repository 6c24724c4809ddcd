//! The change log: every entry is read once and in order, regardless of the order of commits; and the log stays within
//! its bounds.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashMap;
use std::sync::mpsc;
use std::time::Duration;

use common::migrations;
use db::log::{self, Batch, Position};
use db::testing::{on_both, on_both_with};
use db::{Database, Dialect, Tx};

async fn read(db: &Database, after: Position) -> Batch {
    db.read(move |tx| log::read(tx, after, 10_000)).await.unwrap()
}

/// Reads until `count` entries were returned. On PostgreSQL an entry is readable when every transaction with a lower id
/// has ended, including those of other tests on the same server.
async fn read_all(db: &Database, after: Position, count: usize) -> Batch {
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    loop {
        let batch = read(db, after).await;
        if batch.entries.len() >= count {
            return batch;
        }
        assert!(
            std::time::Instant::now() < deadline,
            "{} of {count} entries",
            batch.entries.len()
        );
        tokio::task::yield_now().await;
    }
}

fn ids(batch: &Batch) -> Vec<String> {
    let id = |one: &db::Recorded| one.event.subject[0].id.clone().unwrap();
    batch.entries.iter().map(id).collect()
}

async fn emit(db: &Database, id: &str) {
    let event = common::event(id, "update");
    db.write(move |tx| tx.emit(event)).await.unwrap();
}

#[tokio::test]
async fn an_entry_is_as_it_was_emitted() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let event = db::Event {
            attribute: Some("mfa.recovery-codes".into()),
            legacy: true,
            readers: Some("[\"any\"]".into()),
            ..db::Event::new(
                [("teams", "a.b"), ("memberships", "c")],
                "delete",
                serde_json::json!({"x": "y"}),
            )
        };
        let sent = event.clone();
        db.write(move |tx| tx.emit(sent)).await.unwrap();
        let batch = read_all(&db, Position::default(), 1).await;
        assert_eq!((batch.gap, &batch.entries[0].event), (false, &event));
        let position = batch.entries[0].position;
        assert_eq!(position.to_string().parse::<Position>().unwrap(), position);
        assert_eq!(db.read(log::newest).await.unwrap(), position);
        assert!(read(&db, position).await.entries.is_empty());
    })
    .await;
}

/// On PostgreSQL the slower of two acts may have the lower number; a reader that skipped it would never see it.
#[tokio::test]
async fn readers_wait_for_earlier_uncommitted_acts() {
    on_both(migrations(), async |t| {
        if t.engine.dialect() == Dialect::Sqlite {
            return;
        }
        let db = t.engine.create("p").await.unwrap();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let (go, gate) = mpsc::channel::<()>();
        let slow = tokio::spawn({
            let db = db.clone();
            async move {
                db.write(move |tx| {
                    tx.emit(common::event("slow", "update"))?;
                    let _ = started.send(());
                    let _ = gate.recv();
                    Ok::<_, db::Error>(())
                })
                .await
            }
        });
        has_started.await.unwrap();
        emit(&db, "quick").await;
        assert_eq!(
            ids(&read(&db, Position::default()).await),
            [""; 0],
            "not before the slow one has ended"
        );
        go.send(()).unwrap();
        slow.await.unwrap().unwrap();
        let batch = read_all(&db, Position::default(), 2).await;
        assert_eq!(ids(&batch), ["slow", "quick"]);
    })
    .await;
}

#[tokio::test]
async fn a_consumer_reads_every_entry_once_and_in_order() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let db = db.clone();
                tokio::spawn(async move {
                    for number in 0..60 {
                        // Some acts emit several events, some are rolled back.
                        let written = db.write(move |tx: &mut Tx<'_>| {
                            for part in 0..=(number % 3) {
                                tx.emit(common::event(&format!("{writer}.{number}.{part}"), "update"))?;
                            }
                            if number % 7 == 6 { Err(db::Error::NoRow) } else { Ok(()) }
                        });
                        assert_eq!(written.await.is_ok(), number % 7 != 6);
                    }
                })
            })
            .collect();
        let expected: usize = 8
            * (0..60)
                .filter(|number| number % 7 != 6)
                .map(|number| number % 3 + 1)
                .sum::<usize>();
        let (mut met, mut after) = (Vec::new(), Position::default());
        let deadline = std::time::Instant::now() + Duration::from_secs(120);
        while met.len() < expected {
            assert!(std::time::Instant::now() < deadline, "{} of {expected}", met.len());
            let batch = read(&db, after).await;
            assert!(!batch.gap && batch.entries.windows(2).all(|pair| pair[0].position < pair[1].position));
            after = batch.entries.last().map_or(after, |last| last.position);
            met.extend(ids(&batch));
            tokio::task::yield_now().await;
        }
        for writer in writers {
            writer.await.unwrap();
        }
        assert!(read(&db, after).await.entries.is_empty(), "no more than that");
        // The events of each writer are in the order in which it wrote them.
        let mut last: HashMap<String, (u32, u32)> = HashMap::new();
        for id in &met {
            let parts: Vec<&str> = id.split('.').collect();
            let now = (parts[1].parse().unwrap(), parts[2].parse().unwrap());
            let before = last.insert(parts[0].to_owned(), now);
            assert!(before.is_none_or(|before| before < now), "{id} after {before:?}");
        }
    })
    .await;
}

async fn trim(db: &Database) {
    let mut left = Some(db.read(log::size).await.unwrap());
    while let Some(size) = left {
        left = db.write(move |tx| log::trim(tx, size)).await.unwrap();
    }
}

#[tokio::test]
async fn the_log_is_trimmed_up_to_its_slowest_consumer_and_a_hard_limit() {
    let options = db::Options {
        log_bytes: 5_000,
        log_most: 20_000,
        ..db::Options::default()
    };
    on_both_with(options, migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        for number in 0..60 {
            emit(&db, &format!("n{number}")).await;
        }
        let all = read_all(&db, Position::default(), 60).await;
        let (at, size) = (all.entries[30].position, all.entries[0].size);
        db.write(move |tx| log::advance(tx, "slow", at)).await.unwrap();
        trim(&db).await;
        // Entries that the consumer has processed were dropped, as the log exceeds its size; all others remain.
        let left = read(&db, at).await;
        assert_eq!((left.gap, left.entries.len()), (false, 29));
        let whole = read(&db, Position::default()).await;
        assert!(whole.gap, "who begins before is told");
        assert!(
            (29..=5_000 / size + 1).contains(&whole.entries.len()),
            "{}",
            whole.entries.len()
        );
        // Above the hard bound the oldest entries are dropped, processed or not, and the consumer sees a gap.
        for number in 60..300 {
            emit(&db, &format!("n{number}")).await;
        }
        read_all(&db, at, 269).await;
        trim(&db).await;
        let late = read(&db, at).await;
        assert!(
            late.gap && late.entries.len() * size <= 22_000,
            "{}",
            late.entries.len()
        );
        // The age limit drops everything but the newest entry, also for a consumer that no longer reads.
        t.clock.advance(Duration::from_secs(25 * 60 * 60));
        trim(&db).await;
        let newest = read(&db, Position::default()).await;
        assert_eq!(ids(&newest), ["n299"]);
        assert_eq!(db.read(|tx| log::position(tx, "slow")).await.unwrap(), None);
        emit(&db, "next").await;
        let after = read_all(&db, newest.entries[0].position, 1).await;
        assert_eq!((ids(&after), after.gap), (vec!["next".to_owned()], false));
    })
    .await;
}
