//! A word without what does not count.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

use crate::limits::{MAX_WORD, start};

/// The word in lower case, without accents and presentation forms; empty if nothing else is left.
///
/// Case goes by way of upper case, which takes ß to ss, and ς and σ to one, and to that by way of lower case, for ẞ; this is
/// what the full case folding of Unicode does but for some historic letters. Decomposition by compatibility (NFKD) sets accents apart, and makes ﬁ, Ａ and ① plain.
pub(crate) fn folded(word: &str) -> String {
    if word.is_ascii() {
        return start(word, MAX_WORD).to_ascii_lowercase();
    }
    let lower = word
        .nfkd()
        .filter(|character| !is_accent(*character))
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase);
    let plain: String = lower
        .nfkd()
        .filter(|character| !is_accent(*character) && is_of_words(*character))
        // The Thai ำ falls apart into a mark, which goes with the letter before it, and a letter.
        .skip_while(|character| is_combining_mark(*character))
        .nfc()
        .collect();
    start(&plain, MAX_WORD).to_owned()
}

/// Whether it is a mark that a reader can do without, by its combining class (Unicode Standard, 4.3): accents above, below
/// and across letters, the points of Hebrew, Arabic and Syriac. The vowels of Hindi and Thai and the voice of kana are of
/// other classes: without them a word is another.
fn is_accent(character: char) -> bool {
    matches!(canonical_combining_class(character), 1 | 10..=36 | 200..=240)
}

fn is_of_words(character: char) -> bool {
    character.is_alphanumeric() || is_combining_mark(character)
}
