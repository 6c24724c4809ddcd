//! Bodies: a request's body, collected within a limit or streamed, and a reply's body, complete or streamed.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use memory::{Budget, Reservation};

use crate::error::{Refusal, Result};

/// A body as a stream of chunks.
pub type BodyStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// Time limit for receiving a body, in addition to the time that its size allows: see [`MIN_RATE`].
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// Minimum average rate of a sender, in bytes per second.
const MIN_RATE: u64 = 8 << 10;
/// Maximum size of an unread body that is discarded, in bytes. It is read so that the sender gets the reply: closing a
/// socket with unread bytes resets the connection, and the reply is lost.
const MAX_DISCARDED: usize = 16 << 20;
/// Time limit for discarding an unread body.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest wait of a request for memory before it is refused with 503.
pub(crate) const MEMORY_TIMEOUT: Duration = Duration::from_secs(5);

/// The body of a request. Nothing is read from the connection before the handler or the router reads the body.
#[derive(Default)]
pub struct RequestBody {
    stream: Option<BodyStream>,
    length: Option<u64>,
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// A completely read body, and the memory that is reserved for it.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) bytes: Bytes,
    pub(crate) reservation: Option<Reservation>,
}

impl RequestBody {
    /// An empty body.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A body that is read from a stream; `length` is the announced `Content-Length`.
    pub fn new(stream: BodyStream, length: Option<u64>) -> Self {
        Self {
            stream: Some(stream),
            length,
        }
    }

    /// A body that is already in memory.
    pub fn of_bytes(bytes: Bytes) -> Self {
        let length = u64::try_from(bytes.len()).ok();
        Self::new(Box::pin(Once(Some(bytes))), length)
    }

    /// Takes the stream, for incremental reading; an empty stream if there is no body or it was taken before.
    pub fn take(&mut self) -> BodyStream {
        self.stream.take().unwrap_or_else(|| Box::pin(Once(None)))
    }

    /// Reads the complete body, up to `limit` bytes. Above [`memory::SMALL`] its memory is reserved, for `key`.
    ///
    /// # Errors
    /// [`Refusal::BodyTooLarge`], [`Refusal::Timeout`] for a sender that is slower than [`MIN_RATE`],
    /// [`Refusal::NoRoom`] if the memory budget is used up.
    pub(crate) async fn collect(&mut self, limit: usize, budget: &Budget, key: &str) -> Result<Collected> {
        let announced = self
            .length
            .map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
        if announced > limit {
            return Err(Refusal::BodyTooLarge(limit).into());
        }
        let Some(mut stream) = self.stream.take() else {
            return Ok(Collected::default());
        };
        let mut reservation = None;
        if announced > memory::SMALL {
            reservation = Some(reserve(budget, key, announced).await?);
        }
        let started = tokio::time::Instant::now();
        let mut collected = BytesMut::new();
        loop {
            let received = u64::try_from(collected.len()).unwrap_or(u64::MAX);
            let deadline = started + BODY_TIMEOUT + Duration::from_secs(received / MIN_RATE);
            let next = std::future::poll_fn(|context| stream.as_mut().poll_next(context));
            let next = tokio::time::timeout_at(deadline, next)
                .await
                .map_err(|_| Refusal::Timeout)?;
            let Some(data) = next else { break };
            let data = data.map_err(|_| Refusal::BadBody("the connection was closed".to_owned()))?;
            let length = collected.len().saturating_add(data.len());
            if length > limit {
                self.stream = Some(stream);
                return Err(Refusal::BodyTooLarge(limit).into());
            }
            if length > memory::SMALL && length > reservation.as_ref().map_or(0, Reservation::bytes) {
                // A body of unknown length: the reservation doubles each time, as the buffer does.
                let needed = length.next_power_of_two();
                match &mut reservation {
                    Some(held) => held.grow(needed - held.bytes()).map_err(|_| Refusal::NoRoom)?,
                    None => reservation = Some(reserve(budget, key, needed).await?),
                }
            }
            if collected.is_empty() && data.len() == announced {
                return Ok(Collected {
                    bytes: data,
                    reservation,
                });
            }
            if collected.is_empty() {
                collected.reserve(announced.max(data.len()));
            }
            collected.extend_from_slice(&data);
        }
        Ok(Collected {
            bytes: collected.freeze(),
            reservation,
        })
    }

    /// Reads the rest of the body and drops it, within bounds, on its own task: the reply was ready before the body was
    /// read.
    pub(crate) fn discard(self) {
        let Some(mut stream) = self.stream else { return };
        tokio::spawn(async move {
            let reading = async {
                let mut discarded = 0_usize;
                while let Some(Ok(data)) = std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await {
                    discarded = discarded.saturating_add(data.len());
                    if discarded > MAX_DISCARDED {
                        break;
                    }
                }
            };
            let _ = tokio::time::timeout(DISCARD_TIMEOUT, reading).await;
        });
    }
}

pub(crate) async fn reserve(budget: &Budget, key: &str, bytes: usize) -> Result<Reservation> {
    let reserved = budget.reserve(key, bytes, MEMORY_TIMEOUT).await;
    Ok(reserved.map_err(|_| Refusal::NoRoom)?)
}

/// The body of a reply.
pub enum Body {
    /// Complete bytes.
    Bytes(Bytes),
    /// Bytes that are produced while they are sent. An error closes the connection, so that a client detects the
    /// truncation.
    Stream(BodyStream),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Self::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

impl<B: Into<Bytes>> From<B> for Body {
    fn from(bytes: B) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl Body {
    /// The bytes of a complete body; none of a stream.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Stream(_) => None,
        }
    }
}

/// A stream of chunks, each requested after the previous one was sent; it ends with the first `None`.
pub fn pieces<Fut>(mut next: impl FnMut(u64) -> Fut + Send + 'static) -> BodyStream
where
    Fut: Future<Output = io::Result<Option<Bytes>>> + Send + 'static,
{
    Box::pin(futures_util::stream::try_unfold(0_u64, move |index| {
        let piece = next(index);
        async move { Ok(piece.await?.map(|piece| (piece, index + 1))) }
    }))
}

/// A stream of one chunk.
struct Once(Option<Bytes>);

impl Stream for Once {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(Ok))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_read_within_its_limit_and_the_budget() {
        let budget = Budget::new(1 << 20);
        let body = |length: usize| RequestBody::of_bytes(Bytes::from(vec![b'x'; length]));
        let read = body(100_000)
            .collect(200_000, &budget, "shop")
            .await
            .expect("within bounds");
        assert_eq!((read.bytes.len(), budget.used()), (100_000, 100_000));
        drop(read);
        assert_eq!(budget.used(), 0);
        let error = body(100_000)
            .collect(99_999, &budget, "shop")
            .await
            .expect_err("too large");
        assert_eq!(error.status(), 413);
        let error = body(600_000)
            .collect(1 << 20, &budget, "shop")
            .await
            .expect_err("over its share");
        assert_eq!(error.status(), 503);
    }
}
