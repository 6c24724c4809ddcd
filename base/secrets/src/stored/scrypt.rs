//! Scrypt (RFC 7914).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq;

use super::digests::is_hex;
use super::{Flaw, Part};

/// Maximum memory of one hash, in bytes.
const MAX_MEMORY: u64 = 128 << 20;
/// Maximum memory of an imported hash times p, in bytes: less than a second of a core.
const MAX_IMPORTED_WORK: u64 = 256 << 20;
/// Maximum value of p.
const MAX_PARALLEL: u32 = 16;

/// Parameters of a scrypt hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScryptParams {
    /// N: CPU and memory cost; a power of two.
    pub cpu: u32,
    /// r: block size.
    pub memory: u32,
    /// p: parallelization; computed sequentially.
    pub parallel: u32,
}

impl ScryptParams {
    fn check(self) -> Result<(), Flaw> {
        if !self.cpu.is_power_of_two() || self.cpu < 2 {
            return Err(Flaw::of(Part::Cpu, "Value must be a power of two, and larger than 1"));
        }
        if self.memory == 0 || 128 * u64::from(self.cpu) * u64::from(self.memory) > MAX_MEMORY {
            return Err(Flaw::of(
                Part::Memory,
                "Value must be at least 1, and 128 * passwordCpu * passwordMemory at most 134217728 bytes",
            ));
        }
        if !(1..=MAX_PARALLEL).contains(&self.parallel) {
            return Err(Flaw::of(
                Part::Parallel,
                "Value must be a whole number between 1 and 16",
            ));
        }
        Ok(())
    }

    pub(super) fn check_cost(self) -> Result<(), Flaw> {
        let work = 128 * u64::from(self.cpu) * u64::from(self.memory) * u64::from(self.parallel);
        if work > MAX_IMPORTED_WORK {
            return Err(Flaw::of(
                Part::Parallel,
                "128 * passwordCpu * passwordMemory * passwordParallel must be at most 268435456: more takes over a second \
                 for each sign-in",
            ));
        }
        Ok(())
    }
}

/// A parsed scrypt hash.
#[derive(Debug, Clone)]
pub struct Scrypt {
    params: ScryptParams,
    salt: String,
    hex: String,
}

impl Scrypt {
    /// Parses a hash of `length` bytes in hexadecimal; the salt is used as it is, without decoding.
    pub fn new(params: ScryptParams, salt: &str, length: usize, hex: &str) -> Result<Self, Flaw> {
        params.check()?;
        if !(10..=64).contains(&length) {
            return Err(Flaw::of(Part::Length, "Value must be a whole number between 10 and 64"));
        }
        if !is_hex(hex, length) {
            return Err(Flaw::of(
                Part::Hash,
                "Value must be a hash of scrypt: two hexadecimal digits for each byte of passwordLength",
            ));
        }
        Ok(Self {
            params,
            salt: salt.to_owned(),
            hex: hex.to_owned(),
        })
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('$');
        let (costs, salt, hex) = (parts.next()?, parts.next()?, parts.next()?);
        let mut costs = costs.split(',');
        let mut cost = |name: &str| costs.next()?.strip_prefix(name)?.parse().ok();
        let params = ScryptParams {
            cpu: cost("N=")?,
            memory: cost("r=")?,
            parallel: cost("p=")?,
        };
        let salt = String::from_utf8(STANDARD_NO_PAD.decode(salt).ok()?).ok()?;
        Self::new(params, &salt, hex.len() / 2, hex).ok()
    }

    pub(super) fn encode(&self) -> String {
        let ScryptParams { cpu, memory, parallel } = self.params;
        let salt = STANDARD_NO_PAD.encode(&self.salt);
        format!("N={cpu},r={memory},p={parallel}${salt}${}", self.hex)
    }

    pub(super) fn hex(&self) -> &str {
        &self.hex
    }

    /// Parameters of the hash.
    pub fn params(&self) -> ScryptParams {
        self.params
    }

    /// The salt.
    pub fn salt(&self) -> &str {
        &self.salt
    }

    /// Length of the output, in bytes.
    pub fn length(&self) -> usize {
        self.hex.len() / 2
    }

    pub(super) fn matches(&self, password: &str) -> bool {
        let Ok(expected) = ::hex::decode(&self.hex) else {
            return false;
        };
        let mut hash = vec![0; expected.len()];
        derive(self.params, password, self.salt.as_bytes(), &mut hash) && hash.ct_eq(&expected).into()
    }
}

/// Derives a key; false if the parameters are invalid.
pub(super) fn derive(params: ScryptParams, password: &str, salt: &[u8], key: &mut [u8]) -> bool {
    let log = u8::try_from(params.cpu.trailing_zeros()).unwrap_or(u8::MAX);
    scrypt::Params::new(log, params.memory, params.parallel)
        .is_ok_and(|params| scrypt::scrypt(password.as_bytes(), salt, &params, key).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMS: ScryptParams = ScryptParams {
        cpu: 16384,
        memory: 8,
        parallel: 1,
    };
    /// RFC 7914, section 12.
    const HASH: &str = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
                        d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887";

    #[test]
    fn the_hash_of_the_rfc_is_understood_and_read_again() {
        let stored = Scrypt::new(PARAMS, "SodiumChloride", 64, HASH).expect("a hash");
        let again = Scrypt::read(&stored.encode()).expect("the same");
        assert!(again.matches("pleaseletmein"));
        assert!(!again.matches("pleaseletmeout"));
        assert_eq!((again.params(), again.length()), (PARAMS, 64));
    }

    #[test]
    fn costs_are_bounded_and_the_parameter_is_named() {
        let flaw = |cpu, memory, parallel, length| {
            let params = ScryptParams { cpu, memory, parallel };
            Scrypt::new(params, "salt", length, HASH).err().map(|flaw| flaw.part)
        };
        assert_eq!(flaw(16383, 8, 1, 64), Some(Part::Cpu));
        assert_eq!(flaw(0, 8, 1, 64), Some(Part::Cpu));
        assert_eq!(flaw(1 << 20, 8, 1, 64), Some(Part::Memory));
        assert_eq!(flaw(2, u32::MAX, 1, 64), Some(Part::Memory));
        assert_eq!(flaw(2, 0, 1, 64), Some(Part::Memory));
        assert_eq!(flaw(16384, 8, 17, 64), Some(Part::Parallel));
        assert_eq!(flaw(16384, 8, 1, 8), Some(Part::Length));
        assert_eq!(flaw(16384, 8, 1, 32), Some(Part::Hash));
        assert_eq!(flaw(8, 14, 1, 64), None, "Appwrite's own default");
    }
}
