//! Patterns for texts with placeholders in `{braces}`, as used for URLs, headers and parameters in records: matches a
//! text and captures the values of the placeholders.

use std::collections::BTreeMap;

/// Values of the placeholders, by name.
pub(crate) type Captures = BTreeMap<String, String>;

/// A text with placeholders.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Placeholder(String, Kind),
}

/// Syntax of a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A URL up to any path segment: `https://git.example.com/sub`.
    Base,
    /// A host with an optional port, or one path segment.
    Segment,
    /// Any non-empty text.
    Anything,
}

impl Pattern {
    /// Parses a URL of a record. A placeholder at the start matches a base URL, elsewhere a host or one path segment.
    pub(crate) fn url(text: &str) -> Self {
        Self::parse(
            text,
            |before| if before.is_empty() { Kind::Base } else { Kind::Segment },
        )
    }

    /// Parses a header or parameter of a record.
    pub(crate) fn value(text: &str) -> Self {
        Self::parse(text, |_| Kind::Anything)
    }

    fn parse(text: &str, kind: impl Fn(&str) -> Kind) -> Self {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (before, inside) = (&rest[..open], &rest[open + 1..]);
            literal.push_str(before);
            match inside.split_once('}') {
                Some((name, after)) if name.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                    let kind = kind(if pieces.is_empty() { &literal } else { text });
                    if !literal.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut literal)));
                    }
                    pieces.push(Piece::Placeholder(name.to_owned(), kind));
                    rest = after;
                }
                // JSON in a parameter: a brace not followed by a name is literal.
                _ => {
                    literal.push('{');
                    rest = inside;
                }
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        Self(pieces)
    }

    /// Whether the pattern is a single placeholder, which matches every URL.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.0[..], [Piece::Placeholder(_, Kind::Base)])
    }

    /// The text, if there are no placeholders.
    pub(crate) fn constant(&self) -> Option<&str> {
        match &self.0[..] {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Names of the placeholders.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Placeholder(name, _) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// Specificity: whether the host is literal, then the number of literal bytes. The more specific of two patterns
    /// has the greater value.
    pub(crate) fn weight(&self) -> (bool, usize) {
        let letters = |piece: &Piece| match piece {
            Piece::Text(text) => text.len(),
            Piece::Placeholder(..) => 0,
        };
        let names_host = matches!(self.0.first(), Some(Piece::Text(text)) if text.len() > "https://".len());
        (names_host, self.0.iter().map(letters).sum())
    }

    /// Values of the placeholders if the text matches.
    pub(crate) fn read(&self, text: &str) -> Option<Captures> {
        let mut found = Captures::new();
        fit(&self.0, text, &mut found).then_some(found)
    }

    /// The text with all placeholders filled, or `None` if one of them has no value.
    pub(crate) fn fill(&self, value: impl Fn(&str) -> Option<String>) -> Option<String> {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Some(text.clone()),
                Piece::Placeholder(name, _) => value(name),
            })
            .collect()
    }
}

fn fit(pieces: &[Piece], text: &str, found: &mut Captures) -> bool {
    let Some((first, rest)) = pieces.split_first() else {
        return text.is_empty();
    };
    match first {
        Piece::Text(literal) => text
            .strip_prefix(literal.as_str())
            .is_some_and(|text| fit(rest, text, found)),
        Piece::Placeholder(name, kind) => end_positions(*kind, text).any(|end| {
            let (value, after) = text.split_at(end);
            // A name that occurs twice must have the same value.
            let fits = found.get(name).is_none_or(|known| known == value) && fit(rest, after, found);
            if fits {
                found.insert(name.clone(), value.to_owned());
            }
            fits
        }),
    }
}

/// Possible end positions of a placeholder's value, the longest first.
fn end_positions(kind: Kind, text: &str) -> impl Iterator<Item = usize> {
    let (min, max) = match kind {
        Kind::Base if text.starts_with("https://") => ("https://h".len(), text.len()),
        Kind::Base => (1, 0),
        Kind::Segment => (1, text.find('/').unwrap_or(text.len())),
        Kind::Anything => (1, text.len()),
    };
    (min..=max).rev().filter(|end| text.is_char_boundary(*end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str, text: &str) -> Option<Vec<(String, String)>> {
        Pattern::url(pattern)
            .read(text)
            .map(|found| found.into_iter().collect())
    }

    #[test]
    fn url_placeholders_match_a_host_a_path_segment_or_a_base_url() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            read(
                "https://{host}/realms/{realm}/auth",
                "https://id.example.com:8443/realms/main/auth"
            ),
            Some(vec![pair("host", "id.example.com:8443"), pair("realm", "main")])
        );
        assert_eq!(
            read("https://{host}/realms/{realm}/auth", "https://h/realms/a/b/auth"),
            None
        );
        assert_eq!(
            read("{endpoint}/oauth/token", "https://example.com/git/oauth/token"),
            Some(vec![pair("endpoint", "https://example.com/git")])
        );
        assert_eq!(read("{endpoint}/oauth/token", "ftp://example.com/oauth/token"), None);
        assert_eq!(read("https://a.example/x", "https://a.example/x/"), None);
        assert!(Pattern::url("{tokenEndpoint}").is_open());
    }

    #[test]
    fn a_header_is_read_and_json_is_left_alone() {
        let found = Pattern::value("{client_id}:{client_secret}").read("a:b:c");
        assert_eq!(found.map(|found| found["client_id"].clone()).as_deref(), Some("a:b"));
        let claims = r#"{"userinfo":{"email":null}}"#;
        assert_eq!(Pattern::value(claims).constant(), Some(claims));
    }
}
