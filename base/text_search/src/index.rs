//! Index text for FTS5 and for `tsvector`.

use std::collections::BTreeMap;

use crate::token::tokens;

/// The tokenizer of an FTS5 table of folded text.
///
/// All characters except separators are token characters, so that a folded word is one token regardless of SQLite's
/// older Unicode tables.
pub const TOKENIZER: &str = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'";

/// Placeholder for an omitted word. It never matches a search, because it is neither a letter nor a digit.
const GAP: &str = "_";

/// The text for SQLite's full-text index: the folded words, separated by spaces. An omitted word is replaced by an
/// underscore, so that its neighbours do not become adjacent.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(1024));
    let mut position = 0;
    for token in tokens(text) {
        for _ in position + 1..token.position {
            push(&mut folded, GAP);
        }
        push(&mut folded, &token.word);
        position = token.position;
    }
    folded
}

/// The text of a PostgreSQL `tsvector` literal with the same words, for a cast parameter: `'bar':2 'foo':1,4`. It is
/// within the limits of `tsvector`.
pub fn tsvector(text: &str) -> String {
    let mut positions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for token in tokens(text) {
        positions
            .entry(token.word)
            .or_default()
            .push(token.position.to_string());
    }
    let lexemes = positions
        .iter()
        .map(|(word, positions)| format!("'{word}':{}", positions.join(",")));
    lexemes.collect::<Vec<_>>().join(" ")
}

fn push(folded: &mut String, word: &str) {
    if !folded.is_empty() {
        folded.push(' ');
    }
    folded.push_str(word);
}
