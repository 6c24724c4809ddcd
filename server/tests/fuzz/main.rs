//! Whatever is sent to databases, tables and rows is answered, and never with a failure of ours: bodies, queries, headers and
//! paths by chance, half of them nearly right.
//!
//! `FERRITE_TEST_FUZZ` says how many requests are sent (600 unless it does), `FERRITE_TEST_SEED` where chance begins.

#[path = "../common/mod.rs"]
mod common;
mod request;
mod strange;
mod world;

use std::time::{Duration, Instant};

use request::Request;
use strange::Strange;

/// No answer takes longer: reads are stopped after 15 seconds.
const PATIENCE: Duration = Duration::from_secs(17);
/// Requests after which what was deleted is made again.
const ROUND: usize = 60;

fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().expect("a number"),
        Err(_) => otherwise,
    }
}

#[tokio::test]
async fn whatever_is_sent_is_answered_and_never_with_a_failure_of_ours() {
    let world = world::World::new().await;
    let mut strange = Strange::new(setting("FERRITE_TEST_SEED", 1));
    let endpoints = world.endpoints();
    let (mut fine, mut refused) = (0, 0);
    for number in 0..setting("FERRITE_TEST_FUZZ", 600) {
        if number % ROUND as u64 == 0 {
            world.lay().await;
        }
        let request = Request::any(&mut strange, &world, &endpoints);
        let begun = Instant::now();
        let reply = tokio::time::timeout(PATIENCE, request.send(&world)).await;
        let reply = reply.unwrap_or_else(|_| panic!("no answer in {PATIENCE:?} to {request:#?}"));
        assert!(
            reply.status < 500,
            "{} {} after {:?} to request {number}, {request:#?}",
            reply.status,
            reply.body,
            begun.elapsed()
        );
        strange.remember(&reply.body);
        if reply.status < 300 { fine += 1 } else { refused += 1 }
    }
    // Otherwise it would not reach beyond the first check.
    assert!(fine * 10 > refused, "{fine} requests were fine, {refused} refused");
}
