//! Iteration over the elements of a JSON list without parsing it into a value: for lists of strings and numbers that
//! are searched once per row.

/// The elements of a JSON list of strings, numbers, booleans and nulls, each as its JSON text including quotes and
/// escapes. Iteration stops at invalid or nested input.
///
/// ```
/// let elements: Vec<&str> = kernel::json_list::elements(r#"["a\"b", 1]"#).collect();
/// assert_eq!(elements, [r#""a\"b""#, "1"]);
/// ```
pub fn elements(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list.trim_ascii_start().strip_prefix('[').unwrap_or_default();
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_ascii_start();
        let length = match rest.as_bytes().first()? {
            b']' => return None,
            b'"' => text_length(rest.as_bytes())?,
            _ => rest.find([',', ']'])?,
        };
        let (element, after) = rest.split_at(length);
        rest = after;
        Some(element.trim_ascii_end())
    })
}

/// The length of the JSON string at the start of `bytes`, including its quotes.
fn text_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_however_they_are_spaced() {
        for (list, expected) in [
            ("[]", &[][..]),
            (
                r#" [ "a" , "é\\" ,-1.5e3,true, null ] "#,
                &["\"a\"", "\"é\\\\\"", "-1.5e3", "true", "null"],
            ),
            (r#"["],[","\""]"#, &["\"],[\"", "\"\\\"\""]),
        ] {
            assert_eq!(elements(list).collect::<Vec<_>>(), expected, "{list}");
        }
    }

    #[test]
    fn what_is_no_list_ends_early() {
        for broken in ["", "null", "{}", "[\"a", "[1", "[\"\\"] {
            assert_eq!(elements(broken).count(), 0, "{broken}");
        }
    }
}
