//! Key for signing id_tokens: generated at start, kept only in memory.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// Signs with ES256 (RFC 7518 3.4).
pub(crate) struct Signer {
    key: EcdsaKeyPair,
    kid: String,
    random: SystemRandom,
}

/// Generates a P-256 key in PKCS #8.
#[expect(
    clippy::expect_used,
    reason = "without randomness there is no key, and nothing to sign with"
)]
pub(crate) fn generate() -> ring::pkcs8::Document {
    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .expect("the operating system gives random bytes")
}

impl Signer {
    /// Creates a signer with a new key.
    #[expect(clippy::expect_used, reason = "a key that was just made can be read")]
    pub(crate) fn new() -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, generate().as_ref(), &random)
            .expect("a generated key is well-formed");
        let kid = ring::digest::digest(&ring::digest::SHA256, key.public_key().as_ref());
        Self {
            kid: URL_SAFE_NO_PAD.encode(&kid.as_ref()[..12]),
            key,
            random,
        }
    }

    /// Signs claims as a JWT in compact serialization (RFC 7515 7.1).
    #[expect(clippy::expect_used, reason = "signing fails only without randomness")]
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": self.kid });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(claims));
        let signature = self
            .key
            .sign(&self.random, message.as_bytes())
            .expect("the operating system gives random bytes");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The public key as a JWK Set (RFC 7517 5).
    pub(crate) fn key_set(&self) -> Value {
        // SEC 1 2.3.3: one byte for "uncompressed", then the two coordinates.
        let point = &self.key.public_key().as_ref()[1..];
        let (x, y) = point.split_at(point.len() / 2);
        json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid,
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        }] })
    }
}
