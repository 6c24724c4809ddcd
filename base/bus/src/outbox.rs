//! Messages waiting to be sent to the other nodes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::mpsc;

use crate::remote::{Identity, Link, means_lost};

/// Maximum number of queued messages, and of their bytes, while Redis is unreachable. Further messages are dropped, and
/// a gap is announced later.
const MAX_MESSAGES: usize = 4096;
const MAX_BYTES: usize = 8 << 20;

/// Maximum number of messages in one pipeline.
const BATCH: usize = 128;

struct Message {
    channel: String,
    payload: Vec<u8>,
}

#[derive(Default)]
struct State {
    bytes: AtomicUsize,
    dropped: AtomicBool,
}

/// Producer end of the queue: enqueues a message or drops it, without waiting.
pub(crate) struct Outbox {
    identity: Identity,
    queue: mpsc::Sender<Message>,
    state: Arc<State>,
}

/// Consumer end of the queue, which sends to Redis.
pub(crate) struct Queue {
    identity: Identity,
    messages: mpsc::Receiver<Message>,
    state: Arc<State>,
}

impl Outbox {
    pub(crate) fn new(identity: Identity) -> (Self, Queue) {
        let (queue, messages) = mpsc::channel(MAX_MESSAGES);
        let state = Arc::new(State::default());
        (
            Self {
                identity: identity.clone(),
                queue,
                state: state.clone(),
            },
            Queue {
                identity,
                messages,
                state,
            },
        )
    }

    pub(crate) fn post(&self, topic: &str, message: &[u8]) {
        let size = message.len();
        let fits = self.state.bytes.fetch_add(size, Ordering::Relaxed).saturating_add(size) <= MAX_BYTES;
        if fits && self.queue.try_send(message_for(&self.identity, topic, message)).is_ok() {
            return;
        }
        self.state.bytes.fetch_sub(size, Ordering::Relaxed);
        if !self.state.dropped.swap(true, Ordering::Relaxed) {
            tracing::warn!("the bus drops messages to other nodes: too many wait to be sent");
        }
        // Wakes the consumer, which then announces the gap; if the queue is full, the consumer is running anyway.
        let _ = self.queue.try_send(message_for(&self.identity, "", b""));
    }
}

impl Queue {
    /// Sends queued messages in order, retrying until they are sent.
    pub(crate) async fn send_loop(mut self, link: Arc<Link>) {
        let mut batch = Vec::new();
        while self.messages.recv_many(&mut batch, BATCH).await > 0 {
            let bytes: usize = batch
                .iter()
                .map(|message| message.payload.len() - self.identity.node.len())
                .sum();
            if self.state.dropped.swap(false, Ordering::Relaxed) {
                batch.push(message_for(&self.identity, "", b""));
            }
            self.send(&link, &batch).await;
            self.state.bytes.fetch_sub(bytes, Ordering::Relaxed);
            batch.clear();
        }
    }

    /// Sends a batch, retrying after lost connections. A batch that the server itself refuses would be refused again:
    /// it counts as dropped.
    async fn send(&self, link: &Link, batch: &[Message]) {
        let mut pipeline = redis::Pipeline::with_capacity(batch.len());
        for message in batch {
            pipeline
                .cmd("PUBLISH")
                .arg(&message.channel)
                .arg(&message.payload)
                .ignore();
        }
        while let Some(mut live) = link.ready().await {
            match pipeline.exec_async(&mut live.connection).await {
                Ok(()) => return,
                Err(error) if means_lost(&error) => link.lost(&live),
                Err(error) => {
                    tracing::warn!(%error, "the bus server refuses messages");
                    self.state.dropped.store(true, Ordering::Relaxed);
                    return;
                }
            }
        }
    }
}

/// A message with an empty topic announces a gap.
fn message_for(identity: &Identity, topic: &str, message: &[u8]) -> Message {
    Message {
        channel: format!("{}bus:{topic}", identity.prefix),
        payload: [&identity.node, message].concat(),
    }
}
