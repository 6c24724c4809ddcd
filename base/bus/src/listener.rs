//! Receives the messages of other nodes.
//!
//! One pattern subscription covers every topic: each node has the same caches and realtime channels and therefore needs
//! nearly all topics, and a local subscription takes effect at once, without waiting for a reply of Redis.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use redis::Msg;
use redis::aio::{PubSubSink, PubSubStream};

use crate::hub::Hub;
use crate::remote::{Identity, persist};

/// Interval of PING on an idle connection, and time limit for its reply.
const PING_INTERVAL: Duration = Duration::from_secs(10);

pub(crate) async fn listen(client: redis::Client, identity: Identity, hub: Arc<Hub>) {
    let channels = format!("{}bus:", identity.prefix);
    loop {
        let (sink, stream) = persist("messages", || subscribe(&client, &channels)).await;
        // Messages published before this moment were missed.
        hub.gap();
        receive(sink, stream, |message| {
            let topic = message.get_channel_name().strip_prefix(&channels);
            let payload = message.get_payload_bytes().split_first_chunk::<16>();
            match (topic, payload) {
                (Some(_), Some((node, _))) if *node == identity.node => {}
                (Some(""), _) => hub.gap(),
                (Some(topic), Some((_, body))) => hub.deliver(topic, || Bytes::copy_from_slice(body)),
                _ => tracing::debug!("a message on the bus is not ours"),
            }
        })
        .await;
    }
}

async fn subscribe(client: &redis::Client, channels: &str) -> redis::RedisResult<(PubSubSink, PubSubStream)> {
    let mut connection = client.get_async_pubsub().await?;
    connection.psubscribe(format!("{channels}*")).await?;
    Ok(connection.split())
}

/// Receives until the connection is closed or PING is not answered: a peer that disappears without closing TCP would
/// otherwise go unnoticed.
async fn receive(mut sink: PubSubSink, mut stream: PubSubStream, mut take: impl FnMut(Msg)) {
    let mut ping_timer = tokio::time::interval(PING_INTERVAL);
    ping_timer.tick().await;
    loop {
        tokio::select! {
            message = stream.next() => match message {
                Some(message) => take(message),
                None => return,
            },
            _ = ping_timer.tick() => match tokio::time::timeout(PING_INTERVAL / 2, sink.ping::<redis::Value>()).await {
                Ok(Ok(_)) => {}
                _ => return,
            },
        }
    }
}
