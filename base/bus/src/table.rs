//! Counts of this process: a table that cannot grow past its bound.
//!
//! What is evicted when it is full decides what a flood of fresh keys can do. Evicting the count that expires first would
//! let anyone who fills the table with hour-long keys wipe every minute-long count for one request each; evicting the
//! lowest count would, once the table is full of keys hit twice, throw out every newcomer before its second hit. Evicting
//! the count that was *hit* longest ago has no such cheap end: to forget one key, someone must hit at least
//! [`MOST`]` / 2` others first, each of them a fresh key, for every single time.
//!
//! Recency is kept as two generations a shard: a hit moves its entry to the young one; when that is full, the old one is
//! thrown away whole and the young one grows old. No list, no clock per entry, and 24 bytes of bookkeeping saved on each.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::mem;

use parking_lot::Mutex;

/// The most counts that are kept, all shards and both generations together: some 4 MiB.
const MOST: usize = 100_000;
const SHARDS: usize = 64;
const GENERATION: usize = MOST / SHARDS / 2;

/// Seconds between two sweeps of a shard.
const SWEEP_EVERY: i64 = 60;

/// A key's 128-bit fingerprint. It is made with seeds of this process, so that nobody outside can choose keys that collide.
type Fingerprint = [u64; 2];

#[derive(Clone, Copy)]
struct Slot {
    /// The second at which the window ends.
    ends: i64,
    used: u32,
}

type Generation = HashMap<Fingerprint, Slot, BuildHasherDefault<AsItIs>>;

#[derive(Default)]
struct Shard {
    young: Generation,
    old: Generation,
    sweep_at: i64,
}

pub(crate) struct Table {
    seeds: [RandomState; 2],
    shards: Box<[Mutex<Shard>]>,
}

impl Table {
    pub(crate) fn new() -> Self {
        Self {
            seeds: [RandomState::new(), RandomState::new()],
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }

    /// Counts one hit in the window that ends at `ends`, and says how many there are now.
    pub(crate) fn hit(&self, key: &str, window: u64, ends: i64, now: i64) -> u64 {
        let fingerprint = self.fingerprint(key, window);
        let mut shard = self.shard(fingerprint).lock();
        shard.sweep(now);
        let slot = shard.touch(fingerprint, ends);
        // A slot of a later window means that the clock was set back; its count goes on rather than start afresh.
        if slot.ends < ends {
            *slot = Slot { ends, used: 0 };
        }
        slot.used = slot.used.saturating_add(1);
        slot.used.into()
    }

    /// Number of hits in the window that ends at `ends`.
    pub(crate) fn peek(&self, key: &str, window: u64, ends: i64) -> u64 {
        let fingerprint = self.fingerprint(key, window);
        let shard = self.shard(fingerprint).lock();
        let slot = shard.young.get(&fingerprint).or_else(|| shard.old.get(&fingerprint));
        slot.filter(|slot| slot.ends >= ends).map_or(0, |slot| slot.used.into())
    }

    fn fingerprint(&self, key: &str, window: u64) -> Fingerprint {
        [
            self.seeds[0].hash_one((key, window)),
            self.seeds[1].hash_one((key, window)),
        ]
    }

    fn shard(&self, fingerprint: Fingerprint) -> &Mutex<Shard> {
        // The other half of the fingerprint places the entry within its shard.
        let index = usize::try_from(fingerprint[1] % SHARDS as u64).unwrap_or(0);
        &self.shards[index]
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| shard.lock())
            .map(|shard| shard.young.len() + shard.old.len())
            .sum()
    }
}

impl Shard {
    /// The key's slot, in the young generation from now on.
    fn touch(&mut self, fingerprint: Fingerprint, ends: i64) -> &mut Slot {
        if !self.young.contains_key(&fingerprint) {
            let slot = self.old.remove(&fingerprint).unwrap_or(Slot { ends, used: 0 });
            if self.young.len() >= GENERATION {
                self.old = mem::take(&mut self.young);
            }
            self.young.insert(fingerprint, slot);
        }
        self.young.entry(fingerprint).or_insert(Slot { ends, used: 0 })
    }

    /// Throws out what has expired, now and then, and gives back the memory of a flood that is over.
    fn sweep(&mut self, now: i64) {
        if now < self.sweep_at {
            return;
        }
        self.sweep_at = now.saturating_add(SWEEP_EVERY);
        for generation in [&mut self.young, &mut self.old] {
            generation.retain(|_, slot| slot.ends > now);
            generation.shrink_to(generation.len() * 2);
        }
    }
}

/// A fingerprint is random already: its first half is the hash.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // An array of integers comes as its bytes.
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_ne_bytes(*first);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }

    fn write_usize(&mut self, _length: usize) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_counts_for_itself() {
        let table = Table::new();
        assert_eq!([table.hit("a", 60, 60, 0), table.hit("a", 60, 60, 59)], [1, 2]);
        assert_eq!(table.hit("a", 3600, 3600, 59), 1);
        assert_eq!(table.hit("b", 60, 60, 59), 1);
        assert_eq!(table.peek("a", 60, 60), 2);
        assert_eq!(table.peek("a", 60, 120), 0);
        assert_eq!(table.hit("a", 60, 120, 60), 1);
        // The clock is set back: the count goes on.
        assert_eq!(table.hit("a", 60, 60, 30), 2);
    }

    #[test]
    fn a_flood_neither_grows_the_table_nor_wipes_a_key_that_is_hit_meanwhile() {
        let table = Table::new();
        for n in 0..300_000 {
            table.hit(&format!("fresh {n}"), 3600, 3600, 1);
            // Minute-long, among keys that all expire later.
            if n % 20_000 == 0 {
                table.hit("hot", 60, 60, 1);
            }
        }
        assert_eq!(table.peek("hot", 60, 60), 15);
        assert!(table.len() <= MOST);
    }

    #[test]
    fn what_expired_is_swept_and_its_memory_given_back() {
        let table = Table::new();
        for n in 0..100_000 {
            table.hit(&format!("{n}"), 60, 60, 1);
        }
        assert!(table.len() > 50_000);
        for n in 0..1_000 {
            table.hit(&format!("later {n}"), 60, 180, 150);
        }
        assert_eq!(table.len(), 1_000);
        assert!(table.shards.iter().all(|shard| shard.lock().young.capacity() < 200));
    }

    /// The bound is a hundred times what it takes, so that it fails for a change of kind and not for a busy machine.
    #[test]
    fn a_hit_is_cheap() {
        let table = Table::new();
        let begun = std::time::Instant::now();
        for n in 0..200_000_u32 {
            table.hit(
                "url:/v1/account/sessions/email,ip:203.0.113.7",
                3600,
                3600,
                i64::from(n % 3600),
            );
        }
        let each = begun.elapsed() / 200_000;
        eprintln!("a hit takes {each:?}");
        assert!(each < std::time::Duration::from_micros(100));
    }
}
