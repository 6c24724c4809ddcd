//! Random texts that database engines tend to treat differently.

use crate::rng::Rng;

/// Upper and lower case; accents, precomposed and decomposed; letters whose other case is longer or shared with another
/// letter; characters with a meaning in LIKE and SQL; characters ordered differently in UTF-16.
const PIECES: &[&str] = &[
    "",
    "a",
    "A",
    "b",
    "B",
    "z",
    "Z",
    "ab",
    "aB",
    "ä",
    "Ä",
    "a\u{308}",
    "é",
    "É",
    "e\u{301}",
    "e",
    "ß",
    "ss",
    "SS",
    "ẞ",
    "ſ",
    "s",
    "İ",
    "I",
    "i",
    "ı",
    "\u{212a}",
    "k",
    "K",
    "Å",
    "\u{212b}",
    "σ",
    "ς",
    "Σ",
    "ﬁ",
    "fi",
    "%",
    "_",
    "\\",
    "'",
    "\"",
    "''",
    "--",
    ";",
    "$1",
    "?",
    "`",
    "*",
    "(",
    ")",
    "[",
    "{",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "0",
    "1",
    "10",
    "9",
    "-1",
    "null",
    "true",
    "\u{d7ff}",
    "\u{e000}",
    "\u{ffff}",
    "\u{10000}",
    "\u{10ffff}",
    "😀",
    "👩‍👩‍👧",
    "日本",
    "日",
    "本語",
    "한국어",
    "한",
    "العربية",
    "ไทย",
    "naïve",
    "NAÏVE",
    "naive",
    "Straße",
    "STRASSE",
    "the",
    "quick",
    "Brown",
    "fox",
    "foxes",
    "O'Brien",
    "a.b",
    "a-b",
    "a_b",
    "a%b",
    "x1y2",
];

/// A text of at most `size` characters.
pub(super) fn text(rng: &mut Rng, size: usize) -> String {
    let pieces = if rng.percent(60) { 1 } else { rng.between(2, 5) };
    let space = if rng.percent(50) { " " } else { "" };
    let text = (0..pieces).map(|_| *rng.pick(PIECES)).collect::<Vec<_>>().join(space);
    text.chars().take(size).collect()
}

/// A text similar to another: a part of it, in another case, or with additions.
pub(super) fn like(rng: &mut Rng, text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let start = rng.below(letters.len() + 1);
    let end = rng.between(start, letters.len());
    match rng.below(10) {
        0 => letters[..end].iter().collect(),
        1 => letters[start..].iter().collect(),
        2 => letters[start..end].iter().collect(),
        3 => text.to_uppercase(),
        4 => text.to_lowercase(),
        5 => text.to_ascii_uppercase(),
        // Wildcards of LIKE.
        6 if start < end => letters[..start]
            .iter()
            .chain(['_'].iter())
            .chain(&letters[start + 1..])
            .collect(),
        7 => letters[..start]
            .iter()
            .chain(['%'].iter())
            .chain(&letters[end..])
            .collect(),
        8 => format!("{text}{}", rng.pick(PIECES)),
        _ => text.to_owned(),
    }
}
