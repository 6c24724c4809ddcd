//! One database cannot take all threads.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::{Arc, Mutex, mpsc};

use common::migrations;
use db::testing::on_both;
use db::{Error, Tx};

#[tokio::test]
async fn slow_reads_do_not_block_other_databases() {
    on_both(migrations(), async |t| {
        let busy = t.engine.create("busy").await.unwrap();
        let other = t.engine.create("other").await.unwrap();
        let (begin, began) = mpsc::channel();
        let (release, held) = mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(held));
        // More reads than there are threads on any engine; each waits until it is released.
        let reads: Vec<_> = (0..64)
            .map(|_| {
                let (busy, begin, held) = (busy.clone(), begin.clone(), held.clone());
                tokio::spawn(async move {
                    let read = busy.read(move |_: &mut Tx<'_>| {
                        let _ = begin.send(());
                        let _ = held.lock().unwrap().recv();
                        Ok::<_, Error>(())
                    });
                    read.await
                })
            })
            .collect();
        tokio::task::spawn_blocking(move || began.recv().unwrap())
            .await
            .unwrap();
        let answer = other.read(|tx| tx.sql_one::<i64>("SELECT 1", &[])).await;
        assert_eq!(answer.unwrap(), 1, "{}", t.name());
        drop(release);
        for read in reads {
            read.await.unwrap().unwrap();
        }
    })
    .await;
}
