//! Queued jobs by key. Keys take turns; a key at its bound of running jobs is passed over.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// The queue of a pool.
pub(crate) struct Queue<J> {
    per_key: usize,
    lanes: HashMap<Arc<str>, Lane<J>>,
    /// Keys that have a queued job and run less than they may, each once, in the order of their turns.
    ready: VecDeque<Arc<str>>,
    len: usize,
}

struct Lane<J> {
    jobs: VecDeque<J>,
    running: usize,
    is_ready: bool,
}

impl<J> Queue<J> {
    pub(crate) fn new(per_key: usize) -> Self {
        Self {
            per_key,
            lanes: HashMap::new(),
            ready: VecDeque::new(),
            len: 0,
        }
    }

    /// Number of queued jobs.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Number of queued jobs of a key.
    pub(crate) fn len_of(&self, key: &str) -> usize {
        self.lanes.get(key).map_or(0, |lane| lane.jobs.len())
    }

    /// Whether a queued job can start now.
    pub(crate) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    pub(crate) fn push(&mut self, key: &Arc<str>, job: J) {
        let lane = self.lanes.entry(Arc::clone(key)).or_insert_with(|| Lane {
            jobs: VecDeque::new(),
            running: 0,
            is_ready: false,
        });
        lane.jobs.push_back(job);
        self.len += 1;
        self.make_ready(key);
    }

    /// The next job, which counts as running until [`Queue::done`].
    pub(crate) fn pop(&mut self) -> Option<(Arc<str>, J)> {
        let key = self.ready.pop_front()?;
        let lane = self.lanes.get_mut(&key)?;
        lane.is_ready = false;
        let job = lane.jobs.pop_front()?;
        lane.running += 1;
        self.len -= 1;
        self.make_ready(&key);
        Some((key, job))
    }

    /// A job of a key has ended.
    pub(crate) fn done(&mut self, key: &Arc<str>) {
        let Some(lane) = self.lanes.get_mut(key) else { return };
        lane.running = lane.running.saturating_sub(1);
        if lane.running == 0 && lane.jobs.is_empty() {
            self.lanes.remove(key);
        } else {
            self.make_ready(key);
        }
    }

    /// Drops all queued jobs.
    pub(crate) fn clear(&mut self) {
        self.ready.clear();
        self.len = 0;
        for lane in self.lanes.values_mut() {
            lane.jobs.clear();
            lane.is_ready = false;
        }
        self.lanes.retain(|_, lane| lane.running > 0);
    }

    fn make_ready(&mut self, key: &Arc<str>) {
        let Some(lane) = self.lanes.get_mut(key) else { return };
        if !lane.is_ready && !lane.jobs.is_empty() && lane.running < self.per_key {
            lane.is_ready = true;
            self.ready.push_back(Arc::clone(key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Arc<str> {
        Arc::from(text)
    }

    #[test]
    fn keys_take_turns_and_none_exceeds_its_share() {
        let mut queue = Queue::new(2);
        for job in 0..4 {
            queue.push(&key("busy"), job);
        }
        queue.push(&key("other"), 10);
        let taken: Vec<i32> = std::iter::from_fn(|| queue.pop()).map(|(_, job)| job).collect();
        assert_eq!(taken, [0, 10, 1]);
        assert_eq!((queue.len(), queue.len_of("busy")), (2, 2));
        queue.done(&key("other"));
        assert!(queue.pop().is_none(), "the other's end makes no room for the busy one");
        queue.done(&key("busy"));
        assert_eq!(queue.pop().map(|(_, job)| job), Some(2));
    }

    #[test]
    fn a_key_without_jobs_is_forgotten() {
        let mut queue = Queue::new(1);
        queue.push(&key("once"), ());
        assert!(queue.pop().is_some());
        queue.done(&key("once"));
        assert!(queue.lanes.is_empty() && queue.ready.is_empty());
    }
}
