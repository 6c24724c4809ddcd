//! Cache of recently parsed user agents.

use std::sync::{Arc, LazyLock};

use quick_cache::sync::Cache;

use crate::agent::Agent;

/// Maximum number of cached agents; about 200 KiB when full, with user agents of up to 512 bytes.
const CAPACITY: usize = 256;

static CACHE: LazyLock<Cache<Box<str>, Arc<Agent>>> = LazyLock::new(|| Cache::new(CAPACITY));

/// The cached agent, or a newly parsed one. Concurrent calls may parse the same user agent twice, to avoid waiting.
pub(crate) fn get_or_insert(user_agent: &str, parse: impl FnOnce() -> Agent) -> Arc<Agent> {
    CACHE.get(user_agent).unwrap_or_else(|| {
        let agent = Arc::new(parse());
        CACHE.insert(user_agent.into(), agent.clone());
        agent
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_cached_up_to_the_capacity() {
        let first = get_or_insert("first", Agent::default);
        assert!(Arc::ptr_eq(
            &first,
            &get_or_insert("first", || unreachable!("it is known"))
        ));
        for n in 0..10_000 {
            get_or_insert(&format!("{n}"), Agent::default);
        }
        assert!(CACHE.len() <= CAPACITY);
    }
}
