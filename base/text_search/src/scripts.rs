//! Classes of characters for tokenization.

use unicode_normalization::char::is_combining_mark;

/// Whether a word may begin with it. An isolated mark is not a word.
pub(crate) fn is_word_start(character: char) -> bool {
    character.is_alphanumeric() && !is_word_continuation(character)
}

/// Whether it belongs to the character before it: an accent or vowel mark, the voicing mark of half-width kana, or an
/// invisible character within a word (soft hyphen, joiners of Persian and Indic scripts).
pub(crate) fn is_word_continuation(character: char) -> bool {
    !character.is_ascii()
        && (is_combining_mark(character) || matches!(character, '\u{ff9e}' | '\u{ff9f}') || is_joiner(character))
}

fn is_joiner(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200c}' | '\u{200d}')
}

/// Whether it is a separate word, because its script has no spaces between words: Chinese, Japanese, Thai, Lao, Burmese
/// and Khmer (Korean has spaces). Word segmentation would need a dictionary; a search for a sequence of characters
/// works without one.
pub(crate) fn is_single_char_word(character: char) -> bool {
    matches!(character,
        '\u{e00}'..='\u{eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Myanmar
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{2e80}'..='\u{2fdf}' // radicals
        | '\u{3005}'..='\u{3007}' // 々〆〇
        | '\u{3021}'..='\u{3029}' // numerals of Hangzhou
        | '\u{3040}'..='\u{312f}' // kana, bopomofo
        | '\u{31a0}'..='\u{31bf}' // bopomofo
        | '\u{31f0}'..='\u{31ff}' // kana
        | '\u{3400}'..='\u{4dbf}' // ideographs
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}' // half-width kana
        | '\u{1aff0}'..='\u{1b16f}' // kana
        | '\u{20000}'..='\u{3ffff}' // ideographs
    )
}
