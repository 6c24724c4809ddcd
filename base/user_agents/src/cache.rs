//! Cache of recently parsed user agents.

use std::sync::{Arc, LazyLock};

use quick_cache::sync::Cache;

use crate::agent::Agent;

/// Maximum number of cached agents; about 200 KiB when full, with user agents of up to 512 bytes.
const MOST: usize = 256;

static LATELY: LazyLock<Cache<Box<str>, Arc<Agent>>> = LazyLock::new(|| Cache::new(MOST));

/// The cached agent, or a newly parsed one. Concurrent calls may parse the same user agent twice, to avoid waiting.
pub(crate) fn get_or_make(user_agent: &str, make: impl FnOnce() -> Agent) -> Arc<Agent> {
    LATELY.get(user_agent).unwrap_or_else(|| {
        let agent = Arc::new(make());
        LATELY.insert(user_agent.into(), agent.clone());
        agent
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_lately_is_not_read_again_and_most_is_forgotten() {
        let first = get_or_make("first", Agent::default);
        assert!(Arc::ptr_eq(
            &first,
            &get_or_make("first", || unreachable!("it is known"))
        ));
        for n in 0..10_000 {
            get_or_make(&format!("{n}"), Agent::default);
        }
        assert!(LATELY.len() <= MOST);
    }
}
