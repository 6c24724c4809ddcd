//! Phpass: the "portable hashes" of Openwall's password hashing framework for PHP, as WordPress (`$P$`) and phpBB
//! (`$H$`) wrote them. MD5 of salt and password, then repeatedly MD5 of the previous digest and the password.

use md5::{Digest, Md5};

use super::{Flaw, Part};

/// Its base64 alphabet, which differs from MIME; the lowest bits come first.
const DIGITS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Accepted range of the binary logarithm of the rounds. The framework allows up to 30, which takes minutes of a core.
const ROUNDS: std::ops::RangeInclusive<usize> = 7..=20;

/// A parsed portable hash.
#[derive(Debug, Clone)]
pub struct Phpass {
    text: String,
    rounds: u32,
}

impl Phpass {
    /// Parses `$P$` or `$H$`, one character for the number of rounds, 8 of salt and 22 of hash.
    pub fn new(text: &str) -> Result<Self, Flaw> {
        let digits = text.strip_prefix("$P$").or_else(|| text.strip_prefix("$H$"));
        let well_formed =
            digits.filter(|digits| digits.len() == 31 && digits.bytes().all(|byte| DIGITS.contains(&byte)));
        let first = well_formed.and_then(|digits| digits.bytes().next()).ok_or(Flaw::of(
            Part::Hash,
            "Value must be a portable hash of phpass: $P$ or $H$ and 31 characters behind it",
        ))?;
        let log = DIGITS.iter().position(|digit| *digit == first).unwrap_or(usize::MAX);
        if !ROUNDS.contains(&log) {
            return Err(Flaw::of(
                Part::Hash,
                "Value must be a portable hash of 2^7 to 2^20 rounds",
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            rounds: 1 << log,
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn matches(&self, password: &str) -> bool {
        let (setting, expected) = self.text.split_at(12);
        let (salt, password) = (&setting.as_bytes()[4..], password.as_bytes());
        let mut digest = Md5::new().chain_update(salt).chain_update(password).finalize();
        for _ in 0..self.rounds {
            digest = Md5::new().chain_update(digest).chain_update(password).finalize();
        }
        crate::same(&encode(&digest), expected)
    }
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(22);
    for three in bytes.chunks(3) {
        let value = three
            .iter()
            .rev()
            .fold(0_usize, |value, byte| value << 8 | usize::from(*byte));
        // n bytes give n + 1 digits.
        out.extend((0..=three.len()).map(|index| char::from(DIGITS[value >> (6 * index) & 63])));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_openwalls_own_test_is_understood() {
        let stored = Phpass::new("$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0").expect("a hash");
        assert!(stored.matches("test12345"));
        assert!(!stored.matches("test12346"));
        let phpbb = Phpass::new("$H$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0").expect("a hash");
        assert!(phpbb.matches("test12345"));
    }

    #[test]
    fn invalid_and_expensive_hashes_are_refused() {
        for hash in [
            "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L",
            "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L!",
            "$P$SIQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0",
            "$P$.IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0",
            "$P$",
        ] {
            assert!(Phpass::new(hash).is_err(), "{hash}");
        }
    }
}
