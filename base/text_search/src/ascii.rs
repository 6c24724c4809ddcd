//! Anchor of `startsWith`, `endsWith` and `contains`.

/// Position of a match in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// At the start.
    Start,
    /// At the end.
    End,
    /// Anywhere, the start and the end as well.
    Anywhere,
}

/// Whether a text has another in this place. The case of `A` to `Z` does not count, as with SQLite's `LIKE`; that of other
/// letters does. The empty text is everywhere.
pub fn find_ascii(haystack: &str, needle: &str, anchor: Anchor) -> bool {
    // Bytes will do: a character's encoding is found in no other's, nor across two.
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
