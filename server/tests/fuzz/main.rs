//! Fuzz test of databases, tables and rows: random bodies, queries, headers and paths, many of them nearly valid, are
//! all answered, and never with a 5xx.
//!
//! `FERRITE_TEST_FUZZ` is the number of requests (default 600), `FERRITE_TEST_SEED` the random seed (default 1).

#[path = "../common/mod.rs"]
mod common;
mod fixture;
mod generator;
mod request;

use std::time::{Duration, Instant};

use generator::Generator;
use request::Request;

/// Time limit of one request: the server stops reads after 15 s.
const TIMEOUT: Duration = Duration::from_secs(17);
/// Number of requests after which deleted parts of the fixture are created again.
const ROUND: usize = 60;

fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().expect("a number"),
        Err(_) => otherwise,
    }
}

#[tokio::test]
async fn every_request_is_answered_without_a_server_error() {
    let fixture = fixture::Fixture::new().await;
    let mut generator = Generator::new(setting("FERRITE_TEST_SEED", 1));
    let endpoints = fixture.endpoints();
    let (mut fine, mut refused) = (0, 0);
    for number in 0..setting("FERRITE_TEST_FUZZ", 600) {
        if number % ROUND as u64 == 0 {
            fixture.create_missing().await;
        }
        let request = Request::any(&mut generator, &fixture, &endpoints);
        let begun = Instant::now();
        let reply = tokio::time::timeout(TIMEOUT, request.send(&fixture)).await;
        let reply = reply.unwrap_or_else(|_| panic!("no answer in {TIMEOUT:?} to {request:#?}"));
        assert!(
            reply.status < 500,
            "{} {} after {:?} to request {number}, {request:#?}",
            reply.status,
            reply.body,
            begun.elapsed()
        );
        generator.record_transactions(&reply.body);
        if reply.status < 300 { fine += 1 } else { refused += 1 }
    }
    // With too many refusals the requests would only test the first check.
    assert!(fine * 10 > refused, "{fine} requests were fine, {refused} refused");
}
