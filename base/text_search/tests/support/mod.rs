//! Texts for tests.
#![allow(dead_code)] // Each test file uses a part.

use proptest::prelude::*;

/// Words that are prefixes of each other, adjacent or similar, in several scripts.
const WORDS: &[&str] = &[
    "a",
    "ab",
    "abc",
    "ABC",
    "b",
    "foo",
    "Foo",
    "fo",
    "food",
    "it's",
    "x-y",
    "Straße",
    "STRASSE",
    "strasse",
    "café",
    "cafe\u{301}",
    "CAFÉ",
    "Ærø",
    "ﬁn",
    "fin",
    "Ωμέγα",
    "ΩΜΈΓΑΣ",
    "ωμεγας",
    "Москва",
    "москва́",
    "İstanbul",
    "ıstanbul",
    "हिन्दी",
    "हिन्द",
    "किताब",
    "שָׁלוֹם",
    "שלום",
    "كِتَاب",
    "كتاب",
    "می\u{200c}خواهم",
    "ภาษาไทย",
    "ภาษา",
    "東京",
    "京都",
    "東",
    "東京tower",
    "とうきょう",
    "がか",
    "ｶﾞｶ",
    "ガカ",
    "한국어",
    "한국",
    "１２",
    "12",
    "①",
    "½",
    "_",
    "_a_",
    "'",
    "\"",
    "\\",
    "*",
    "\u{1f600}",
    "a\u{1f600}b",
    "\u{301}",
    "\u{345}",
    "𝔘𝔫𝔦",
    "uni",
    "𐐀𐐨",
    "𞤀𞤢",
    "ꭰᎠ",
    "Ⓐ",
    "ﷺ",
    "<b>",
    "&amp;",
    "NEAR",
    "OR",
    "AND",
    "NOT",
    "-b",
];

/// Such words with separators, and sometimes arbitrary text.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        20 => prop::sample::select(WORDS).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    let between = prop::sample::select(&[" ", " ", " ", "  ", "", ", ", "\n", "-", "\u{3000}", "\u{a0}"][..]);
    prop::collection::vec((word, between), 0..8).prop_map(|words| {
        words
            .into_iter()
            .flat_map(|(word, between)| [word, between.to_owned()])
            .collect()
    })
}

/// A random search, as a phrase or not.
pub(crate) fn query() -> impl Strategy<Value = String> {
    (text(), any::<bool>()).prop_map(|(text, phrase)| if phrase { format!("\"{text}\"") } else { text })
}

/// Texts that exceed the limits of repetitions, words or bytes, and queries for each.
pub(crate) fn long_texts() -> Vec<(String, &'static [&'static str])> {
    let different = |length: usize| -> Vec<String> { (0..20_000).map(|n| format!("{n:0length$}")).collect() };
    vec![
        ("foo bar ".repeat(300), &["\"bar foo\"", "\"foo bar foo bar\"", "end"]),
        (
            format!("{}foo end", "foo bar ".repeat(256)),
            &["end", "\"foo end\"", "\"bar end\""],
        ),
        (different(1).join(" "), &["16382", "16383", "\"16381 16382\""]),
        (different(250).join(" "), &["16382", "000"]),
        (
            format!("{} short", "long".repeat(1000)),
            &["short", "longlong", "long short"],
        ),
        (
            "\u{301}".repeat(5000) + "a" + &"\u{301}".repeat(5000) + "b",
            &["\"a b\"", "b", "ab"],
        ),
        ("東".repeat(20_000), &["東東東", "京"]),
    ]
}
