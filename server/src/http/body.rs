//! Conversion of bodies between hyper and the API.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use api::{Body, RequestBody};
use bytes::Bytes;
use futures_core::Stream;
use hyper::body::{Frame, Incoming, SizeHint};
use memory::Reservation;

/// Maximum size of one data frame of a large body, in bytes, so that sending it does not delay other connections.
const MAX_CHUNK: usize = 64 << 10;

/// Converts a request body.
pub(super) fn of_request(body: Incoming) -> RequestBody {
    use hyper::body::Body as _;
    if body.is_end_stream() {
        return RequestBody::empty();
    }
    let announced = body.size_hint().exact();
    RequestBody::new(Box::pin(Arriving(body)), announced)
}

/// The data frames of a body; trailers are ignored.
struct Arriving(Incoming);

impl Stream for Arriving {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        use hyper::body::Body as _;
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(io::Error::other(error)))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// The body of a reply with its memory reservation, which is released when this value is dropped.
pub(super) struct ReplyBody {
    body: Body,
    _reservation: Option<Reservation>,
}

impl ReplyBody {
    pub(super) fn new(body: Body, reservation: Option<Reservation>) -> Self {
        Self {
            body,
            _reservation: reservation,
        }
    }
}

impl hyper::body::Body for ReplyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match &mut self.body {
            Body::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Body::Bytes(bytes) => {
                let piece = bytes.split_to(bytes.len().min(MAX_CHUNK));
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            Body::Stream(stream) => stream
                .as_mut()
                .poll_next(context)
                .map(|piece| piece.map(|piece| piece.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.body, Body::Bytes(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Body::Bytes(bytes) => SizeHint::with_exact(u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            Body::Stream(_) => SizeHint::default(),
        }
    }
}
