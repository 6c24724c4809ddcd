//! Both engines return the reference result for arbitrary texts.
//!
//! PostgreSQL is tested if `FERRITE_TEST_POSTGRES` is set (`scripts/with-postgres`).

#![allow(clippy::unwrap_used)]

mod support;

use std::cell::RefCell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use support::{long_texts, query, text};
use text_search::{Search, TOKENIZER, fold, tokens, tsvector};

struct Sqlite(rusqlite::Connection);

impl Sqlite {
    fn new() -> Self {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection
            .execute_batch(&format!(
                "CREATE VIRTUAL TABLE texts USING fts5(folded, tokenize = \"{TOKENIZER}\");
                 CREATE VIRTUAL TABLE vocabulary USING fts5vocab(texts, row);"
            ))
            .unwrap();
        Self(connection)
    }

    fn keep(&self, text: &str) {
        self.0.execute("DELETE FROM texts", []).unwrap();
        self.0.execute("INSERT INTO texts VALUES (?)", [fold(text)]).unwrap();
    }

    fn finds(&self, search: &Search) -> bool {
        let Some(query) = search.fts5() else { return false };
        let count = "SELECT count(*) FROM texts WHERE texts MATCH ?";
        let found: i64 = self.0.query_row(count, [query], |row| row.get(0)).unwrap();
        found == 1
    }
}

struct Postgres(postgres::Client);

impl Postgres {
    fn keep(&mut self, text: &str) {
        self.0.execute("TRUNCATE texts", &[]).unwrap();
        let insert = "INSERT INTO texts VALUES ($1::text::tsvector)";
        self.0.execute(insert, &[&tsvector(text)]).unwrap();
    }

    fn finds(&mut self, search: &Search) -> bool {
        let Some(query) = search.tsquery() else { return false };
        let count = "SELECT count(*) FROM texts WHERE folded @@ $1::text::tsquery";
        self.0.query_one(count, &[&query]).unwrap().get::<_, i64>(0) == 1
    }
}

/// A connection to the test server, if configured.
fn postgres() -> Option<Postgres> {
    let Ok(url) = std::env::var("FERRITE_TEST_POSTGRES") else {
        eprintln!("skipped: FERRITE_TEST_POSTGRES names no PostgreSQL");
        return None;
    };
    let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
    client
        .batch_execute("CREATE TEMP TABLE texts (folded tsvector)")
        .unwrap();
    Some(Postgres(client))
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Stores texts, runs each query, and compares with the reference result, for texts at the limits and random ones.
fn compare(mut keep: impl FnMut(&str), mut finds: impl FnMut(&Search) -> bool) {
    let mut compare = |text: &str, queries: &[&str]| {
        keep(text);
        for query in queries {
            let search = Search::parse(query);
            assert_eq!(finds(&search), search.matches(text), "{query:?}");
        }
    };
    for (text, queries) in long_texts() {
        compare(&text, queries);
    }
    // The maximum number of words of a query.
    let foos = "foo ".repeat(1000);
    compare("foo", &[&"x ".repeat(2047), &foos, &format!("\"{foos}\"")]);

    let compare = RefCell::new(compare);
    proptest!(config(), |(text in text(), queries in prop::collection::vec(query(), 1..8))| {
        let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
        (compare.borrow_mut())(&text, &queries);
    });
}

#[test]
fn sqlite_takes_every_folded_word_as_it_is() {
    let sqlite = Sqlite::new();
    let all: String = ('\0'..=char::MAX).flat_map(|character| [character, ' ']).collect();
    let mut expected = BTreeSet::new();
    for part in all.split_inclusive(' ') {
        expected.extend(tokens(part).into_iter().map(|token| token.word));
    }

    let folded: Vec<String> = expected.iter().cloned().collect();
    sqlite
        .0
        .execute("INSERT INTO texts VALUES (?)", [folded.join(" ")])
        .unwrap();

    let mut terms = sqlite.0.prepare("SELECT term FROM vocabulary").unwrap();
    let found: BTreeSet<String> = terms
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let lost: Vec<_> = expected.difference(&found).collect();
    assert!(lost.is_empty(), "{} {lost:?}", lost.len());
    assert!(expected.len() > 100_000, "{}", expected.len());
}

#[test]
fn sqlite_answers_as_the_reference_does() {
    let sqlite = Sqlite::new();
    compare(|text| sqlite.keep(text), |search| sqlite.finds(search));
}

#[test]
fn postgres_answers_as_the_reference_does() {
    let Some(postgres) = postgres() else { return };
    let postgres = RefCell::new(postgres);
    compare(
        |text| postgres.borrow_mut().keep(text),
        |search| postgres.borrow_mut().finds(search),
    );
}

#[test]
fn postgres_keeps_every_position() {
    let Some(mut postgres) = postgres() else { return };
    for (text, _) in long_texts() {
        postgres.keep(&text);
        let count = "SELECT count(*) FROM texts, unnest(folded) AS word, unnest(word.positions)";
        let positions: i64 = postgres.0.query_one(count, &[]).unwrap().get(0);
        assert_eq!(usize::try_from(positions).unwrap(), tokens(&text).len());
    }
}
