//! Request ids: one name for a request in the client's hands, in a proxy's log and in ours.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header that carries it, both ways.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id of a client's that is taken over.
const MAX_LEN: usize = 64;

/// The id that a client or a proxy gave, if it is fit to be written into logs; a new one otherwise.
pub(crate) fn of(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(&HEADER).filter(|value| is_sane(value.as_bytes()));
    given.cloned().unwrap_or_else(generate)
}

fn is_sane(id: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    !id.is_empty() && id.len() <= MAX_LEN && id.iter().all(is_plain)
}

/// A counter behind a random start: unique among nodes and restarts for all that logs need, and much cheaper than chance.
fn generate() -> HeaderValue {
    static START: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = START.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
    // Sixteen hexadecimal digits are always a header's value.
    HeaderValue::try_from(format!("{id:016x}")).unwrap_or(HeaderValue::from_static("0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(id: &'static str) -> HeaderValue {
        of(&HeaderMap::from_iter([(HEADER, HeaderValue::from_static(id))]))
    }

    #[test]
    fn a_sane_id_is_taken_over_and_no_other() {
        assert_eq!(given("7f3a-req.1_b"), "7f3a-req.1_b");
        for bad in ["", "two words", "\"quoted\"", "a;b"] {
            let id = given(bad);
            assert_ne!(id, bad);
            assert_eq!(id.len(), 16);
        }
        assert_ne!(of(&HeaderMap::new()), of(&HeaderMap::new()));
    }
}
