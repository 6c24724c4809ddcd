//! Signed tokens of this server: JWT with HS256 (RFC 7519, RFC 7515), under the vault's signing key.
//!
//! Only for tokens that this server both issues and verifies (account JWTs, ephemeral API keys). Tokens of other
//! issuers are verified in the `oauth` crate with their published keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::Sha256;

/// `{"typ":"JWT","alg":"HS256"}`: the header of all tokens, and the only accepted algorithm (RFC 8725, 3.1).
const HEADER: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9";

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Malformed, or the signature is wrong.
    #[error("the token is malformed or its signature is wrong")]
    Invalid,
    /// Its `exp` is in the past.
    #[error("the token has expired")]
    Expired,
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn mac(key: &[u8], purpose: &str, signed: &str) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    // The purpose prevents a token of one kind from being used as another.
    mac.update(purpose.as_bytes());
    mac.update(b"\0");
    mac.update(signed.as_bytes());
    mac
}

/// Signs claims; `iat` and `exp` are set here, in whole seconds.
pub fn sign(key: &[u8], purpose: &str, claims: &impl Serialize, now: Timestamp, seconds: u64) -> String {
    let mut claims = serde_json::to_value(claims).unwrap_or_default();
    if let Value::Object(map) = &mut claims {
        map.insert("iat".into(), now.seconds().into());
        map.insert("exp".into(), now.seconds().saturating_add_unsigned(seconds).into());
    }
    let signed = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = mac(key, purpose, &signed).finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Verifies signature and expiry, and parses the claims.
pub fn verify<T: DeserializeOwned>(key: &[u8], purpose: &str, token: &str, now: Timestamp) -> Result<T, TokenError> {
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Invalid)?;
    let (header, claims) = signed.split_once('.').ok_or(TokenError::Invalid)?;
    if header != HEADER {
        return Err(TokenError::Invalid);
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Invalid)?;
    mac(key, purpose, signed)
        .verify_slice(&signature)
        .map_err(|_| TokenError::Invalid)?;
    let claims = URL_SAFE_NO_PAD.decode(claims).map_err(|_| TokenError::Invalid)?;
    let claims: Value = serde_json::from_slice(&claims).map_err(|_| TokenError::Invalid)?;
    if claims["exp"].as_i64().is_none_or(|exp| exp <= now.seconds()) {
        return Err(TokenError::Expired);
    }
    serde_json::from_value(claims).map_err(|_| TokenError::Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_token_is_good_for_its_purpose_until_it_expires() {
        let now = Timestamp::from_millis(1_000_000);
        let token = sign(b"key", "account", &json!({"userId": "ada"}), now, 60);
        let read = |key: &[u8], purpose, at| verify::<Value>(key, purpose, &token, Timestamp::from_millis(at));
        assert_eq!(
            read(b"key", "account", 1_059_000).ok().map(|c| c["userId"].clone()),
            Some(json!("ada"))
        );
        assert_eq!(read(b"key", "account", 1_060_000), Err(TokenError::Expired));
        assert_eq!(read(b"key", "apikey", 1_000_000), Err(TokenError::Invalid));
        assert_eq!(read(b"other", "account", 1_000_000), Err(TokenError::Invalid));
    }

    #[test]
    fn a_header_that_names_no_algorithm_is_refused() {
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        let claims = URL_SAFE_NO_PAD.encode(r#"{"exp":99999999999}"#);
        let forged = verify::<Value>(b"key", "", &format!("{none}.{claims}."), Timestamp::from_millis(0));
        assert_eq!(forged, Err(TokenError::Invalid));
    }
}
