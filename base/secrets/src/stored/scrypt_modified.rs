//! Firebase's modified scrypt: the key derived by scrypt encrypts a key of the project; the result is the hash.
//!
//! The concatenation of salt and separator is scrypt's salt; N is 2^14, r 8, p 1. The first half of the derived key is
//! the key of AES-256 in counter mode, starting at zero.

use aes::Aes256;
use aes::cipher::{KeyIvInit, StreamCipher};
use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use subtle::ConstantTimeEq;

use super::scrypt::{ScryptParams, derive};
use super::{Flaw, Part};

const PARAMS: ScryptParams = ScryptParams {
    cpu: 1 << 14,
    memory: 8,
    parallel: 1,
};

/// Firebase's console writes base64, its admin SDK base64url, with or without padding.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const FOR_URLS: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// A parsed Firebase hash. Each text is base64, stored unchanged.
#[derive(Debug, Clone)]
pub struct ScryptModified {
    salt: String,
    separator: String,
    signer_key: String,
    hash: String,
}

impl ScryptModified {
    /// Parses the texts that Firebase exports.
    pub fn new(salt: &str, separator: &str, signer_key: &str, hash: &str) -> Result<Self, Flaw> {
        const RULE: &str = "Value must be base64";
        for (part, text) in [(Part::Salt, salt), (Part::Separator, separator)] {
            decode(text).ok_or(Flaw::of(part, RULE))?;
        }
        let is_key = |bytes: &Vec<u8>| (16..=128).contains(&bytes.len());
        let key = decode(signer_key).filter(is_key);
        let key = key.ok_or(Flaw::of(
            Part::SignerKey,
            "Value must be a key of 16 to 128 bytes in base64",
        ))?;
        decode(hash).filter(|hash| hash.len() == key.len()).ok_or(Flaw::of(
            Part::Hash,
            "Value must be a hash in base64, as long as passwordSignerKey",
        ))?;
        Ok(Self {
            salt: salt.to_owned(),
            separator: separator.to_owned(),
            signer_key: signer_key.to_owned(),
            hash: hash.to_owned(),
        })
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('$');
        let (salt, separator, key, hash) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Self::new(salt, separator, key, hash).ok()
    }

    pub(super) fn encode(&self) -> String {
        [&*self.salt, &self.separator, &self.signer_key, &self.hash].join("$")
    }

    /// The salt, in base64.
    pub fn salt(&self) -> &str {
        &self.salt
    }

    /// Salt separator, in base64.
    pub fn separator(&self) -> &str {
        &self.separator
    }

    /// The key that is encrypted, in base64.
    pub fn signer_key(&self) -> &str {
        &self.signer_key
    }

    pub(super) fn hash(&self) -> &str {
        &self.hash
    }

    pub(super) fn matches(&self, password: &str) -> bool {
        self.compute(password)
            .is_some_and(|(computed, expected)| computed.ct_eq(&expected).into())
    }

    /// The hash of a password, and the expected one.
    fn compute(&self, password: &str) -> Option<(Vec<u8>, Vec<u8>)> {
        let salt = [decode(&self.salt)?, decode(&self.separator)?].concat();
        let mut derived = [0_u8; 64];
        if !derive(PARAMS, password, &salt, &mut derived) {
            return None;
        }
        let mut cipher = ctr::Ctr128BE::<Aes256>::new_from_slices(&derived[..32], &[0; 16]).ok()?;
        let mut computed = decode(&self.signer_key)?;
        cipher.apply_keystream(&mut computed);
        Some((computed, decode(&self.hash)?))
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    PLAIN.decode(text).or_else(|_| FOR_URLS.decode(text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    const HASH: &str = "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";

    /// The example of Firebase's implementation (github.com/firebase/scrypt).
    #[test]
    fn the_hash_that_firebase_publishes_is_understood_and_read_again() {
        let stored = ScryptModified::new("42xEC+ixf3L2lw==", "Bw==", KEY, HASH).expect("a hash");
        let again = ScryptModified::read(&stored.encode()).expect("the same");
        assert!(again.matches("user1password"));
        assert!(!again.matches("user2password"));
        let for_urls = HASH.replace('+', "-").replace('/', "_");
        let stored = ScryptModified::new("42xEC-ixf3L2lw", "Bw", KEY, for_urls.trim_end_matches('='));
        assert!(stored.expect("a hash").matches("user1password"));
    }

    #[test]
    fn what_is_broken_is_named() {
        let flaw = |salt, separator, key, hash| {
            let stored = ScryptModified::new(salt, separator, key, hash);
            stored.err().map(|flaw| flaw.part)
        };
        assert_eq!(flaw("!", "Bw==", KEY, HASH), Some(Part::Salt));
        assert_eq!(flaw("", "!", KEY, HASH), Some(Part::Separator));
        assert_eq!(flaw("", "", "Bw==", HASH), Some(Part::SignerKey));
        assert_eq!(flaw("", "", KEY, "Bw=="), Some(Part::Hash));
    }
}
