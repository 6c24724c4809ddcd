//! Secrets: generation, hashing, sealing, and signed tokens.
//!
//! Secrets that only need to be compared (session secrets, one-time tokens) are stored as SHA-256 digests. Secrets that
//! must be readable (provider tokens, client secrets, API keys) are sealed by the [`Vault`]. Passwords are hashed by
//! the [`Hasher`] on dedicated threads.

mod argon;
pub mod hasher;
pub mod jwt;
mod pace;
pub mod random;
pub mod stored;
pub mod totp;
pub mod vault;

pub use argon::Argon2Params;
pub use hasher::{HashError, Hasher, PasswordHash};
pub use stored::Stored;
pub use vault::{OpenError, Sealed, Vault};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// SHA-256 of a secret in hexadecimal, for secrets that only need to be compared.
pub fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Constant-time comparison of two secrets: the time depends only on their lengths.
pub fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}
