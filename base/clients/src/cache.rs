//! The agents that were read lately.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, LazyLock};

use parking_lot::Mutex;

use crate::agent::Agent;

/// Agents in each of the two generations; with user agents of 512 bytes at most, some 200 KiB when full.
const GENERATION: usize = 128;

#[derive(Default)]
struct Cache {
    young: HashMap<Box<str>, Arc<Agent>>,
    old: HashMap<Box<str>, Arc<Agent>>,
}

static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);

/// What was made for this user agent, lately or now. Two generations stand in for a list by recency: a full young one
/// grows old, and what is used again of the old one becomes young.
pub(crate) fn get_or_make(user_agent: &str, make: impl FnOnce() -> Agent) -> Arc<Agent> {
    let known = {
        let mut cache = CACHE.lock();
        match cache.young.get(user_agent) {
            Some(agent) => return agent.clone(),
            None => cache.old.remove(user_agent),
        }
    };
    // Read without the lock: two may read the same at once, which is better than one waiting for the other.
    let agent = known.unwrap_or_else(|| Arc::new(make()));
    let mut cache = CACHE.lock();
    if cache.young.len() >= GENERATION {
        cache.old = mem::take(&mut cache.young);
    }
    cache.young.insert(user_agent.into(), agent.clone());
    agent
}
