//! Counts of this process: a hash table of bounded size.
//!
//! The eviction policy decides what a flood of new keys can do. Evicting the count that expires first would let an
//! attacker who fills the table with one-hour keys evict every one-minute count with one request each. Evicting the
//! lowest count would, once the table is full of keys hit twice, evict every new key before its second hit. Evicting
//! the least recently *hit* count makes the attack expensive: to evict one key once, an attacker must first hit at
//! least [`CAPACITY`]` / 2` other new keys.
//!
//! Recency is approximated by two generations per shard: a hit moves its entry to the young generation; when that is
//! full, the old generation is discarded and replaced by the young one. This needs no linked list and no time per
//! entry, which saves 24 bytes per entry.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::mem;

use parking_lot::Mutex;

/// Maximum number of counts in all shards and both generations: about 4 MiB.
const CAPACITY: usize = 100_000;
const SHARDS: usize = 64;
const GENERATION: usize = CAPACITY / SHARDS / 2;

/// Seconds between two sweeps of a shard.
const SWEEP_INTERVAL: i64 = 60;

/// 128-bit fingerprint of a key, hashed with random seeds of this process so that clients cannot choose colliding keys.
type Fingerprint = [u64; 2];

#[derive(Clone, Copy)]
struct Slot {
    /// End of the window, in seconds since 1970.
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

    /// Counts one hit in the window that ends at `ends` and returns the new count.
    pub(crate) fn hit(&self, key: &str, window: u64, ends: i64, now: i64) -> u64 {
        let fingerprint = self.fingerprint(key, window);
        let mut shard = self.shard(fingerprint).lock();
        shard.sweep(now);
        let slot = shard.touch(fingerprint, ends);
        // A slot of a later window means that the clock was set back; its count continues instead of restarting.
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
        // The other half of the fingerprint is the hash within the shard.
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
    /// Moves the key's slot to the young generation and returns it.
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

    /// Removes expired entries every [`SWEEP_INTERVAL`] seconds and shrinks the maps.
    fn sweep(&mut self, now: i64) {
        if now < self.sweep_at {
            return;
        }
        self.sweep_at = now.saturating_add(SWEEP_INTERVAL);
        for generation in [&mut self.young, &mut self.old] {
            generation.retain(|_, slot| slot.ends > now);
            generation.shrink_to(generation.len() * 2);
        }
    }
}

/// Identity hasher: a fingerprint is already a hash, of which the first half is used.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // An array of integers is hashed as its bytes.
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
    fn windows_count_separately() {
        let table = Table::new();
        assert_eq!([table.hit("a", 60, 60, 0), table.hit("a", 60, 60, 59)], [1, 2]);
        assert_eq!(table.hit("a", 3600, 3600, 59), 1);
        assert_eq!(table.hit("b", 60, 60, 59), 1);
        assert_eq!(table.peek("a", 60, 60), 2);
        assert_eq!(table.peek("a", 60, 120), 0);
        assert_eq!(table.hit("a", 60, 120, 60), 1);
        // The clock is set back: the count continues.
        assert_eq!(table.hit("a", 60, 60, 30), 2);
    }

    #[test]
    fn a_flood_of_keys_is_bounded_and_keeps_active_keys() {
        let table = Table::new();
        for n in 0..300_000 {
            table.hit(&format!("fresh {n}"), 3600, 3600, 1);
            // A one-minute window, among keys that all expire later.
            if n % 20_000 == 0 {
                table.hit("hot", 60, 60, 1);
            }
        }
        assert_eq!(table.peek("hot", 60, 60), 15);
        assert!(table.len() <= CAPACITY);
    }

    #[test]
    fn expired_entries_are_removed_and_memory_is_freed() {
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

    /// The bound is a hundred times the usual duration, so that only a change of complexity fails it, not a busy
    /// machine.
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
