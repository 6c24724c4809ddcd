//! Secrets: making them, hashing them, sealing them, and the signed tokens that carry them.
//!
//! What we only need to recognise again (session secrets, one-time tokens) is stored as a SHA-256 digest. What we must
//! be able to show or use again (provider tokens, client secrets, API keys) is sealed by the [`Vault`]. Passwords are
//! hashed by the [`Hasher`] on threads of their own.

mod argon;
pub mod hasher;
pub mod jwt;
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

/// SHA-256 of a secret, in hexadecimal: what is stored of a secret that only has to be recognised.
pub fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Whether two secrets are equal, in a time that depends on their lengths alone.
pub fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}
