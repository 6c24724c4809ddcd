//! Sockets: requests that upgrade to another protocol, and WebSocket (RFC 6455), the only one supported.

use std::future::Future;

use http::StatusCode;
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::call::Base;
use crate::error::{Refusal, Result};
use crate::reply::{Navigation, Reply};
pub use crate::upgrade::{Duplex, Io, Upgrade};

/// A WebSocket.
pub type Socket = WebSocketStream<Io>;

/// Bounds of a WebSocket.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The largest message that is read, in bytes.
    pub message: usize,
    /// Maximum size of the write buffer, in bytes; a write beyond it fails.
    pub waiting: usize,
}

impl Base {
    /// Accepts the call as a WebSocket and runs `talk` on it; the reply is 101.
    ///
    /// # Errors
    /// [`Refusal::Argument`] for a request that is not a WebSocket handshake of version 13.
    pub fn accept<Fut>(&self, bounds: Bounds, talk: impl FnOnce(Socket) -> Fut + Send + 'static) -> Result<Navigation>
    where
        Fut: Future<Output = ()> + Send,
    {
        let request = &self.request;
        let is_meant = request
            .header(UPGRADE)
            .is_some_and(|to| to.eq_ignore_ascii_case("websocket"));
        let version = request.header(SEC_WEBSOCKET_VERSION) == Some("13");
        let key = request.headers.get(SEC_WEBSOCKET_KEY).filter(|_| is_meant && version);
        let handover = request.upgrade.as_ref().and_then(|upgrade| upgrade.0.lock().take());
        let (Some(key), Some(handover)) = (key, handover) else {
            return Err(Refusal::Argument("A WebSocket handshake of version 13 is expected here".to_owned()).into());
        };
        let accept = derive_accept_key(key.as_bytes());
        tokio::spawn(async move {
            let Ok(connection) = handover.await else { return };
            let config = WebSocketConfig::default()
                .max_message_size(Some(bounds.message))
                .max_frame_size(Some(bounds.message))
                .max_write_buffer_size(bounds.waiting)
                .write_buffer_size(0);
            talk(WebSocketStream::from_raw_socket(connection, Role::Server, Some(config)).await).await;
        });
        let reply = Reply::empty(StatusCode::SWITCHING_PROTOCOLS)
            .with(CONNECTION, "Upgrade")
            .with(UPGRADE, "websocket")
            .with(SEC_WEBSOCKET_ACCEPT, &accept);
        Ok(Navigation(reply))
    }
}
