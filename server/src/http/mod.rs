//! HTTP/1.1 server on hyper, with limits of size and time on every input.
//!
//! Connections are accepted, their requests are passed to the router, and the replies are sent as fast as the client
//! reads. Clients that send or read too slowly are disconnected (`io`); replies are sent in bounded frames (`body`) and
//! compressed if that makes them smaller (`compress`).

mod body;
mod compress;
mod io;

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
use tokio::sync::{Semaphore, watch};

use body::ReplyBody;
use io::RateLimitedWrite;

/// Maximum number of open connections; further ones wait in the listener's backlog.
const CONNECTIONS: usize = 10_000;
/// Time limit for running requests after a shutdown was requested.
const GRACE: Duration = Duration::from_secs(20);

/// Options of a listener.
#[derive(Debug)]
pub struct Options {
    /// Proxies whose `X-Forwarded-*` headers are trusted.
    pub proxies: Proxies,
    /// Time limit for idle connections and for the head of a request.
    pub idle: Duration,
    /// Source of the requests' time.
    pub clock: Clock,
}

/// Accepts connections until `stop` becomes true, then waits up to 20 s for running requests.
pub async fn serve(listener: TcpListener, router: Arc<Router>, options: Options, mut stop: watch::Receiver<bool>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(options.idle)
        .max_buf_size(64 * 1024)
        .half_close(true);
    let options = Arc::new(options);
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
                // Out of file descriptors, or the client disconnected already: neither may end the loop or make it
                // spin.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = socket.set_nodelay(true);
        let (router, options) = (Arc::clone(&router), Arc::clone(&options));
        let service = service_fn(move |request| answer(Arc::clone(&router), Arc::clone(&options), peer, request));
        let connection = http
            .serve_connection(TokioIo::new(RateLimitedWrite::new(socket)), service)
            .with_upgrades();
        let mut stopping = stop.clone();
        tokio::spawn(async move {
            let mut connection = std::pin::pin!(connection);
            // Connection errors are ignored: they concern this client only, which notices them itself.
            let stopped = tokio::select! {
                _ = connection.as_mut() => false,
                _ = stopping.wait_for(|stop| *stop) => true,
            };
            if stopped {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
            drop(permit);
        });
    }
    drop(listener);
    // All permits are available once the last connection has ended.
    let ended = permits.acquire_many(u32::try_from(CONNECTIONS).unwrap_or(u32::MAX));
    let _ = tokio::time::timeout(GRACE, ended).await;
}

async fn answer(
    router: Arc<Router>,
    options: Arc<Options>,
    peer: SocketAddr,
    mut request: hyper::Request<Incoming>,
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
            router.handle(request, body::of_request(body)).await
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
    let mut response = hyper::Response::new(ReplyBody::new(reply.body, reply.reservation));
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
