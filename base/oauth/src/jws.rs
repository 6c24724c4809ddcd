//! Signed tokens (RFC 7515): parsing of id_tokens, and signing of client secrets.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};

use crate::jwks::Algorithm;

/// Maximum length of a token, in bytes; longer ones are refused without parsing.
const MAX_TOKEN: usize = 64 * 1024;

/// A token whose signature is not verified yet.
pub(crate) struct Unverified<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<String>,
    pub(crate) claims: Value,
    pub(crate) message: &'a [u8],
    pub(crate) signature: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// Parses a token; the error describes the fault.
    pub(crate) fn parse(token: &'a str) -> Result<Self, String> {
        if token.len() > MAX_TOKEN {
            return Err("is too long".into());
        }
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err("does not have three parts".into());
        };
        let object = |part: &str| -> Option<Value> {
            let value: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
            value.is_object().then_some(value)
        };
        let head = object(header).ok_or("has an unreadable header")?;
        let claims = object(payload).ok_or("has an unreadable payload")?;
        let algorithm = head.get("alg").and_then(Value::as_str).unwrap_or_default();
        let algorithm = Algorithm::parse(algorithm).ok_or("is signed with an algorithm that is not accepted")?;
        // RFC 7515 4.1.11: an extension that is not understood makes the token invalid.
        if head.get("crit").is_some() {
            return Err("demands an extension that is not understood".into());
        }
        Ok(Self {
            algorithm,
            kid: head.get("kid").and_then(Value::as_str).map(str::to_owned),
            claims,
            message: &token.as_bytes()[..header.len() + 1 + payload.len()],
            signature: URL_SAFE_NO_PAD
                .decode(signature)
                .map_err(|_| "has an unreadable signature")?,
        })
    }
}

/// A JWT signed with ES256 by a PKCS #8 key in PEM, such as Apple's `.p8` files.
pub(crate) fn sign_es256(pem: &str, kid: &str, claims: &Value) -> Result<String, &'static str> {
    const RULE: &str = "must be the text of the .p8 file: a P-256 private key as PKCS #8 in PEM";
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der(pem).ok_or(RULE)?, &random);
    let pair = pair.map_err(|_| RULE)?;
    let header = json!({ "alg": "ES256", "kid": kid, "typ": "JWT" });
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let signature = pair
        .sign(&random, message.as_bytes())
        .map_err(|_| "cannot be signed with")?;
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The bytes of a PEM text, also if a form field has removed its line breaks or written them as `\n`.
fn der(pem: &str) -> Option<Vec<u8>> {
    let flat = pem.replace("\\r", "").replace("\\n", "\n");
    let inner = match flat.split_once("-----BEGIN PRIVATE KEY-----") {
        Some((_, rest)) => rest.split_once("-----END PRIVATE KEY-----")?.0,
        None => &flat,
    };
    let digits: String = inner.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(digits).ok()
}
