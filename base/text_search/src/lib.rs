//! Preparation of text for search, and translation of searches for the engines.
//!
//! [`tokens`] splits a text into words and folds each: case, accents and character width are ignored. The same tokens
//! are used for the index text of either engine ([`fold()`] for SQLite, [`tsvector`] for PostgreSQL), for the query in
//! its language ([`Search::fts5`], [`Search::tsquery`]) and for the reference result that both must return
//! ([`Search::matches`]). A long text is therefore truncated in the same way everywhere.
//!
//! Not supported: ranking, stemming and stop words; a search for "the" finds it.

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
