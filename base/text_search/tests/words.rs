//! Tokenization and folding.

mod support;

use proptest::prelude::*;
use support::{long_texts, text};
use text_search::{MAX_BYTES, MAX_REPEATS, MAX_TOKENS, MAX_WORD, fold, tokens, tsvector};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

#[test]
fn words_are_folded() {
    for (text, folded) in [
        ("", ""),
        ("Hello, World!", "hello world"),
        ("it's 3.14 a_b", "it s 3 14 a b"),
        // Case is folded through upper case; Turkish dotted and dotless i become equal.
        ("Straße STRASSE STRAẞE", "strasse strasse strasse"),
        ("ΟΔΥΣΣΕΥΣ Οδυσσεύς", "οδυσσευσ οδυσσευσ"),
        ("İstanbul ıstanbul ISTANBUL", "istanbul istanbul istanbul"),
        // Accents, composed or decomposed; the stroke of ø is not an accent.
        ("Café cafe\u{301} Ærø", "cafe cafe ærø"),
        ("Ёлка елка́", "елка елка"),
        ("שָׁלוֹם كِتَاب", "שלום كتاب"),
        // Presentation forms.
        ("ﬁn Ａ１ ① ½ 𝔘𝔫𝔦", "fin a1 1 12 uni"),
        // Vowel signs are kept like letters; joiners are removed.
        ("हिन्दी किताब", "हिन्दी किताब"),
        ("می\u{200c}خواهم co\u{ad}op", "میخواهم coop"),
        ("한국어 한국", "한국어 한국"),
        // Scripts without spaces.
        ("東京Tower", "東 京 tower"),
        ("がんばる", "が ん ば る"),
        ("ｶﾞｶガカ", "ガ カ ガ カ"),
        ("ภาษาไทยที่", "ภ า ษ า ไ ท ย ที่"),
        // Neither letters nor digits.
        ("😀 \u{301}\u{345} \u{ff9e} _ \"'\\", ""),
    ] {
        assert_eq!(fold(text), folded, "{text}");
    }
}

#[test]
fn a_token_knows_where_it_is() {
    let text = "¡Ça va, 東京!";

    let found: Vec<_> = tokens(text)
        .into_iter()
        .map(|token| (token.position, text[token.range].to_owned(), token.word))
        .collect();

    let expected = [(1, "Ça", "ca"), (2, "va", "va"), (3, "東", "東"), (4, "京", "京")];
    assert_eq!(
        found,
        expected.map(|(at, written, word)| (at, written.to_owned(), word.to_owned()))
    );
}

#[test]
fn a_tsvector_has_every_position() {
    assert_eq!(tsvector("Foo bar, foo!"), "'bar':2 'foo':1,3");
    assert_eq!(tsvector("it's \\ '"), "'it':1 's':2");
    assert_eq!(tsvector(" "), "");
}

#[test]
fn positions_of_very_frequent_words_are_dropped() {
    let text = format!("{}end", "foo bar ".repeat(MAX_REPEATS + 1));

    let folded = fold(&text);

    assert!(folded.ends_with("foo bar _ _ end"), "{}", &folded[folded.len() - 40..]);
    assert_eq!(tokens(&text).len(), 2 * MAX_REPEATS + 1);
}

#[test]
fn long_texts_are_cut() {
    for (text, _) in long_texts() {
        let tokens = tokens(&text);
        assert!(tokens.len() <= MAX_TOKENS);
        assert!(
            tokens
                .iter()
                .all(|token| token.word.len() <= MAX_WORD && token.position <= MAX_TOKENS)
        );
        assert!(tokens.iter().map(|token| token.word.len()).sum::<usize>() <= MAX_BYTES);
    }
    let words = |count: usize| -> String { (0..count).map(|n| format!("{n} ")).collect() };
    assert_eq!(tokens(&words(MAX_TOKENS)).len(), MAX_TOKENS);
    assert_eq!(fold(&words(MAX_TOKENS + 1)), fold(&words(MAX_TOKENS)));
}

#[test]
fn folding_is_idempotent() {
    for character in '\0'..=char::MAX {
        let folded = fold(&character.to_string());
        // Except for word boundaries: the Lao ໜ becomes two letters.
        assert_eq!(fold(&folded).replace(' ', ""), folded.replace(' ', ""), "{character:?}");
        assert!(
            !folded.contains(|c: char| c.is_ascii() && !c.is_ascii_lowercase() && !c.is_ascii_digit()),
            "{character:?} {folded}"
        );
        assert!(folded.is_empty() || character.is_alphanumeric(), "{character:?}");
        // An isolated mark is not a word, although Unicode classifies some marks as letters.
        let mut parts = [character].into_iter().nfkd();
        let has_letter = parts.any(|part| part.is_alphanumeric() && !is_combining_mark(part));
        assert!(
            !folded.is_empty() || !character.is_alphanumeric() || !has_letter,
            "{character:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tokens_lie_in_order_on_characters_and_fold_to_themselves(text in text()) {
        let tokens = tokens(&text);
        for pair in tokens.windows(2) {
            prop_assert!(pair[0].range.end <= pair[1].range.start && pair[0].position < pair[1].position);
        }
        for token in &tokens {
            prop_assert!(text.get(token.range.clone()).is_some());
            prop_assert!(!token.word.is_empty() && !token.word.contains(' '));
        }
        prop_assert_eq!(fold(&text), tokens.into_iter().map(|token| token.word).collect::<Vec<_>>().join(" "));
    }
}
