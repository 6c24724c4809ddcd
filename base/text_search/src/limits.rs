//! Limits of searchable text. They are those of PostgreSQL's `tsvector` ("Text Search Limitations" in its manual), and
//! also apply to SQLite, so that both engines return the same result.

/// Maximum number of words of a text, from its start: the highest position in a `tsvector`.
pub const MAX_TOKENS: usize = 16_383;

/// Maximum number of occurrences of one word: the positions of one lexeme.
pub const MAX_REPEATS: usize = 256;

/// Maximum length of a folded word, in bytes; longer words are truncated. A lexeme may have 2046, but real words are
/// shorter.
pub const MAX_WORD: usize = 255;

/// Maximum total size of all folded words in bytes, plus five per word for its position; a `tsvector` may have 1 MiB.
pub const MAX_BYTES: usize = 1_000_000;

/// Size of a word position in a `tsvector`, in bytes: position, count, alignment.
pub(crate) const POSITION: usize = 5;

/// Maximum length of a word before folding, in bytes; a word of accents only is empty after folding.
pub(crate) const MAX_WRITTEN: usize = 4 * MAX_WORD;

/// The first `bytes` bytes of a text, or fewer, ending at a character boundary.
pub(crate) fn start(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
