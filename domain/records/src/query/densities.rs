//! Cached share of a table's rows that callers can read.

use std::hash::RandomState;

use quick_cache::sync::Cache;

/// Maximum number of callers per table.
const REMEMBERED: usize = 256;

/// Whether callers can read few or many of a table's rows, with the time of the last count, by hash of their roles.
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
