//! HTTP/1.1 server on hyper, with limits of size and time on every input.
//!
//! Connections are accepted, their requests are passed to the router, and the replies are sent as fast as the client
//! reads. Clients that send or read too slowly are disconnected (`io`); replies are sent in bounded frames (`body`) and
//! compressed if that makes them smaller (`compress`).

mod body;
mod compress;
mod io;
mod stop;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use api::{Proxies, Refusal, Reply, Request, Router};
use http::StatusCode;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use kernel::Clock;
use tokio::net::TcpListener;
use tokio::sync::{AcquireError, Notify, OwnedSemaphorePermit, Semaphore};

use body::ReplyBody;
use io::RateLimitedWrite;
pub(crate) use stop::Stopping;
use stop::{Counted, InFlight, stopped};

/// Time without a free place for a connection after which the oldest idle one is closed.
const CROWDED: Duration = Duration::from_millis(100);

/// Options of a listener.
#[derive(Debug)]
pub struct Options {
    /// Proxies whose `X-Forwarded-*` headers are trusted.
    pub proxies: Proxies,
    /// Time limit for idle connections and for the head of a request.
    pub idle: Duration,
    /// Maximum number of open connections; further ones wait in the listener's backlog until an idle one is closed.
    pub connections: usize,
    /// Source of the requests' time.
    pub clock: Clock,
}

/// Accepts connections until `stopping` holds a deadline, then waits for running requests until that.
pub(crate) async fn serve(listener: TcpListener, router: Arc<Router>, options: Options, mut stopping: Stopping) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(options.idle)
        .max_buf_size(64 * 1024)
        .half_close(true);
    let options = Arc::new(options);
    let connections = u32::try_from(options.connections).unwrap_or(u32::MAX);
    let crowd = Arc::new(Notify::new());
    let permits = Arc::new(Semaphore::new(options.connections));
    let deadline = loop {
        let accepting = async {
            let permit = place(&permits, &crowd).await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            accepted = accepting => accepted,
            deadline = stopped(&mut stopping) => break deadline,
        };
        let (socket, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, or the client disconnected already: neither may end the loop or make it
                // spin.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = socket.set_nodelay(true);
        let (router, options) = (Arc::clone(&router), Arc::clone(&options));
        let in_flight = InFlight::default();
        let (counting, mut stopping) = (in_flight.clone(), stopping.clone());
        let of_bodies = stopping.clone();
        let service = service_fn(move |request| {
            let counted = counting.begin();
            answer(
                (Arc::clone(&router), Arc::clone(&options)),
                (peer, of_bodies.clone()),
                request,
                counted,
            )
        });
        let connection = http
            .serve_connection(TokioIo::new(RateLimitedWrite::new(socket)), service)
            .with_upgrades();
        let crowd = Arc::clone(&crowd);
        tokio::spawn(async move {
            let mut connection = std::pin::pin!(connection);
            // Connection errors are ignored: they concern this client only, which notices them itself.
            let is_stopping = tokio::select! {
                _ = connection.as_mut() => false,
                () = evicted(&crowd, &in_flight) => false,
                _ = stopped(&mut stopping) => true,
            };
            if is_stopping {
                connection.as_mut().graceful_shutdown();
                // A client that has sent no request, or half of its head, is not waited for.
                tokio::select! {
                    _ = connection => {}
                    () = in_flight.none() => {}
                }
            }
            drop(permit);
        });
    };
    drop(listener);
    // All permits are available once the last connection has ended.
    let ended = permits.acquire_many(connections);
    let _ = tokio::time::timeout_at(deadline, ended).await;
}

/// Waits for a place for a connection. If there is none, idle connections are asked to end, one after the other.
async fn place(permits: &Arc<Semaphore>, crowd: &Notify) -> Result<OwnedSemaphorePermit, AcquireError> {
    loop {
        let waiting = Arc::clone(permits).acquire_owned();
        if let Ok(permit) = tokio::time::timeout(CROWDED, waiting).await {
            return permit;
        }
        crowd.notify_one();
    }
}

/// Returns when a connection is asked to end and has no request in flight. Requests reach the connections in the order in
/// which they began to wait, so the oldest ones end first.
async fn evicted(crowd: &Notify, in_flight: &InFlight) {
    loop {
        crowd.notified().await;
        if in_flight.is_none() {
            return;
        }
        // Passed to the next one; this connection waits again, behind all others.
        crowd.notify_one();
        tokio::time::sleep(CROWDED).await;
    }
}

async fn answer(
    (router, options): (Arc<Router>, Arc<Options>),
    (peer, stopping): (SocketAddr, Stopping),
    mut request: hyper::Request<Incoming>,
    counted: Counted,
) -> Result<hyper::Response<ReplyBody>, Infallible> {
    let upgrade = io::upgrade_of(&mut request);
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let encoding = compress::accepted(&parts.headers);
    let names_host = names_one_host(parts.version, &parts.headers);
    let from = (peer.ip(), &options.proxies);
    let mut request = Request::new(parts.method, path, query, parts.headers, from, options.clock.now());
    request.upgrade = upgrade.map(Arc::new);
    let id = request.id.clone();
    let mut answering = std::pin::pin!(async {
        if names_host {
            router.handle(request, body::of_request(body, stopping)).await
        } else {
            router.refuse(&request, Refusal::Host)
        }
    });
    // A panic is a bug of the server and affects only its request: the client gets a 500, and the connection stays
    // open.
    let reply = std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| answering.as_mut().poll(context)));
        polled.map_or(Poll::Ready(None), |poll| poll.map(Some))
    })
    .await;
    let reply = reply.unwrap_or_else(|| {
        tracing::error!(request = ?id, "a handler panicked");
        Reply::json(StatusCode::INTERNAL_SERVER_ERROR, &api::error::broken())
    });
    let reply = match encoding {
        Some(encoding) if reply.compressible => compress::apply(reply, encoding).await,
        _ => reply,
    };
    let mut response = hyper::Response::new(ReplyBody::new(reply.body, reply.reservation, counted));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    Ok(response)
}

/// Whether a request has exactly one `Host` (RFC 9112, 3.2): with several, a proxy and the server could disagree about the
/// host. HTTP/1.0 requests need none.
fn names_one_host(version: http::Version, headers: &http::HeaderMap) -> bool {
    let hosts = headers.get_all(http::header::HOST).iter().count();
    hosts == 1 || (hosts == 0 && version < http::Version::HTTP_11)
}
