//! Random values from the operating system's generator.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `N` random bytes.
///
/// # Panics
/// If the operating system's generator fails: there is no safe fallback.
#[expect(clippy::expect_used, reason = "a secret that is not random must never be handed out")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0_u8; N];
    getrandom::fill(&mut out).expect("the operating system gives random bytes");
    out
}

/// `length` hexadecimal digits (4 bits each).
pub fn hex(length: usize) -> String {
    let mut out = String::with_capacity(length + 64);
    while out.len() < length {
        out.push_str(&::hex::encode(bytes::<32>()));
    }
    out.truncate(length);
    out
}

/// `N` random bytes as base64url without padding (RFC 4648, section 5).
pub fn base64url<const N: usize>() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<N>())
}

/// `length` uniformly distributed decimal digits.
pub fn digits(length: usize) -> String {
    let mut out = String::with_capacity(length);
    while out.len() < length {
        // 250 is the largest multiple of ten in a byte; higher values would make low digits more likely.
        out.extend(
            bytes::<32>()
                .iter()
                .filter(|byte| **byte < 250)
                .map(|byte| char::from(b'0' + byte % 10)),
        );
    }
    out.truncate(length);
    out
}
