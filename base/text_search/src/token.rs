//! A text as words.

use std::collections::HashMap;
use std::ops::Range;

use crate::letters::folded;
use crate::limits::{MAX_BYTES, MAX_REPEATS, MAX_TOKENS, MAX_WRITTEN, POSITION, start};
use crate::scripts::{begins, continues, stands_alone};

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word as it is compared: letters, digits and marks, folded.
    pub word: String,
    /// Byte range in the text.
    pub range: Range<usize>,
    /// The how manieth word it is, from 1 to [`MAX_TOKENS`].
    pub position: usize,
}

/// The words of a text that count, in its order.
///
/// A word is a run of letters and digits (Unicode's), with the marks on them; in scripts without spaces between words each
/// character is one. Each is folded: lower case, without accents and presentation forms. Text beyond [`MAX_TOKENS`] words or
/// [`MAX_BYTES`] has none, and a word that is there for more than the [`MAX_REPEATS`]th time is left out, though its position
/// is not given to another.
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

/// The runs of characters of which words are made.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let (offset, first) = text[from..].char_indices().find(|(_, character)| begins(*character))?;
        let begin = from + offset;
        let one_character = stands_alone(first);
        let is_of_it = |next| continues(next) || (!one_character && begins(next) && !stands_alone(next));
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
