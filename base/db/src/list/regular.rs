//! Regular expressions of queries: one dialect on both engines, without back-references and lookarounds, so that a
//! search takes linear time.
//!
//! SQLite calls a function of this program. For PostgreSQL the pattern is parsed here and written anew in its dialect:
//! without back-references and captures it is matched by an automaton, too.

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

use crate::Dialect;

/// Maximum length of a pattern in characters.
const MAX_LENGTH: usize = 512;
/// Maximum size of a compiled pattern in bytes: it bounds the time per character.
const MAX_SIZE: usize = 256 * 1024;
/// Maximum number of repetitions: PostgreSQL's limit.
const MAX_TIMES: u32 = 255;
/// Maximum nesting depth.
const MAX_DEPTH: u32 = 50;

/// The pattern as an engine takes it.
///
/// Fails with the reason if it is invalid, too large, or uses what cannot be matched in linear time.
pub(crate) fn pattern(dialect: Dialect, pattern: &str) -> Result<String, String> {
    if pattern.chars().nth(MAX_LENGTH).is_some() {
        return Err(format!("it is longer than {MAX_LENGTH} characters"));
    }
    let parsed = regex_syntax::ParserBuilder::new()
        .nest_limit(MAX_DEPTH)
        .build()
        .parse(pattern);
    let parsed = parsed.map_err(|error| match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        _ => "it cannot be read".to_owned(),
    })?;
    let mut written = String::new();
    write(&parsed, &mut written)?;
    compiled(pattern).map_err(|_| "it is too large".to_owned())?;
    Ok(match dialect {
        Dialect::Sqlite => pattern.to_owned(),
        // `***:` selects the dialect that is written here, whatever the server's setting is.
        Dialect::Postgres => format!("***:{written}"),
    })
}

/// Compiles a pattern.
pub(crate) fn compiled(pattern: &str) -> Result<regex::Regex, regex::Error> {
    regex::RegexBuilder::new(pattern)
        .size_limit(MAX_SIZE)
        .nest_limit(MAX_DEPTH)
        .build()
}

/// Writes a pattern in PostgreSQL's dialect.
fn write(hir: &Hir, out: &mut String) -> Result<(), String> {
    match hir.kind() {
        HirKind::Empty => out.push_str("(?:)"),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).map_err(|_| "it matches bytes that are no text".to_owned())?;
            text.chars().for_each(|letter| write_char(letter, out));
        }
        HirKind::Class(class) => write_class(class, out)?,
        HirKind::Look(look) => out.push_str(match look {
            Look::Start => r"\A",
            Look::End => r"\Z",
            Look::WordAscii | Look::WordUnicode => r"\y",
            Look::WordAsciiNegate | Look::WordUnicodeNegate => r"\Y",
            _ => return Err("anchors of lines are not supported".to_owned()),
        }),
        HirKind::Repetition(repetition) => write_repetition(repetition, out)?,
        HirKind::Capture(capture) => group(&capture.sub, out)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| match part.kind() {
            HirKind::Alternation(_) => group(part, out),
            _ => write(part, out),
        })?,
        HirKind::Alternation(parts) => {
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    out.push('|');
                }
                write(part, out)?;
            }
        }
    }
    Ok(())
}

fn group(hir: &Hir, out: &mut String) -> Result<(), String> {
    out.push_str("(?:");
    write(hir, out)?;
    out.push(')');
    Ok(())
}

fn write_repetition(repetition: &Repetition, out: &mut String) -> Result<(), String> {
    let (min, max) = (repetition.min, repetition.max);
    if min > MAX_TIMES || max.is_some_and(|max| max > MAX_TIMES) {
        return Err(format!("it repeats a part more than {MAX_TIMES} times"));
    }
    group(&repetition.sub, out)?;
    match (min, max) {
        (0, None) => out.push('*'),
        (1, None) => out.push('+'),
        (0, Some(1)) => out.push('?'),
        (min, None) => out.push_str(&format!("{{{min},}}")),
        (min, Some(max)) => out.push_str(&format!("{{{min},{max}}}")),
    }
    Ok(())
}

fn write_class(class: &Class, out: &mut String) -> Result<(), String> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .map(|range| (range.start(), range.end()))
            .collect(),
        Class::Bytes(class) if class.is_ascii() => class
            .ranges()
            .iter()
            .map(|range| (char::from(range.start()), char::from(range.end())))
            .collect(),
        Class::Bytes(_) => return Err("it matches bytes that are no text".to_owned()),
    };
    // No text of PostgreSQL contains U+0000.
    let ranges = ranges.into_iter().filter(|(_, last)| *last != '\0');
    let mut ranges = ranges.map(|(first, last)| (first.max('\u{1}'), last)).peekable();
    if ranges.peek().is_none() {
        // A class without characters matches nothing.
        out.push_str(r"[^\U00000001-\U0010ffff]");
        return Ok(());
    }
    out.push('[');
    for (first, last) in ranges {
        write_code(first, out);
        if first != last {
            out.push('-');
            write_code(last, out);
        }
    }
    out.push(']');
    Ok(())
}

fn write_char(letter: char, out: &mut String) {
    if letter.is_ascii_alphanumeric() || letter == ' ' {
        out.push(letter);
    } else {
        write_code(letter, out);
    }
}

fn write_code(letter: char, out: &mut String) {
    out.push_str(&format!("\\U{:08x}", u32::from(letter)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_written_for_postgres() {
        let cases = [
            ("abc", "***:abc"),
            ("^a|b$", r"***:\Aa|b\Z"),
            ("(a|b)+c", "***:(?:(?:[\\U00000061-\\U00000062]))+c"),
            ("a{2,3}?", "***:(?:a){2,3}"),
            ("a.b", "***:a[\\U00000001-\\U00000009\\U0000000b-\\U0010ffff]b"),
            (r"\.", "***:\\U0000002e"),
        ];
        for (given, written) in cases {
            assert_eq!(pattern(Dialect::Postgres, given).as_deref(), Ok(written), "{given}");
            assert_eq!(pattern(Dialect::Sqlite, given).as_deref(), Ok(given));
        }
    }

    #[test]
    fn patterns_that_are_unbounded_or_invalid_are_refused() {
        let long = "a".repeat(MAX_LENGTH + 1);
        for given in [
            "(a",
            r"(a)\1",
            "(?=a)b",
            "a{256}",
            "((a{200}){200}){200}",
            "(?m)^a",
            long.as_str(),
        ] {
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                assert!(pattern(dialect, given).is_err(), "{given}");
            }
        }
    }
}
