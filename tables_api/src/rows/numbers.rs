//! `$sequence` in the type that each SDK version expects: a number up to response format 1.8, and a string from 1.9 on.
//! Most SDKs accept either; the typed ones do not.

use api::Call;
use memchr::memmem;

use crate::state::State;

/// The first response format with strings.
const TEXTS_SINCE: (u32, u32) = (1, 9);
/// The key before a row's number. It cannot occur in a user's value, because quotes in strings are escaped.
const KEY: &[u8] = b"\"$sequence\":";

/// Converts the numbers of rows and related rows to the type that the caller's SDK expects.
pub(super) fn fit(call: &Call<State>, json: Vec<u8>) -> Vec<u8> {
    let format = call.request.header("x-appwrite-response-format").and_then(version);
    if format.is_some_and(|format| format >= TEXTS_SINCE) {
        quoted(&json)
    } else {
        json
    }
}

/// The first two parts of a version; none if it is invalid.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

fn quoted(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() + 64);
    let mut rest = json;
    while let Some(at) = memmem::find(rest, KEY) {
        let (before, number) = rest.split_at(at + KEY.len());
        let length = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
        out.extend_from_slice(before);
        out.push(b'"');
        out.extend_from_slice(&number[..length]);
        out.push(b'"');
        rest = &number[length..];
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_becomes_a_text_and_nothing_else_does() {
        let json = r#"{"rows":[{"$sequence":12,"n":3,"text":"\"$sequence\":4","of":{"$sequence":5}}]}"#;
        let expected = r#"{"rows":[{"$sequence":"12","n":3,"text":"\"$sequence\":4","of":{"$sequence":"5"}}]}"#;
        assert_eq!(quoted(json.as_bytes()), expected.as_bytes());
    }

    #[test]
    fn versions_compare_by_their_parts() {
        assert!(version("1.8.0") < Some(TEXTS_SINCE) && version("1.10") > Some(TEXTS_SINCE));
        assert_eq!(
            (version("2.5.0"), version("x"), version("99999999999.1")),
            (Some((2, 5)), None, None)
        );
    }
}
