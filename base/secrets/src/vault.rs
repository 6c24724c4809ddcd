//! Sealing: authenticated encryption of secrets that must be readable again.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) under a key derived from the server's secret by HKDF-SHA256 (RFC 5869).
//! A sealed text contains the id of its key, so that the server's secret can be rotated, and is bound to a context
//! (such as the record's id), so that a row's secret cannot be copied to another row.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use crate::random;

const KEY_ID_LEN: usize = 4;
const NONCE_LEN: usize = 24;

/// A sealed text in its stored form: base64url of key id, nonce and ciphertext.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub String);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// A sealed text that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It was sealed under a secret that the server no longer has.
    #[error("sealed under a key that this server does not have; was FERRITE_SECRET changed?")]
    UnknownKey,
    /// It was altered, truncated, or sealed for another context.
    #[error("a sealed value is damaged or was sealed for another context")]
    Damaged,
}

struct Key {
    id: [u8; KEY_ID_LEN],
    cipher: XChaCha20Poly1305,
    signing: [u8; 32],
}

impl Key {
    fn derive(secret: &str) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(b"ferrite"), secret.as_bytes());
        let mut sealing = [0_u8; 32];
        let mut signing = [0_u8; 32];
        // 32 bytes are below the maximum output of HKDF-SHA256 (255 * 32), so expansion cannot fail.
        let _ = hkdf.expand(b"seal", &mut sealing);
        let _ = hkdf.expand(b"sign", &mut signing);
        let mut id = [0_u8; KEY_ID_LEN];
        id.copy_from_slice(&Sha256::digest(sealing)[..KEY_ID_LEN]);
        Self {
            id,
            cipher: XChaCha20Poly1305::new(&sealing.into()),
            signing,
        }
    }
}

/// The server's keys: the current one for sealing, and older ones for opening.
pub struct Vault {
    current: Key,
    older: Vec<Key>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// A vault with the server's secret; texts sealed under `older` secrets can still be opened.
    pub fn new(secret: &str, older: &[String]) -> Self {
        Self {
            current: Key::derive(secret),
            older: older.iter().map(|secret| Key::derive(secret)).collect(),
        }
    }

    /// The key for tokens of this server (see [`crate::jwt`]).
    pub fn signing_key(&self) -> &[u8] {
        &self.current.signing
    }

    /// Seals a text for a context.
    ///
    /// # Panics
    /// Never for texts below 256 GiB, the cipher's limit.
    #[expect(
        clippy::expect_used,
        reason = "encryption fails only beyond the cipher's length limit"
    )]
    pub fn seal(&self, text: &str, seal_context: &str) -> Sealed {
        let nonce = random::bytes::<NONCE_LEN>();
        let message = Payload {
            msg: text.as_bytes(),
            aad: seal_context.as_bytes(),
        };
        let sealed = self
            .current
            .cipher
            .encrypt(&XNonce::from(nonce), message)
            .expect("a text within the limit");
        let mut out = Vec::with_capacity(KEY_ID_LEN + NONCE_LEN + sealed.len());
        out.extend_from_slice(&self.current.id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Sealed(URL_SAFE_NO_PAD.encode(out))
    }

    /// Opens a text that was sealed for this context.
    pub fn open(&self, sealed: &Sealed, seal_context: &str) -> Result<String, OpenError> {
        let raw = URL_SAFE_NO_PAD.decode(&sealed.0).map_err(|_| OpenError::Damaged)?;
        let (id, rest) = raw.split_at_checked(KEY_ID_LEN).ok_or(OpenError::Damaged)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(OpenError::Damaged)?;
        let key = std::iter::once(&self.current)
            .chain(&self.older)
            .find(|key| key.id == id)
            .ok_or(OpenError::UnknownKey)?;
        let message = Payload {
            msg: body,
            aad: seal_context.as_bytes(),
        };
        let text = key
            .cipher
            .decrypt(&XNonce::from(*nonce), message)
            .map_err(|_| OpenError::Damaged)?;
        String::from_utf8(text).map_err(|_| OpenError::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_in_its_own_context_only() {
        let vault = Vault::new("secret", &[]);
        let sealed = vault.seal("token", "sessions/1");
        assert_eq!(vault.open(&sealed, "sessions/1").ok().as_deref(), Some("token"));
        assert!(matches!(vault.open(&sealed, "sessions/2"), Err(OpenError::Damaged)));
        assert!(!sealed.0.contains("token"));
        assert_ne!(
            sealed,
            vault.seal("token", "sessions/1"),
            "each sealing has a nonce of its own"
        );
    }

    #[test]
    fn after_a_rotation_the_old_secret_still_opens_and_a_lost_one_says_so() {
        let sealed = Vault::new("old", &[]).seal("token", "here");
        let rotated = Vault::new("new", &["old".to_owned()]);
        assert_eq!(rotated.open(&sealed, "here").ok().as_deref(), Some("token"));
        assert!(matches!(
            Vault::new("new", &[]).open(&sealed, "here"),
            Err(OpenError::UnknownKey)
        ));
    }
}
