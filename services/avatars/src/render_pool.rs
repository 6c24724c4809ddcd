//! Limit on concurrent rendering, so that other requests are not delayed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::error::Error;

/// Longest wait for a permit.
const WAIT: Duration = Duration::from_secs(10);

/// A limited number of permits for rendering.
#[derive(Debug, Clone)]
pub(crate) struct RenderPool(Arc<Semaphore>);

impl Default for RenderPool {
    /// One permit per CPU core, minus one, but at least one.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(cores.saturating_sub(1).max(1))))
    }
}

impl RenderPool {
    /// At most two permits, for pictures whose decoding needs much memory.
    pub(crate) fn for_remote() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(cores.saturating_sub(1).clamp(1, 2))))
    }

    /// Runs the work on a blocking thread, and converts its error; a panic in it is one of kind `Unreadable`. Fails with
    /// [`Error::Busy`] if there is no permit within [`WAIT`].
    pub(crate) async fn make<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, imaging::Error> + Send + 'static,
        unmade: impl FnOnce(imaging::Error) -> Error,
    ) -> Result<T, Error> {
        let permit = tokio::time::timeout(WAIT, Arc::clone(&self.0).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            return Err(Error::Busy);
        };
        // The permit is held until the work is done, even if the client disconnects.
        let working = tokio::task::spawn_blocking(move || {
            let image = work();
            drop(permit);
            image
        });
        let image = working.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "rendering an image panicked");
            Err(imaging::Error::Unreadable(error.to_string()))
        });
        image.map_err(unmade)
    }
}
