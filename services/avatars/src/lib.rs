//! Avatars: pictures for an app's pages that nobody has to upload. The marks of browsers and cards, flags, pictures and icons
//! from elsewhere brought to size, QR codes, and the initials of a name.
//!
//! What is fetched for a user is fetched as carefully as anything (`outbound`), and nothing that is fetched is unpacked before
//! it is known to be small enough (`imaging`). The work is done beside the threads that answer requests, a little at a time; what
//! was made is kept for the next who asks.
//!
//! Not here: the browser that screenshots need, which is a service of its own.

mod art;
mod cache;
mod catalogue;
mod error;
mod favicon;
mod fetch;
mod image;
mod initials;
mod links;
mod qr;
mod render_pool;
mod routes;
mod screenshot;

use outbound::{Outbound, Url};

use cache::PictureCache;
use fetch::Fetcher;
use render_pool::RenderPool;
pub use routes::routes;

/// State of the service.
#[derive(Debug)]
pub struct State {
    fetcher: Fetcher,
    /// Renders built-in images. Remote images take longer and have a pool of their own.
    render_pool: RenderPool,
    remote: RenderPool,
    cache: PictureCache,
    /// The browser service that looks at pages, if there is one.
    browser: Option<Url>,
}

impl State {
    /// The largest body that is fetched, in bytes: the client that is handed over should take no larger ones.
    pub const MAX_BODY: usize = 20 << 20;

    /// A service that fetches by this client, and looks at pages through this browser service.
    pub fn new(outbound: Outbound, browser: Option<Url>) -> Self {
        Self {
            fetcher: Fetcher::new(outbound),
            render_pool: RenderPool::default(),
            remote: RenderPool::default(),
            cache: PictureCache::default(),
            browser,
        }
    }
}

/// The service.
pub fn service(state: State) -> api::Service {
    api::Service::new("avatars", state, routes()).switched_by(projects::Service::Avatars)
}
