//! Sockets: HTTP/1.1 by hyper, with every input bounded in size and time.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use api::{Refusal, Reply, Request, Router};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use kernel::Clock;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// How long a client may take for its headers, and for its body.
const PATIENCE: Duration = Duration::from_secs(30);
/// Connections at once; more wait in the listener's queue.
const CONNECTIONS: usize = 10_000;
/// How much of a body that is too large is thrown away, so that its sender hears why before the connection ends: a socket
/// that is closed with bytes unread takes the answer with it.
const THROWN_AWAY: usize = 16 << 20;
/// How long requests that run may go on once the server is told to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Accepts connections until `stop` says so, then finishes what runs.
pub async fn serve(listener: TcpListener, router: Arc<Router>, clock: Clock, mut stop: watch::Receiver<bool>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(64 * 1024)
        .half_close(true);
    let graceful = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else {
            break;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (socket, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, or a client that is gone already: neither may end the loop or spin it.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = socket.set_nodelay(true);
        let (router, clock) = (Arc::clone(&router), clock.clone());
        let service = service_fn(move |request| answer(Arc::clone(&router), clock.clone(), peer, request));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(socket), service));
        tokio::spawn(async move {
            // What goes wrong on a connection is the client's loss and its news.
            let _ = connection.await;
            drop(permit);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

async fn answer(
    router: Arc<Router>,
    clock: Clock,
    peer: SocketAddr,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let matched = router.find(&parts.method, parts.uri.path());
    let body = read(body, matched.body_limit()).await;
    let path = parts.uri.path().to_owned();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let request = Request::new(parts.method, path, query, parts.headers, peer.ip(), clock.now());
    let id = request.id.clone();
    let mut answering = std::pin::pin!(router.answer(matched, request, body));
    // A panic is ours to mend, and costs its own request alone: the client reads a 500, and the connection goes on.
    let reply = std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| answering.as_mut().poll(context)));
        polled.map_or(Poll::Ready(None), |poll| poll.map(Some))
    })
    .await;
    let reply = reply.unwrap_or_else(|| {
        tracing::error!(request = ?id, "a handler panicked");
        Reply::json(StatusCode::INTERNAL_SERVER_ERROR, &api::error::broken())
    });
    let mut response = hyper::Response::new(Full::new(reply.body));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    Ok(response)
}

async fn read(body: Incoming, limit: usize) -> api::Result<Bytes> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit.saturating_add(THROWN_AWAY) {
        return Err(Refusal::BodyTooLarge(limit).into());
    }
    match tokio::time::timeout(PATIENCE, collect(body, limit)).await {
        Ok(collected) => collected,
        Err(_) => Err(Refusal::Timeout.into()),
    }
}

async fn collect(mut body: Incoming, limit: usize) -> api::Result<Bytes> {
    let (mut whole, mut seen) = (BytesMut::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::BadBody("the connection broke off".to_owned()))?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen <= limit {
            if whole.is_empty() && body.is_end_stream() {
                return Ok(data);
            }
            whole.extend_from_slice(&data);
        } else if seen > limit.saturating_add(THROWN_AWAY) {
            break;
        }
    }
    if seen > limit {
        return Err(Refusal::BodyTooLarge(limit).into());
    }
    Ok(whole.freeze())
}
