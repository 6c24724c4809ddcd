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
const CAPACITY: u64 = 16 << 20;
/// Expected size of an image in bytes.
const EXPECTED_SIZE: u64 = 8 << 10;
/// Time that a fetched image is served without being fetched again.
const FRESH: Duration = Duration::from_secs(24 * 3600);

/// Client cache time of images that are determined by the request alone or were fetched, in seconds: 30 days.
pub(crate) const MONTH: Option<u32> = Some(30 * 24 * 3600);
/// Client cache time of images drawn from text in the request, in seconds: 45 days.
pub(crate) const LONG: Option<u32> = Some(45 * 24 * 3600);

/// A rendered or fetched image.
#[derive(Debug, Clone)]
pub(crate) struct CachedImage {
    content_type: &'static str,
    body: Bytes,
    tag: String,
    fresh_until: Option<Timestamp>,
}

impl CachedImage {
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
            fresh_until: None,
        }
    }

    /// Sets the expiry of a fetched image to one day from `now`.
    pub(crate) fn fetched(mut self, now: Timestamp) -> Self {
        self.fresh_until = Some(now.plus(FRESH));
        self
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<CachedImage>> for Weight {
    fn weight(&self, key: &String, image: &Arc<CachedImage>) -> u64 {
        (key.len() + image.body.len() + 256) as u64
    }
}

/// Cache of images, weighted by size; images not requested recently are evicted first.
pub(crate) struct PictureCache(Cache<String, Arc<CachedImage>, Weight>);

impl std::fmt::Debug for PictureCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PictureCache")
            .field("bytes", &self.0.weight())
            .finish_non_exhaustive()
    }
}

impl Default for PictureCache {
    fn default() -> Self {
        Self(Cache::with_weighter(
            (CAPACITY / EXPECTED_SIZE) as usize,
            CAPACITY,
            Weight,
        ))
    }
}

impl PictureCache {
    /// Returns the image cached under a key, or creates it, and whether it was cached.
    async fn get(
        &self,
        key: String,
        now: Timestamp,
        create: impl Future<Output = Result<CachedImage>>,
    ) -> Result<(Arc<CachedImage>, bool)> {
        let is_old = |image: &Arc<CachedImage>| image.fresh_until.is_some_and(|fresh_until| fresh_until <= now);
        self.0.remove_if(&key, is_old);
        let was_created = AtomicBool::new(false);
        let creating = async {
            was_created.store(true, Ordering::Relaxed);
            create.await.map(Arc::new)
        };
        let image = self.0.get_or_insert_async(&key, creating).await?;
        Ok((image, !was_created.into_inner()))
    }
}

/// Returns the image of a key as a media reply with settable options; created on a cache miss.
pub(crate) async fn media(
    call: &Call<State>,
    key: String,
    max_age: Option<u32>,
    create: impl Future<Output = Result<CachedImage>>,
) -> Result<Media> {
    let (image, from_cache) = call.state.cache.get(key, call.now(), create).await?;
    Ok(Media {
        content_type: image.content_type,
        body: image.body.clone(),
        tag: image.tag.clone(),
        max_age,
        download: None,
        from_cache,
    })
}

/// Like [`media`], without further options.
pub(crate) async fn reply(
    call: &Call<State>,
    key: String,
    max_age: Option<u32>,
    create: impl Future<Output = Result<CachedImage>>,
) -> Result<MediaReply> {
    Ok(media(call, key, max_age, create).await?.answer(&call.request))
}
