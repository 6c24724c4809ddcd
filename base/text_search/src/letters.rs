//! Case and accent folding of words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

use crate::limits::{MAX_WORD, start};

/// The word in lower case, without accents and presentation forms; empty if nothing remains.
///
/// Case is folded by conversion to lower case (for ẞ), upper case (ß becomes ss; ς and σ become equal) and lower case
/// again, which equals Unicode's full case folding except for some historic letters. Compatibility decomposition (NFKD)
/// separates accents and replaces ﬁ, Ａ and ① by plain characters.
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
        // The Thai ำ decomposes into a mark, which belongs to the letter before it, and a letter.
        .skip_while(|character| is_combining_mark(*character))
        .nfc()
        .collect();
    start(&plain, MAX_WORD).to_owned()
}

/// Whether it is a mark to be removed, by its combining class (Unicode Standard, 4.3): accents above, below and across
/// letters, the points of Hebrew, Arabic and Syriac. Vowels of Hindi and Thai and voicing marks of kana have other
/// classes and are kept, because they distinguish words.
fn is_accent(character: char) -> bool {
    matches!(canonical_combining_class(character), 1 | 10..=36 | 200..=240)
}

fn is_of_words(character: char) -> bool {
    character.is_alphanumeric() || is_combining_mark(character)
}
