//! Avatars: generated images for apps. Icons of browsers and credit cards, flags, resized remote images and favicons,
//! QR codes, initials of a name, and screenshots.
//!
//! Fetches pass the address guard (`outbound`), and fetched images are decoded only after their dimensions were checked
//! (`imaging`). Rendering runs on blocking threads with limited concurrency; results are cached.
//!
//! Not here: the browser for screenshots, which is a separate service.

mod art;
mod cache;
mod catalogue;
mod error;
mod favicon;
mod fetch;
mod image;
mod initials;
mod links;
mod places;
mod qr;
mod render_pool;
mod routes;
mod screenshot;

use std::time::Duration;

use outbound::{Outbound, Url};

use cache::PictureCache;
use fetch::Fetcher;
use render_pool::RenderPool;
pub use routes::routes;

/// Shared state of the service.
#[derive(Debug)]
pub struct State {
    fetcher: Fetcher,
    /// Renders built-in images. Remote images take longer and have a separate pool.
    render_pool: RenderPool,
    remote: RenderPool,
    cache: PictureCache,
    /// URL of the browser service for screenshots, if configured.
    browser: Option<Url>,
}

impl State {
    /// Maximum size of a fetched body, in bytes. The client passed to [`State::new`] should have this limit.
    pub const MAX_BODY: usize = 10 << 20;

    /// State with the client for remote fetches, the time limit of one fetch with all its redirects, and the URL of the
    /// browser service for screenshots.
    pub fn new(outbound: Outbound, limit: Duration, browser: Option<Url>) -> Self {
        Self {
            fetcher: Fetcher::new(outbound, limit),
            render_pool: RenderPool::default(),
            remote: RenderPool::for_remote(),
            cache: PictureCache::default(),
            browser,
        }
    }
}

/// Builds the service.
pub fn service(state: State) -> api::Service {
    api::Service::new("avatars", state, routes()).switched_by(projects::Service::Avatars)
}
