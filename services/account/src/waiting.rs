//! Sign-ins that wait because their account's password was guessed often, counted by account.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Sign-ins to one account that may wait at the same time on this node; further ones are refused.
const MOST_WAITING: usize = 4;

/// Numbers of delayed sign-ins by account.
#[derive(Debug, Clone, Default)]
pub struct Waiting(Arc<Mutex<HashMap<String, usize>>>);

/// One delayed sign-in; counted until it is dropped.
pub(crate) struct Place<'a> {
    waiting: &'a Waiting,
    account: String,
}

impl Waiting {
    /// Counts a sign-in that waits; `None` if too many wait already.
    pub(crate) fn enter(&self, account: &str) -> Option<Place<'_>> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(account.to_owned()).or_default();
        if *count >= MOST_WAITING {
            return None;
        }
        *count += 1;
        Some(Place {
            waiting: self,
            account: account.to_owned(),
        })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut counts = self.waiting.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_wait_at_the_same_time() {
        let waiting = Waiting::default();
        let places: Vec<_> = (0..MOST_WAITING).map_while(|_| waiting.enter("ada")).collect();
        assert_eq!(places.len(), MOST_WAITING);
        assert!(waiting.enter("ada").is_none());
        assert!(waiting.enter("grace").is_some());
        drop(places);
        assert!(waiting.enter("ada").is_some());
        assert!(waiting.0.lock().expect("a map").is_empty());
    }
}
