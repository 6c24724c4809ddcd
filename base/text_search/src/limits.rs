//! How much of a text can be searched. The bounds are those of PostgreSQL's `tsvector` ("Text Search Limitations" in its
//! manual), and hold on SQLite too, so that both engines give the same answer.

/// The words of a text that count, from its start: the highest position in a `tsvector`.
pub const MAX_TOKENS: usize = 16_383;

/// The places of one word that count: the positions of one lexeme.
pub const MAX_REPEATS: usize = 256;

/// The bytes of a folded word that count, from its start. A lexeme may have 2046; so long a word is no word.
pub const MAX_WORD: usize = 255;

/// The bytes of all folded words that count, each with five more for its position; a `tsvector` holds 1 MiB.
pub const MAX_BYTES: usize = 1_000_000;

/// Bytes of a word position in a `tsvector`: position, count, alignment.
pub(crate) const POSITION: usize = 5;

/// The bytes of a word as written that are looked at: it may be of accents alone, and folds to nothing then.
pub(crate) const MAX_WRITTEN: usize = 4 * MAX_WORD;

/// The start of a text, of so many bytes or fewer, that ends with a whole character.
pub(crate) fn start(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
