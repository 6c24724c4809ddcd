//! In-memory cache of rendered images. Concurrent requests for the same image render it only once.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use api::media::{Media, MediaReply};
use api::{Call, Result};
use bytes::Bytes;
use kernel::Timestamp;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::State;

/// Cache capacity in bytes.
const MOST: u64 = 16 << 20;
/// Expected size of an image in bytes.
const USUAL: u64 = 8 << 10;
/// Time that a fetched image is served without being fetched again.
const FRESH: Duration = Duration::from_secs(24 * 3600);

/// Client cache time of images that are determined by the request alone or were fetched, in seconds: 30 days.
pub(crate) const MONTH: Option<u32> = Some(30 * 24 * 3600);
/// Client cache time of images drawn from text in the request, in seconds: 45 days.
pub(crate) const LONG: Option<u32> = Some(45 * 24 * 3600);

/// A rendered or fetched image.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    content_type: &'static str,
    body: Bytes,
    tag: String,
    until: Option<Timestamp>,
}

impl Made {
    /// A PNG image.
    pub(crate) fn png(body: Vec<u8>) -> Self {
        Self::of("image/png", body.into())
    }

    /// An image of the given media type.
    pub(crate) fn of(content_type: &'static str, body: Bytes) -> Self {
        let digest = Sha256::digest(&body);
        let tag = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            content_type,
            body,
            tag,
            until: None,
        }
    }

    /// Sets the expiry of a fetched image to one day from `now`.
    pub(crate) fn fetched(mut self, now: Timestamp) -> Self {
        self.until = Some(now.plus(FRESH));
        self
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<Made>> for Weight {
    fn weight(&self, key: &String, made: &Arc<Made>) -> u64 {
        (key.len() + made.body.len() + 256) as u64
    }
}

/// Cache of images, weighted by size; images not requested recently are evicted first.
pub(crate) struct PictureCache(Cache<String, Arc<Made>, Weight>);

impl std::fmt::Debug for PictureCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf")
            .field("bytes", &self.0.weight())
            .finish_non_exhaustive()
    }
}

impl Default for PictureCache {
    fn default() -> Self {
        Self(Cache::with_weighter((MOST / USUAL) as usize, MOST, Weight))
    }
}

impl PictureCache {
    /// Returns the image cached under a key, or creates it, and whether it was cached.
    async fn get(
        &self,
        key: String,
        now: Timestamp,
        make: impl Future<Output = Result<Made>>,
    ) -> Result<(Arc<Made>, bool)> {
        let is_old = |made: &Arc<Made>| made.until.is_some_and(|until| until <= now);
        self.0.remove_if(&key, is_old);
        let was_made = AtomicBool::new(false);
        let making = async {
            was_made.store(true, Ordering::Relaxed);
            make.await.map(Arc::new)
        };
        let made = self.0.get_or_insert_async(&key, making).await?;
        Ok((made, !was_made.into_inner()))
    }
}

/// Returns the image of a key as a media reply with settable options; created on a cache miss.
pub(crate) async fn answer(
    call: &Call<State>,
    key: String,
    max_age: Option<u32>,
    make: impl Future<Output = Result<Made>>,
) -> Result<Media> {
    let (made, was_kept) = call.state.cache.get(key, call.now(), make).await?;
    Ok(Media {
        content_type: made.content_type,
        body: made.body.clone(),
        tag: made.tag.clone(),
        max_age,
        download: None,
        was_kept,
    })
}

/// Like [`answer`], without further options.
pub(crate) async fn reply(
    call: &Call<State>,
    key: String,
    max_age: Option<u32>,
    make: impl Future<Output = Result<Made>>,
) -> Result<MediaReply> {
    Ok(answer(call, key, max_age, make).await?.answer(&call.request))
}
