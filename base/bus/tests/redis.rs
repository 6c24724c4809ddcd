//! Nodes that share a real Redis, given by `FERRITE_TEST_REDIS` and started by `scripts/with-redis`.

#![allow(clippy::unwrap_used)]

mod wire;

use std::time::Duration;

use bus::{Bus, Delivery, Receiver, Settings};
use kernel::Timestamp;
use wire::Wire;

const HOUR: u64 = 3600;

fn now() -> Timestamp {
    kernel::Clock::system().now()
}

/// A key that no other run of the tests has counted.
fn fresh_key() -> String {
    format!("test {}", now().millis())
}

/// A node that has received the gap that follows its connection.
async fn node(url: &str) -> (Bus, Receiver) {
    let bus = Bus::connect(Settings::Redis { url: url.into() }).unwrap();
    let mut receiver = bus.subscribe("news");
    assert_eq!(
        next(&mut receiver).await,
        Delivery::Gap,
        "a connection begins with a gap"
    );
    bus.check().await.unwrap();
    (bus, receiver)
}

async fn next(receiver: &mut Receiver) -> Delivery {
    let delivery = tokio::time::timeout(Duration::from_secs(20), receiver.recv()).await;
    delivery.expect("nothing was delivered").expect("the bus is gone")
}

fn text(text: &str) -> Delivery {
    Delivery::Message(text.as_bytes().to_vec().into())
}

#[tokio::test]
async fn every_node_receives_a_message_once() {
    let Some(url) = wire::redis_url(1) else { return };
    let (here, mut at_home) = node(&url).await;
    let (_there, mut abroad) = node(&url).await;
    for n in 0..1_000 {
        here.publish("news", format!("{n}").as_bytes());
        here.publish("other", b"not for us");
        assert_eq!(next(&mut at_home).await, text(&n.to_string()));
        if n % 100 == 99 {
            for m in n - 99..=n {
                assert_eq!(next(&mut abroad).await, text(&m.to_string()));
            }
        }
    }
}

#[tokio::test]
async fn a_reconnected_node_reports_a_gap_and_sends_queued_messages() {
    let Some(url) = wire::redis_url(2) else { return };
    let wire = Wire::to(&url).await;
    let (cut_off, mut its_own) = node(&wire.url()).await;
    let (_steady, mut heard) = node(&url).await;

    wire.cut();
    cut_off.publish("news", b"while away");
    assert_eq!(
        next(&mut its_own).await,
        text("while away"),
        "a node hears itself without Redis"
    );
    assert!(cut_off.check().await.is_err());
    wire.reconnect();

    assert_eq!(next(&mut its_own).await, Delivery::Gap);
    assert_eq!(next(&mut heard).await, text("while away"));
}

#[tokio::test]
async fn a_node_that_dropped_messages_announces_a_gap() {
    let Some(url) = wire::redis_url(3) else { return };
    let wire = Wire::to(&url).await;
    let (cut_off, _its_own) = node(&wire.url()).await;
    let (_steady, mut heard) = node(&url).await;

    wire.cut();
    for _ in 0..10 {
        cut_off.publish("news", &vec![b'x'; 1 << 20]);
    }
    wire.reconnect();

    let mut whole = 0;
    while next(&mut heard).await != Delivery::Gap {
        whole += 1;
    }
    assert!((8..10).contains(&whole), "{whole} of ten mebibytes were kept");
}

#[tokio::test]
async fn counters_are_shared_and_local_without_redis() {
    let Some(url) = wire::redis_url(4) else { return };
    let wire = Wire::to(&url).await;
    let (one, _a) = node(&url).await;
    let (two, mut its_own) = node(&wire.url()).await;
    let (one, two) = (one.counters(), two.counters());
    let (key, at) = (fresh_key(), now());

    let mut used = Vec::new();
    for _ in 0..3 {
        used.push(one.hit(&key, HOUR, at).await.used);
        used.push(two.hit(&key, HOUR, at).await.used);
    }
    assert_eq!(used, [1, 2, 3, 4, 5, 6]);
    assert_eq!(two.peek(&key, HOUR, at).await.used, 6);
    assert_eq!(one.peek("never hit", HOUR, at).await.used, 0);

    wire.cut();
    let begun = std::time::Instant::now();
    assert_eq!(two.hit(&key, HOUR, at).await.used, 4, "its own three, and this one");
    assert!(begun.elapsed() < Duration::from_secs(1));
    wire.reconnect();
    assert_eq!(next(&mut its_own).await, Delivery::Gap);
}

#[tokio::test]
async fn an_unresponsive_redis_does_not_delay_requests() {
    let Some(url) = wire::redis_url(5) else { return };
    let wire = Wire::to(&url).await;
    let (bus, _its_own) = node(&wire.url()).await;
    let counters = bus.counters();
    let (key, at) = (fresh_key(), now());
    counters.hit(&key, HOUR, at).await;

    wire.silence();
    let begun = std::time::Instant::now();
    for n in 2..100 {
        assert_eq!(counters.hit(&key, HOUR, at).await.used, n);
    }
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "one request waits, the others do not"
    );
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_refused_without_repeating_it() {
    for url in [
        "localhost:6379",
        "https://user:hunter2@example.com",
        "redis://user:hunter2@[::1",
        "",
    ] {
        let error = Bus::connect(Settings::Redis { url: url.into() })
            .err()
            .expect("it is no redis:// URL");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[test]
fn the_bus_requires_a_runtime() {
    let settings = Settings::Redis {
        url: "redis://127.0.0.1:1".into(),
    };
    assert!(matches!(Bus::connect(settings), Err(bus::Error::NoRuntime)));
}
