//! How many of a table's rows callers can read, as last counted.

use std::hash::RandomState;

use quick_cache::sync::Cache;

/// Callers whose densities are remembered, of one table.
const REMEMBERED: usize = 256;

/// Share of a table's rows that callers can read, as last sampled.
#[derive(Debug)]
pub(super) struct Densities {
    pub(super) known: Cache<u64, (bool, i64)>,
    pub(super) hasher: RandomState,
}

impl Default for Densities {
    fn default() -> Self {
        Self {
            known: Cache::new(REMEMBERED),
            hasher: RandomState::new(),
        }
    }
}
