//! Limit on concurrent rendering, so that other requests are not delayed.

use std::sync::Arc;

use tokio::sync::Semaphore;

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
    /// Runs the work on a blocking thread. A panic in it is returned as `Unreadable`.
    pub(crate) async fn make<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, imaging::Error> + Send + 'static,
    ) -> Result<T, imaging::Error> {
        let aborted = |error: &dyn std::fmt::Display| imaging::Error::Unreadable(error.to_string());
        let permit = Arc::clone(&self.0)
            .acquire_owned()
            .await
            .map_err(|error| aborted(&error))?;
        // The permit is held until the work is done, even if the client disconnects.
        let working = tokio::task::spawn_blocking(move || {
            let image = work();
            drop(permit);
            image
        });
        working.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "rendering an image panicked");
            Err(aborted(&error))
        })
    }
}
