//! Request IDs: one identifier of a request in the client's, the proxy's and our logs.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header of the ID, in requests and replies.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Maximum length of an ID that is accepted from a client.
const MAX_LEN: usize = 64;

/// The ID from the client or a proxy, if it is safe to write into logs; otherwise a new one.
pub(crate) fn of(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(&HEADER).filter(|value| is_sane(value.as_bytes()));
    given.cloned().unwrap_or_else(generate)
}

fn is_sane(id: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    !id.is_empty() && id.len() <= MAX_LEN && id.iter().all(is_plain)
}

/// A counter with a random start: unique enough across nodes and restarts for logs, and much cheaper than random
/// numbers.
fn generate() -> HeaderValue {
    static START: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = START.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
    // Sixteen hexadecimal digits are always a valid header value.
    HeaderValue::try_from(format!("{id:016x}")).unwrap_or(HeaderValue::from_static("0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(id: &'static str) -> HeaderValue {
        of(&HeaderMap::from_iter([(HEADER, HeaderValue::from_static(id))]))
    }

    #[test]
    fn only_valid_request_ids_are_accepted() {
        assert_eq!(given("7f3a-req.1_b"), "7f3a-req.1_b");
        for bad in ["", "two words", "\"quoted\"", "a;b"] {
            let id = given(bad);
            assert_ne!(id, bad);
            assert_eq!(id.len(), 16);
        }
        assert_ne!(of(&HeaderMap::new()), of(&HeaderMap::new()));
    }
}
