//! Index text for FTS5 and for `tsvector`.

use std::collections::BTreeMap;

use crate::token::tokens;

/// The tokenizer of an FTS5 table of folded text.
///
/// Everything but separators is part of a word, so that a folded word is one token whatever SQLite's tables, which are of
/// an older Unicode, think of its characters.
pub const TOKENIZER: &str = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'";

/// What stands for a word that does not count. No search can have it, as it is neither a letter nor a digit.
const GAP: &str = "_";

/// The text for SQLite's full-text index: the words that count, folded, one space between each. Where a word does not count
/// there is an underscore, so that those beside it do not become neighbours.
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

/// The text of a PostgreSQL `tsvector` literal with the same words, to be cast from a parameter: `'bar':2 'foo':1,4`. It is
/// within the limits of that type.
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
