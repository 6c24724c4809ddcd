//! Pool of rendering threads: few images at a time, so that other requests are not held up.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// A bounded number of places to work at.
#[derive(Debug, Clone)]
pub(crate) struct RenderPool(Arc<Semaphore>);

impl Default for RenderPool {
    /// As many places as the machine has cores, less one.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(cores.saturating_sub(1).max(1))))
    }
}

impl RenderPool {
    /// Does a piece of work. A picture that a reader stumbles over is one that cannot be read.
    pub(crate) async fn make<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, imaging::Error> + Send + 'static,
    ) -> Result<T, imaging::Error> {
        let broke_off = |error: &dyn std::fmt::Display| imaging::Error::Unreadable(error.to_string());
        let permit = Arc::clone(&self.0)
            .acquire_owned()
            .await
            .map_err(|error| broke_off(&error))?;
        // The place stays taken until the work is done, also when the client is gone by then.
        let working = tokio::task::spawn_blocking(move || {
            let made = work();
            drop(permit);
            made
        });
        working.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "a picture broke off while it was made");
            Err(broke_off(&error))
        })
    }
}
