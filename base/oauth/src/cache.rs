//! Cache of documents that providers publish: for an hour, or up to a day if the provider is down.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use kernel::Timestamp;
use parking_lot::Mutex;

const FRESH: Duration = Duration::from_secs(3600);
const STALE: Duration = Duration::from_secs(24 * 3600);
/// Minimum interval of refreshes because of an unknown key: otherwise every forged token would cause a request.
const FORCED: Duration = Duration::from_secs(300);
/// Maximum number of documents, since projects configure their own URLs.
const MAX_ENTRIES: usize = 256;

pub(crate) struct Cache<T>(Mutex<HashMap<String, Entry<T>>>);

struct Entry<T> {
    value: Arc<T>,
    fetched: Timestamp,
    forced: Option<Timestamp>,
}

pub(crate) enum Found<T> {
    Fresh(Arc<T>),
    Stale(Arc<T>),
    Nothing,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<T> Cache<T> {
    pub(crate) fn get(&self, key: &str, now: Timestamp) -> Found<T> {
        match self.0.lock().get(key) {
            Some(entry) if now < entry.fetched.plus(FRESH) => Found::Fresh(entry.value.clone()),
            Some(entry) if now < entry.fetched.plus(STALE) => Found::Stale(entry.value.clone()),
            _ => Found::Nothing,
        }
    }

    pub(crate) fn put(&self, key: &str, value: T, now: Timestamp) -> Arc<T> {
        let value = Arc::new(value);
        let mut entries = self.0.lock();
        let forced = entries.get(key).and_then(|entry| entry.forced);
        if entries.len() >= MAX_ENTRIES && !entries.contains_key(key) {
            let oldest = entries
                .iter()
                .min_by_key(|(_, entry)| entry.fetched)
                .map(|(key, _)| key.clone());
            oldest.and_then(|key| entries.remove(&key));
        }
        entries.insert(
            key.to_owned(),
            Entry {
                value: value.clone(),
                fetched: now,
                forced,
            },
        );
        value
    }

    /// Whether a cached document may be refreshed before it expires; if true, the refresh is recorded.
    pub(crate) fn may_force(&self, key: &str, now: Timestamp) -> bool {
        match self.0.lock().get_mut(key) {
            Some(entry) if entry.forced.is_none_or(|forced| now >= forced.plus(FORCED)) => {
                entry.forced = Some(now);
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails")]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn a_document_is_fresh_then_stale_then_gone() {
        let cache = Cache::default();
        cache.put("a", 1, at(0));
        assert!(matches!(cache.get("a", at(3599)), Found::Fresh(_)));
        assert!(matches!(cache.get("a", at(3600)), Found::Stale(_)));
        assert!(matches!(cache.get("a", at(86_400)), Found::Nothing));
        assert!(matches!(cache.get("b", at(0)), Found::Nothing));
    }

    #[test]
    fn asking_again_is_granted_every_five_minutes() {
        let cache = Cache::default();
        assert!(!cache.may_force("a", at(0)));
        cache.put("a", 1, at(0));
        assert!(cache.may_force("a", at(1)) && !cache.may_force("a", at(2)));
        cache.put("a", 2, at(2));
        assert!(!cache.may_force("a", at(300)) && cache.may_force("a", at(301)));
    }

    #[test]
    fn the_oldest_message_is_evicted() {
        let cache = Cache::default();
        for index in 0..=MAX_ENTRIES as i64 {
            cache.put(&index.to_string(), index, at(index));
        }
        assert!(matches!(cache.get("0", at(10)), Found::Nothing));
        assert_eq!(cache.0.lock().len(), MAX_ENTRIES);
    }
}
