//! Stopping: which connections may still be needed after a shutdown was requested, and until when.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Time that a client has, once the server is stopping, to send the next part of a request.
pub(super) const QUIET: Duration = Duration::from_secs(5);

/// Receives the deadline for running requests when the server stops.
pub(crate) type Stopping = watch::Receiver<Option<Instant>>;

/// Waits until the server stops; returns the deadline for running requests.
pub(super) async fn stopped(stopping: &mut Stopping) -> Instant {
    match stopping.wait_for(Option::is_some).await {
        Ok(deadline) => deadline.unwrap_or_else(Instant::now),
        // The server was dropped without being stopped.
        Err(_) => Instant::now(),
    }
}

/// Number of requests of a connection that have no complete reply yet.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlight(Arc<AtomicUsize>);

/// One request in flight, until dropped.
#[derive(Debug)]
pub(super) struct Counted(InFlight);

impl InFlight {
    pub(super) fn begin(&self) -> Counted {
        self.0.fetch_add(1, Ordering::SeqCst);
        Counted(self.clone())
    }

    pub(super) fn is_none(&self) -> bool {
        self.0.load(Ordering::SeqCst) == 0
    }

    /// Waits until no request was in flight at two checks in a row, half of [`QUIET`] apart.
    pub(super) async fn none(&self) {
        let mut was_none = false;
        loop {
            tokio::time::sleep(QUIET / 2).await;
            let is_none = self.is_none();
            if is_none && was_none {
                return;
            }
            was_none = is_none;
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}
