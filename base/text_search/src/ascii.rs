//! Anchor of `startsWith`, `endsWith` and `contains`.

/// Position of a match in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// At the start.
    Start,
    /// At the end.
    End,
    /// Anywhere, including start and end.
    Anywhere,
}

/// Whether `haystack` contains `needle` at this anchor. The case of `A` to `Z` is ignored, as with SQLite's `LIKE`;
/// that of other letters is not. An empty `needle` always matches.
pub fn find_ascii(haystack: &str, needle: &str, anchor: Anchor) -> bool {
    // Comparing bytes is sufficient, because UTF-8 is self-synchronizing.
    let (haystack, needle) = (haystack.as_bytes(), needle.as_bytes());
    let Some(last) = haystack.len().checked_sub(needle.len()) else {
        return false;
    };
    let is_at = |at: usize| haystack[at..at + needle.len()].eq_ignore_ascii_case(needle);
    match anchor {
        Anchor::Start => is_at(0),
        Anchor::End => is_at(last),
        Anchor::Anywhere => (0..=last).any(is_at),
    }
}
