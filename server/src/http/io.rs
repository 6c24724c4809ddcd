//! Socket with a minimum send rate: a client that reads too slowly is disconnected, which frees the memory of its
//! reply.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use api::socket::Upgrade;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// Time within which a client must read [`MIN_BYTES`] bytes of a pending reply.
const WINDOW: Duration = Duration::from_secs(30);
/// Minimum number of bytes that a client must read in [`WINDOW`].
const MIN_BYTES: usize = 64 << 10;

/// TCP stream whose writes fail with `TimedOut` when the client reads fewer than [`MIN_BYTES`] bytes in [`WINDOW`].
pub(super) struct RateLimitedWrite {
    socket: TcpStream,
    /// Set when a write becomes pending.
    deadline: Option<Pin<Box<Sleep>>>,
    /// Bytes written since the deadline was set or reset.
    written: usize,
}

impl RateLimitedWrite {
    pub(super) fn new(socket: TcpStream) -> Self {
        Self {
            socket,
            deadline: None,
            written: 0,
        }
    }

    /// Applies the deadline to the result of a write: a pending write starts it, and [`MIN_BYTES`] written bytes remove it.
    fn check_progress<T>(
        &mut self,
        written: usize,
        poll: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.written = self.written.saturating_add(written);
            if self.written >= MIN_BYTES {
                self.deadline = None;
                self.written = 0;
            }
            return poll;
        }
        let deadline = self
            .deadline
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(WINDOW)));
        if deadline.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        if self.written < MIN_BYTES {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read")));
        }
        deadline.as_mut().reset(Instant::now() + WINDOW);
        self.written = 0;
        // Registers the new deadline.
        let _ = deadline.as_mut().poll(context);
        Poll::Pending
    }
}

impl AsyncRead for RateLimitedWrite {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, into)
    }
}

impl AsyncWrite for RateLimitedWrite {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.socket).poll_write(context, data);
        let written = written_by(&poll);
        self.check_progress(written, poll, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.socket).poll_write_vectored(context, data);
        let written = written_by(&poll);
        self.check_progress(written, poll, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

fn written_by(poll: &Poll<io::Result<usize>>) -> usize {
    match poll {
        Poll::Ready(Ok(written)) => *written,
        _ => 0,
    }
}

/// The connection of a request with an `Upgrade` header; resolves after the reply was sent.
pub(super) fn upgrade_of(request: &mut hyper::Request<Incoming>) -> Option<Upgrade> {
    request.headers().get(http::header::UPGRADE)?;
    let socket = hyper::upgrade::on(request);
    Some(Upgrade::new(async move {
        let upgraded = socket.await.map_err(io::Error::other)?;
        Ok(Box::pin(TokioIo::new(upgraded)) as api::socket::Io)
    }))
}
