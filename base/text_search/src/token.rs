//! Tokenization of text.

use std::collections::HashMap;
use std::ops::Range;

use crate::letters::folded;
use crate::limits::{MAX_BYTES, MAX_REPEATS, MAX_TOKENS, MAX_WRITTEN, POSITION, start};
use crate::scripts::{is_single_char_word, is_word_continuation, is_word_start};

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The folded word: letters, digits and marks.
    pub word: String,
    /// Byte range in the text.
    pub range: Range<usize>,
    /// Position among the words, from 1 to [`MAX_TOKENS`].
    pub position: usize,
}

/// The searchable words of a text, in order.
///
/// A word is a run of Unicode letters and digits with their marks; in scripts without spaces each character is a word.
/// Each is folded: lower case, without accents and presentation forms. Text beyond [`MAX_TOKENS`] words or
/// [`MAX_BYTES`] is ignored, and occurrences of a word after the first [`MAX_REPEATS`] are omitted, but still use a
/// position.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut bytes = 0;
    let tokens = runs(text)
        .map(|range| (folded(start(&text[range.clone()], MAX_WRITTEN)), range))
        .filter(|(word, _)| !word.is_empty())
        .take_while(|(word, _)| {
            bytes += word.len() + POSITION;
            bytes <= MAX_BYTES
        })
        .zip(1..=MAX_TOKENS)
        .map(|((word, range), position)| Token { word, range, position })
        .collect();
    without_repeats(tokens)
}

/// Byte ranges of words.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let (offset, first) = text[from..]
            .char_indices()
            .find(|(_, character)| is_word_start(*character))?;
        let begin = from + offset;
        let one_character = is_single_char_word(first);
        let is_of_it =
            |next| is_word_continuation(next) || (!one_character && is_word_start(next) && !is_single_char_word(next));
        let length = text[begin..]
            .char_indices()
            .skip(1)
            .find_map(|(offset, next)| (!is_of_it(next)).then_some(offset));
        from = length.map_or(text.len(), |length| begin + length);
        Some(begin..from)
    })
}

fn without_repeats(mut tokens: Vec<Token>) -> Vec<Token> {
    if tokens.len() <= MAX_REPEATS {
        return tokens;
    }
    let mut times: HashMap<&str, usize> = HashMap::new();
    let counts: Vec<bool> = tokens
        .iter()
        .map(|token| {
            let times = times.entry(&token.word).or_default();
            *times += 1;
            *times <= MAX_REPEATS
        })
        .collect();
    let mut counts = counts.into_iter();
    tokens.retain(|_| counts.next().unwrap_or(true));
    tokens
}
