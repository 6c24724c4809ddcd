//! What was made already. Many pages show the same picture to many people, so that it is made once, also when they ask at the
//! same moment.

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
/// Expected size of a picture in bytes.
const USUAL: u64 = 8 << 10;
/// Time that a fetched image is served without being fetched again.
const FRESH: Duration = Duration::from_secs(24 * 3600);

/// Client cache time of images that follow from the request alone or were fetched: thirty days.
pub(crate) const MONTH: Option<u32> = Some(30 * 24 * 3600);
/// Client cache time of images drawn from text in the request: forty-five days.
pub(crate) const LONG: Option<u32> = Some(45 * 24 * 3600);

/// A picture that was made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    content_type: &'static str,
    body: Bytes,
    tag: String,
    until: Option<Timestamp>,
}

impl Made {
    /// A PNG.
    pub(crate) fn png(body: Vec<u8>) -> Self {
        Self::of("image/png", body.into())
    }

    /// Bytes of a media type.
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

    /// The same, which is fetched anew after a day.
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

/// The pictures that are kept; those that nobody asked for lately go first.
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
    /// Image cached under a key, or created now, and whether it was cached.
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

/// Answers a call with the picture that its key names, made once.
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

/// As [`answer`], where nothing is left to add.
pub(crate) async fn reply(
    call: &Call<State>,
    key: String,
    max_age: Option<u32>,
    make: impl Future<Output = Result<Made>>,
) -> Result<MediaReply> {
    Ok(answer(call, key, max_age, make).await?.answer(&call.request))
}
