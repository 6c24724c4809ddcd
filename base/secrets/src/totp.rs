//! Time-based one-time passwords (RFC 6238): SHA-1, 6 digits, 30 seconds, as supported by all authenticator apps.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;

use crate::random;

/// Length of a time step, in seconds.
const PERIOD: i64 = 30;
/// Number of steps that a code may be early or late, for clock differences and slow typing (RFC 6238, 5.2).
const DRIFT: i64 = 1;
/// Length of a secret in bytes, equal to the hash length (RFC 4226, 4).
const SECRET_LEN: usize = 20;

/// Characters that are not percent-encoded.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A new secret, in base32 without padding.
pub fn secret() -> String {
    BASE32_NOPAD.encode(&random::bytes::<SECRET_LEN>())
}

/// The time step of an instant.
pub fn step(now: Timestamp) -> i64 {
    now.seconds().div_euclid(PERIOD)
}

/// The code of a secret at a step; none if the secret is not valid base32.
pub fn code(secret: &str, step: i64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(&decode(secret)?).ok()?;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    // RFC 4226, 5.3: the last four bits are the offset of the four bytes to use.
    let offset = usize::from(digest[digest.len() - 1] & 15);
    let four = digest[offset..offset + 4]
        .iter()
        .fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
    Some(format!("{:06}", (four & 0x7fff_ffff) % 1_000_000))
}

/// The step near an instant with this code, if any.
pub fn matching_step(secret: &str, given: &str, now: Timestamp) -> Option<i64> {
    let (given, now) = (given.trim(), step(now));
    // All steps are computed, so that the duration does not depend on the matching step.
    (now - DRIFT..=now + DRIFT).fold(None, |found, step| {
        let is_own = code(secret, step).is_some_and(|code| crate::same(&code, given));
        if is_own { Some(step) } else { found }
    })
}

/// The URI that authenticator apps read from a QR code. The app displays `issuer` and `account`.
pub fn uri(secret: &str, issuer: &str, account: &str) -> String {
    // A colon separates the two, so neither may contain one.
    let clean = |text: &str| utf8_percent_encode(&text.replace(':', " "), UNRESERVED).to_string();
    let (issuer, account) = (clean(issuer), clean(account));
    let label = if issuer.is_empty() {
        account
    } else {
        format!("{issuer}:{account}")
    };
    format!("otpauth://totp/{label}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={PERIOD}")
}

/// Decodes base32 of either case, with or without padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').to_ascii_uppercase();
    BASE32_NOPAD.decode(digits.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's appendix B: the digits 1234567890, twice.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn codes_are_those_of_the_rfc() {
        assert_eq!(BASE32_NOPAD.encode(b"12345678901234567890"), SECRET);
        // The last six of the eight digits there.
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, seconds / PERIOD).as_deref(), Some(expected), "{seconds}");
        }
    }

    #[test]
    fn a_code_holds_a_step_before_and_after_its_own() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let own = 1_111_111_109 / PERIOD;
        for (seconds, holds) in [
            ((own - 2) * 30, false),
            ((own - 1) * 30, true),
            (own * 30, true),
            ((own + 2) * 30 - 1, true),
            ((own + 2) * 30, false),
        ] {
            assert_eq!(
                matching_step(SECRET, "081804", at(seconds)),
                holds.then_some(own),
                "{seconds}"
            );
        }
        assert_eq!(matching_step(SECRET, "", at(own * 30)), None);
        assert_eq!(matching_step("not base32!", "081804", at(own * 30)), None);
    }

    #[test]
    fn a_new_secret_is_read_again_and_the_uri_is_one() {
        let secret = secret();
        assert_eq!(
            (secret.len(), decode(&secret).map(|bytes| bytes.len())),
            (32, Some(SECRET_LEN))
        );
        assert_eq!(
            uri("ABC", "My: Shop", "ada@example.com"),
            "otpauth://totp/My%20%20Shop:ada%40example.com?secret=ABC&issuer=My%20%20Shop&algorithm=SHA1&digits=6&period=30"
        );
    }
}
