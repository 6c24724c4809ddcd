//! LIKE patterns.

/// Anchoring of a pattern match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// At its start.
    Start,
    /// At its end.
    End,
    /// Anywhere.
    Anywhere,
}

/// The LIKE pattern of a text with this anchor, with ASCII letters in lower case.
pub(super) fn pattern(anchor: Match, text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    if anchor != Match::Start {
        pattern.push('%');
    }
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter.to_ascii_lowercase());
    }
    if anchor != Match::End {
        pattern.push('%');
    }
    pattern
}
