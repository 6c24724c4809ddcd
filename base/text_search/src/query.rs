//! Translation of a search to the engines' query languages.

use crate::search::{Run, Search};

impl Search {
    /// The query in the language of FTS5, for a column of folded text with the tokenizer
    /// [`TOKENIZER`](crate::TOKENIZER): `"foo" OR "ba" *`. None if there are no words: such a search has no results.
    pub fn fts5(&self) -> Option<String> {
        self.any_of(" OR ", |run| {
            let star = if run.prefix { " *" } else { "" };
            format!("\"{}\"{star}", run.words.join(" ").replace('"', "\"\""))
        })
    }

    /// The text of a PostgreSQL `tsquery` literal, for a cast parameter: `'foo' | 'ba':*`, `'a' <-> 'b'`. None if there
    /// are no words.
    pub fn tsquery(&self) -> Option<String> {
        self.any_of(" | ", |run| {
            let lexemes = run.words.iter().map(|word| lexeme(word));
            // `<->` binds tighter than `|`.
            let star = if run.prefix { ":*" } else { "" };
            lexemes.collect::<Vec<_>>().join(" <-> ") + star
        })
    }

    fn any_of(&self, or: &str, write: impl Fn(&Run<'_>) -> String) -> Option<String> {
        let runs = self.runs();
        let written: Vec<String> = runs.iter().map(write).collect();
        (!written.is_empty()).then(|| written.join(or))
    }
}

fn lexeme(word: &str) -> String {
    format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"))
}
