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
pub(super) fn fit(call: &Call<State>, mut json: Vec<u8>) -> Vec<u8> {
    let format = call.request.header("x-appwrite-response-format").and_then(version);
    if format.is_some_and(|format| format >= TEXTS_SINCE) {
        quote(&mut json);
    }
    json
}

/// The first two parts of a version; none if it is invalid.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

/// Puts quotes around the numbers, in place: a page can be large, and a copy would hold it twice.
fn quote(json: &mut Vec<u8>) {
    let begins: Vec<usize> = memmem::find_iter(json, KEY).map(|at| at + KEY.len()).collect();
    let mut read = json.len();
    let mut write = read + 2 * begins.len();
    json.resize(write, 0);
    // From the end, so that what is moved was read before.
    for begin in begins.into_iter().rev() {
        let digits = json[begin..read]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let end = begin + digits;
        json.copy_within(end..read, write - (read - end));
        write -= read - end + 1;
        json[write] = b'"';
        json.copy_within(begin..end, write - digits);
        write -= digits + 1;
        json[write] = b'"';
        read = begin;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_becomes_a_text_and_nothing_else_does() {
        let json = r#"{"rows":[{"$sequence":12,"n":3,"text":"\"$sequence\":4","of":{"$sequence":5}}]}"#;
        let expected = r#"{"rows":[{"$sequence":"12","n":3,"text":"\"$sequence\":4","of":{"$sequence":"5"}}]}"#;
        let mut bytes = json.as_bytes().to_vec();
        quote(&mut bytes);
        assert_eq!(String::from_utf8_lossy(&bytes), expected);
        let mut none = b"{}".to_vec();
        quote(&mut none);
        assert_eq!(none, b"{}");
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
