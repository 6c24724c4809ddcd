//! Argon2 (RFC 9106): the current algorithm for new hashes, and hashes of other programs.

use std::cell::RefCell;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq;

use crate::hasher::{HashError, PasswordHash};
use crate::random;
use crate::stored::{Flaw, Part};

/// The cost of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Params {
    /// Memory, in KiB.
    pub memory: u32,
    /// Passes.
    pub time: u32,
    /// Lanes.
    pub threads: u32,
}

impl Default for Argon2Params {
    /// From the OWASP Password Storage Cheat Sheet: m=19456, t=2, p=1.
    fn default() -> Self {
        Self {
            memory: 19_456,
            time: 2,
            threads: 1,
        }
    }
}

/// Maximum memory of an imported hash, in KiB: four times PHP's default.
const MAX_MEMORY: u32 = 256 * 1024;
/// Maximum memory times passes of an imported hash, in KiB: some seconds of a core.
const MAX_WORK: u64 = 1024 * 1024;
/// Maximum number of lanes; they are computed sequentially.
const MAX_LANES: u32 = 16;

/// A parsed Argon2 hash.
#[derive(Debug, Clone)]
pub struct Argon2Hash {
    text: String,
    phc: phc::PasswordHash,
    algorithm: Algorithm,
    version: Version,
    params: Params,
}

impl Argon2Hash {
    /// Parses a PHC string of any of the three variants; fails if its verification would be too expensive.
    pub fn new(text: &str) -> Result<Self, Flaw> {
        let read = Self::read(text).ok_or(Flaw::of(
            Part::Hash,
            "Value must be a valid PHC string of argon2d, argon2i or argon2id",
        ))?;
        let (memory, time) = (read.params.m_cost(), read.params.t_cost());
        let work = u64::from(memory) * u64::from(time);
        if memory > MAX_MEMORY || work > MAX_WORK || read.params.p_cost() > MAX_LANES {
            return Err(Flaw::of(
                Part::Hash,
                "Value must not cost more than m=262144, p=16 and 1048576 KiB over all passes (m times t)",
            ));
        }
        Ok(read)
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let phc = phc::PasswordHash::new(text).ok()?;
        let algorithm = Algorithm::try_from(phc.algorithm.as_str()).ok()?;
        // The reference implementation writes the version only since 0x13.
        let version = phc.version.map_or(Ok(Version::V0x10), Version::try_from).ok()?;
        let params = Params::try_from(&phc).ok()?;
        (phc.salt.is_some() && phc.hash.is_some()).then(|| Self {
            text: text.to_owned(),
            phc,
            algorithm,
            version,
            params,
        })
    }

    /// The PHC string.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Cost parameters of the hash.
    pub fn params(&self) -> Argon2Params {
        Argon2Params {
            memory: self.params.m_cost(),
            time: self.params.t_cost(),
            threads: self.params.p_cost(),
        }
    }

    /// Whether a new hash would use the same algorithm, version and cost.
    pub(crate) fn is_current(&self, params: Argon2Params) -> bool {
        self.algorithm == Algorithm::Argon2id && self.version == Version::V0x13 && self.params() == params
    }

    pub(crate) fn matches(&self, password: &str) -> bool {
        let (Some(salt), Some(expected)) = (&self.phc.salt, &self.phc.hash) else {
            return false;
        };
        let argon2 = Argon2::new(self.algorithm, self.version, self.params.clone());
        let mut hash = vec![0; expected.as_ref().len()];
        compute(argon2, password, salt.as_ref(), &mut hash).is_ok() && hash.ct_eq(expected.as_ref()).into()
    }
}

/// Hashes a password with a new salt.
pub(crate) fn hash(params: Argon2Params, password: &str) -> Result<PasswordHash, HashError> {
    let salt = random::bytes::<16>();
    let mut hash = [0_u8; Params::DEFAULT_OUTPUT_LEN];
    let Argon2Params { memory, time, threads } = params;
    let argon2 = Params::new(memory, time, threads, None)
        .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
        .map_err(unusable)?;
    compute(argon2, password, &salt, &mut hash).map_err(unusable)?;
    Ok(to_phc(params, &salt, &hash))
}

/// A hash of no known password, at the current cost, against which passwords of unknown users are checked. It is random
/// bytes rather than a computed hash, to keep the start fast.
pub(crate) fn decoy(params: Argon2Params) -> String {
    to_phc(params, &random::bytes::<16>(), &random::bytes::<32>())
}

fn unusable(error: impl std::fmt::Display) -> HashError {
    HashError::Unusable(error.to_string())
}

/// Maximum number of 1 KiB blocks kept between hashes: memory of more than 64 MiB, needed by imported hashes only, is
/// freed.
const KEPT_BLOCKS: usize = 64 * 1024;

thread_local! {
    /// Memory is reused between hashes: allocating 19 MiB each time takes a tenth of the time of a hash.
    static SCRATCH: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

fn compute(argon2: Argon2<'_>, password: &str, salt: &[u8], hash: &mut [u8]) -> Result<(), argon2::Error> {
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.resize(argon2.params().block_count(), Block::new());
        let outcome = argon2.hash_password_into_with_memory(password.as_bytes(), salt, hash, &mut *scratch);
        if scratch.len() > KEPT_BLOCKS {
            *scratch = Vec::new();
        }
        outcome
    })
}

/// The PHC string: parameters, salt and hash.
fn to_phc(params: Argon2Params, salt: &[u8], hash: &[u8]) -> PasswordHash {
    let Argon2Params { memory, time, threads } = params;
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    format!("$argon2id$v=19$m={memory},t={time},p={threads}${salt}${hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the test suite of the reference implementation (phc-winner-argon2), both versions.
    #[test]
    fn a_hash_of_another_program_is_understood() {
        for text in [
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ",
            "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
        ] {
            let hash = Argon2Hash::new(text).expect("a PHC string");
            assert!(hash.matches("password"), "{text}");
            assert!(!hash.matches("passwore"), "{text}");
        }
    }

    #[test]
    fn a_hash_that_costs_too_much_is_refused() {
        let at = |cost: &str| format!("$argon2id$v=19${cost}$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
        assert!(Argon2Hash::new(&at("m=65536,t=4,p=3")).is_ok(), "Appwrite's own");
        for cost in ["m=4194304,t=1,p=1", "m=65536,t=17,p=1", "m=65536,t=1,p=17"] {
            assert!(Argon2Hash::new(&at(cost)).is_err(), "{cost}");
        }
        assert!(Argon2Hash::new("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ").is_err());
        assert!(Argon2Hash::new("not a hash").is_err());
    }
}
