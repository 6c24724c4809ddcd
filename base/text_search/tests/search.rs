//! Matches of a search, and snippets.

mod support;

use proptest::prelude::*;
use support::{query, text};
use text_search::{Anchor, Search, find_ascii, snippet};

fn matches(query: &str, text: &str) -> bool {
    Search::parse(query).matches(text)
}

#[test]
fn any_word_is_enough_and_the_beginning_of_the_last() {
    let text = "The quick brown fox";
    for query in [
        "quick",
        "QUICK",
        "slow quick",
        "quick slow",
        "qui",
        "slow br",
        "fox!",
        "the",
    ] {
        assert!(matches(query, text), "{query}");
    }
    for query in ["", " ", "!", "qui slow", "uick", "foxes", "\"", "\"\"", "😀"] {
        assert!(!matches(query, text), "{query}");
    }
}

#[test]
fn a_phrase_is_all_its_words_in_order_side_by_side() {
    let text = "The quick brown fox";
    for query in [
        "\"quick brown\"",
        " \"Brown, FOX\" ",
        "\"fox\"",
        "\"the quick brown fox\"",
    ] {
        assert!(matches(query, text), "{query}");
    }
    for query in ["\"brown quick\"", "\"quick fox\"", "\"quick bro\"", "\"fox the\""] {
        assert!(!matches(query, text), "{query}");
    }
}

#[test]
fn words_without_spaces_are_searched_as_a_phrase() {
    assert_eq!(Search::parse("東京 tower").words, ["東 京", "tower"]);
    assert!(matches("東京", "今日は東京です"));
    assert!(!matches("東京", "京都の東"));
    assert!(matches("東京 都", "京都"));
    assert!(matches("\"東京です\"", "今日は東京です"));
}

#[test]
fn queries_are_rendered_for_both_engines() {
    for (text, fts5, tsquery) in [
        ("Foo ba", "\"foo\" OR \"ba\" *", "'foo' | 'ba':*"),
        ("\"a b\"", "\"a b\"", "'a' <-> 'b'"),
        ("東京 x", "\"東 京\" OR \"x\" *", "'東' <-> '京' | 'x':*"),
    ] {
        let search = Search::parse(text);
        assert_eq!(search.fts5().as_deref(), Some(fts5));
        assert_eq!(search.tsquery().as_deref(), Some(tsquery));
    }
    assert_eq!(Search::parse("?!").fts5(), None);
    assert_eq!(Search::parse("\"\"").tsquery(), None);
}

#[test]
fn words_made_by_hand_are_quoted() {
    let search = Search {
        words: vec!["a\"b".to_owned(), String::new(), "c'd\\".to_owned()],
        phrase: false,
    };
    assert_eq!(search.fts5().as_deref(), Some("\"a\"\"b\" OR \"c'd\\\" *"));
    assert_eq!(search.tsquery().as_deref(), Some("'a\"b' | 'c''d\\\\':*"));
}

#[test]
fn a_snippet_marks_what_was_found() {
    let shown = |text: &str, query: &str, around: usize| snippet(text, &Search::parse(query), around);

    assert_eq!(shown("a fox", "dog", 9), None);
    assert_eq!(shown("a fox", "", 9), None);
    assert_eq!(
        shown("a fox & a Fox", "fox", 99).unwrap(),
        "a <mark>fox</mark> &amp; a <mark>Fox</mark>"
    );
    assert_eq!(
        shown("<b>fox</b>", "fox", 99).unwrap(),
        "&lt;b&gt;<mark>fox</mark>&lt;/b&gt;"
    );
    assert_eq!(
        shown("one two three four five", "three", 5).unwrap(),
        "… two <mark>three</mark> four…"
    );
    assert_eq!(
        shown("one two three four five", "three", 3).unwrap(),
        "… <mark>three</mark> …"
    );
    assert_eq!(
        shown("one two three four five", "three", 0).unwrap(),
        "…<mark>three</mark>…"
    );
    assert_eq!(
        shown("quick brown fox", "\"quick brown\"", 99).unwrap(),
        "<mark>quick</mark> <mark>brown</mark> fox"
    );
    assert_eq!(
        shown("今日は東京です", "東京", 2).unwrap(),
        "…日は<mark>東京</mark>です"
    );
    assert_eq!(shown("Le CAFÉ", "café", 9).unwrap(), "Le <mark>CAFÉ</mark>");
}

#[test]
fn only_the_case_of_ascii_letters_is_ignored() {
    use Anchor::{Anywhere, End, Start};
    for (haystack, needle, anchor, found) in [
        ("Hello", "hE", Start, true),
        ("Hello", "lO", Start, false),
        ("Hello", "lO", End, true),
        ("Hello", "eL", End, false),
        ("Hello", "ELL", Anywhere, true),
        ("Hello", "ela", Anywhere, false),
        ("Hello", "hello!", Anywhere, false),
        ("", "", Anywhere, true),
        ("x", "", End, true),
        ("Été", "ét", Start, false),
        ("Été", "ÉT", Start, true),
        ("50%_off", "%_O", Anywhere, true),
        ("[", "{", Anywhere, false),
    ] {
        assert_eq!(
            find_ascii(haystack, needle, anchor),
            found,
            "{haystack} {needle} {anchor:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn there_is_a_snippet_wherever_there_is_a_match(text in text(), query in query(), around in 0..40usize) {
        let search = Search::parse(&query);

        let snippet = snippet(&text, &search, around);

        prop_assert_eq!(snippet.is_some(), search.matches(&text));
        if let Some(snippet) = snippet {
            prop_assert!(snippet.contains("<mark>"));
            prop_assert_eq!(snippet.matches('<').count(), 2 * snippet.matches("<mark>").count());
        }
    }

    #[test]
    fn a_whole_snippet_is_the_text(text in text(), query in query()) {
        if let Some(snippet) = snippet(&text, &Search::parse(&query), usize::MAX) {
            let plain = [("<mark>", ""), ("</mark>", ""), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
                .iter()
                .fold(snippet, |text, (from, to)| text.replace(from, to));
            prop_assert_eq!(plain, text);
        }
    }

    #[test]
    fn what_is_found_in_ascii_is_found_in_its_lower_case(text in text(), from in 0..40usize, length in 0..20usize) {
        let needle: String = text.chars().skip(from).take(length).collect();
        prop_assert!(find_ascii(&text, &needle.to_ascii_uppercase(), Anchor::Anywhere));
        prop_assert!(find_ascii(&text.to_ascii_uppercase(), &needle, Anchor::Anywhere));
    }
}
