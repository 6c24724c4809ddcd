//! A parsed search.

use std::ops::Range;

use crate::token::{Token, tokens};

/// A search for words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The folded words. A sequence without spaces in a script without spaces is one word here, of several tokens
    /// separated by spaces, which must be adjacent: `東 京`.
    pub words: Vec<String>,
    /// Whether all words must match completely and be adjacent. If false, one matching word is enough, and the last
    /// word matches as a prefix.
    pub phrase: bool,
}

impl Search {
    /// Parses a search text. In double quotes it is a phrase, as in Appwrite; other punctuation is ignored.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let phrase = text.starts_with('"') && text.ends_with('"');
        let mut words: Vec<String> = Vec::new();
        let mut end = None;
        for token in tokens(text) {
            match words.last_mut() {
                Some(word) if !phrase && end == Some(token.range.start) => {
                    word.push(' ');
                    word.push_str(&token.word);
                }
                _ => words.push(token.word),
            }
            end = Some(token.range.end);
        }
        Self { words, phrase }
    }

    /// Whether a text matches. A search without words matches nothing.
    ///
    /// This is the reference result for [`Search::fts5`] and [`Search::tsquery`].
    pub fn matches(&self, text: &str) -> bool {
        self.hits(&tokens(text)).next().is_some()
    }

    /// Index ranges of matching tokens, in order. If several words match at an index, the longest is returned.
    pub(crate) fn hits(&self, tokens: &[Token]) -> impl Iterator<Item = Range<usize>> {
        let runs = self.runs();
        (0..tokens.len()).filter_map(move |at| {
            let lengths = runs
                .iter()
                .filter(|run| run.is_at(&tokens[at..]))
                .map(|run| run.words.len());
            lengths.max().map(|length| at..at + length)
        })
    }

    /// The runs of tokens of which at least one must match.
    pub(crate) fn runs(&self) -> Vec<Run<'_>> {
        let together = if self.phrase { self.words.len().max(1) } else { 1 };
        let mut runs: Vec<Run<'_>> = self.words.chunks(together).filter_map(Run::of).collect();
        if let Some(last) = runs.last_mut() {
            last.prefix = !self.phrase;
        }
        runs
    }
}

/// Tokens that must be adjacent.
pub(crate) struct Run<'a> {
    /// The folded tokens, at least one.
    pub(crate) words: Vec<&'a str>,
    /// Whether the last token matches as a prefix.
    pub(crate) prefix: bool,
}

impl<'a> Run<'a> {
    fn of(words: &'a [String]) -> Option<Self> {
        let words = words.iter().flat_map(|word| word.split(' '));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let prefix = false;
        (!words.is_empty()).then_some(Self { words, prefix })
    }

    fn is_at(&self, tokens: &[Token]) -> bool {
        tokens.len() >= self.words.len()
            && self.words.iter().zip(tokens).enumerate().all(|(index, (word, token))| {
                let is_last = index + 1 == self.words.len();
                token.position == tokens[0].position + index
                    && (token.word == *word || self.prefix && is_last && token.word.starts_with(word))
            })
    }
}
