//! Numbers of rows, as each generation of SDKs has them: `$sequence` is a number up to the response format 1.8, and a text
//! from 1.9 on. Most SDKs take either; the typed ones do not.

use api::Call;
use memchr::memmem;

use crate::state::State;

/// The first response format with texts.
const TEXTS_SINCE: (u32, u32) = (1, 9);
/// How rows begin to tell their number. No value of the user's can hold it: within a text its quotes were escaped.
const KEY: &[u8] = b"\"$sequence\":";

/// The JSON of rows with their numbers as this caller's SDK has them, those of related rows as well.
pub(super) fn fit(call: &Call<State>, json: Vec<u8>) -> Vec<u8> {
    let format = call.request.header("x-appwrite-response-format").and_then(version);
    if format.is_some_and(|format| format >= TEXTS_SINCE) {
        quoted(&json)
    } else {
        json
    }
}

/// The first two parts of a version; nothing if it is none.
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
