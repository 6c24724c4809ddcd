//! Durations of password checks, and the time that a failed check waits so that it takes as long as the dearest one.
//!
//! Hashes of different algorithms and costs take different times. Without the wait, the time of a refused sign-in would
//! tell whether a user exists, and with which kind of hash.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;

/// Maximum number of groups whose durations are remembered.
const MAX_GROUPS: usize = 4096;
/// Maximum number of kinds of hashes that are remembered in a group.
const MAX_KINDS: usize = 32;

/// The shortest duration of a check for each kind of hash (algorithm and cost), in groups. The shortest one depends least
/// on the load of the machine.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    groups: Mutex<HashMap<String, HashMap<String, Duration>>>,
}

impl Pace {
    /// Whether the duration of a kind is known.
    pub(crate) fn has(&self, group: &str, kind: &str) -> bool {
        let groups = self.groups.lock();
        groups.get(group).is_some_and(|kinds| kinds.contains_key(kind))
    }

    /// Records the duration of a check, and returns how much shorter it was than that of the dearest kind in the group.
    pub(crate) fn owed(&self, group: &str, kind: &str, spent: Duration) -> Duration {
        let mut groups = self.groups.lock();
        if groups.len() >= MAX_GROUPS && !groups.contains_key(group) {
            groups.clear();
        }
        let kinds = groups.entry(group.to_owned()).or_default();
        if let Some(shortest) = kinds.get_mut(kind) {
            *shortest = spent.min(*shortest);
        } else if kinds.len() < MAX_KINDS {
            kinds.insert(kind.to_owned(), spent);
        }
        let dearest = kinds.values().max().copied().unwrap_or_default();
        dearest.saturating_sub(spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_cheap_check_waits_as_long_as_the_dearest_of_its_group() {
        let pace = Pace::default();
        assert_eq!(pace.owed("shop", "argon2", millis(25)), millis(0));
        assert_eq!(pace.owed("shop", "md5", millis(1)), millis(24));
        // Once the dearest kind is known, every other check waits for it.
        assert_eq!(pace.owed("shop", "bcrypt 10", millis(80)), millis(0));
        assert_eq!(pace.owed("shop", "argon2", millis(25)), millis(55));
        assert_eq!(pace.owed("shop", "md5", millis(1)), millis(79));
        assert_eq!(pace.owed("other", "md5", millis(1)), millis(0));
    }

    #[test]
    fn a_slow_moment_of_the_machine_is_forgotten() {
        let pace = Pace::default();
        pace.owed("shop", "argon2", millis(900));
        pace.owed("shop", "argon2", millis(25));
        assert_eq!(pace.owed("shop", "md5", millis(1)), millis(24));
    }

    #[test]
    fn its_memory_is_bounded() {
        let pace = Pace::default();
        for group in 0..2 * MAX_GROUPS {
            pace.owed(&group.to_string(), "md5", millis(1));
        }
        for kind in 0..2 * MAX_KINDS {
            pace.owed("shop", &kind.to_string(), millis(1));
        }
        let groups = pace.groups.lock();
        assert!(groups.len() <= MAX_GROUPS && groups["shop"].len() <= MAX_KINDS);
    }
}
