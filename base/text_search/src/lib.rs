//! Text made ready for search, and what a search asks of it.
//!
//! [`tokens`] cuts a text into words and folds each: case, accents and the width of letters do not count. From the same
//! tokens come the text of a full-text index on either engine ([`fold()`] for SQLite, [`tsvector`] for PostgreSQL), the
//! query in its language ([`Search::fts5`], [`Search::tsquery`]) and the plain answer that both must give
//! ([`Search::matches`]). So what is cut off a long text is cut off alike.
//!
//! Not here: ranking, stems and stop words. A client that searches for "the" finds it.

mod ascii;
mod index;
mod letters;
mod limits;
mod query;
mod scripts;
mod search;
mod snippet;
mod token;

pub use ascii::{Anchor, find_ascii};
pub use index::{TOKENIZER, fold, tsvector};
pub use limits::{MAX_BYTES, MAX_REPEATS, MAX_TOKENS, MAX_WORD};
pub use search::Search;
pub use snippet::snippet;
pub use token::{Token, tokens};
