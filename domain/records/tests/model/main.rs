//! The model test: random tables, rows, queries and changes on SQLite, on PostgreSQL and in an in-memory model that was
//! written from the description of the API. IDs, order, totals, cursors, errors and the final rows must be the same.
//!
//! `FERRITE_TEST_CASES` sets the number of queries (default 400), `FERRITE_TEST_SEED` the first seed. A difference is
//! reduced and printed as JSON; `FERRITE_TEST_REPLAY` names a file with such JSON to be run again.

mod check;
mod engine;
mod make;
mod plain;
mod rng;
mod shrink;
mod world;

use check::{Tally, run};
use db::testing::Fixture;
use rng::Rng;
use serde_json::json;
use shrink::Shrinker;
use world::Story;

fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().expect("a number"),
        Err(_) => otherwise,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn engines_and_model_agree() {
    db::testing::on_all(engine::migrations(), async |fixtures| {
        let cases = usize::try_from(setting("FERRITE_TEST_CASES", 400)).expect("a number");
        let first = setting("FERRITE_TEST_SEED", 1);
        // Creating a table is as expensive as many queries on it.
        let each = (cases / 50).clamp(40, 400);
        let mut all = Tally::default();
        for number in 0..cases.div_ceil(each) {
            let seed = first + number as u64;
            let story = make::story(&mut Rng::new(seed), each);
            let tally = run_or_panic(fixtures, seed, story).await;
            all.rows += tally.rows;
            all.none += tally.none;
            all.refused += tally.refused;
        }
        // Too few queries with results would prove little.
        assert!(all.rows * 3 > all.none && all.rows * 2 > all.refused, "{all:?}");
    })
    .await;
}

/// Runs a story, and panics with the reduced story on a difference.
async fn run_or_panic(fixtures: &[Fixture], seed: u64, story: Story) -> Tally {
    match run(fixtures, &format!("story{seed}"), &story).await {
        Ok(tally) => tally,
        Err(found) => {
            let first = found.what.clone();
            let (story, what) = Shrinker::new(fixtures).shrink(story, found).await;
            panic!("seed {seed}: {first}\n\nreduced: {what}\n\nreplay: {}\n", json!(story));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_story_is_replayed() {
    let Ok(file) = std::env::var("FERRITE_TEST_REPLAY") else {
        return;
    };
    let text = std::fs::read_to_string(file).expect("a file");
    let story: Story = serde_json::from_str(&text).expect("a story");
    db::testing::on_all(engine::migrations(), async |fixtures| {
        let result = run(fixtures, "replay", &story).await;
        result.map_err(|difference| difference.what).expect("no difference");
    })
    .await;
}
