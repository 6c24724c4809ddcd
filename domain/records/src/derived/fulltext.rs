//! The folded words of texts.

use db::sea_query::extension::postgres::PgBinOper;
use db::sea_query::{BinOper, Expr, ExprTrait, OnConflict, Query, SelectStatement};
use db::{Dialect, PreparedSql, ToValue, Tx, Value};
use text_search::Search;

use super::side;
use crate::Result;
use crate::indexes::Index;
use crate::physical::{Names, iden};

/// SQLite: a contentless FTS5 table. PostgreSQL: a table of `tsvector`s with a GIN index. Words are folded by this code
/// instead of the engine, so both engines find the same.
#[derive(Debug)]
pub(super) struct Fulltext {
    dialect: Dialect,
    side: String,
    put: PreparedSql,
    take: PreparedSql,
}

impl Fulltext {
    pub(super) fn of(dialect: Dialect, names: &Names, index: &Index) -> Self {
        let side = names.other(&format!("words{}", index.seq));
        let (row, value) = match dialect {
            Dialect::Sqlite => ("rowid", Expr::value("")),
            Dialect::Postgres => ("seq", Expr::value("").cast_as("text").cast_as("tsvector")),
        };
        let mut put = Query::insert();
        put.into_table(iden(&side))
            .columns([row, "words"].map(iden))
            .values_panic([0.into(), value]);
        match dialect {
            Dialect::Sqlite => put.replace(),
            Dialect::Postgres => {
                put.on_conflict(OnConflict::column(iden("seq")).update_column(iden("words")).to_owned())
            }
        };
        Self {
            dialect,
            put: PreparedSql::of(dialect, &put),
            take: side::delete(dialect, &side, row),
            side,
        }
    }

    pub(super) fn create(&self, tx: &mut Tx<'_>) -> Result<()> {
        let side = side::quoted(&self.side);
        let sql = match self.dialect {
            Dialect::Sqlite => format!(
                "CREATE VIRTUAL TABLE {side} USING fts5(words, content='', contentless_delete=1, tokenize=\"{}\")",
                text_search::TOKENIZER
            ),
            Dialect::Postgres => format!(
                "CREATE TABLE {side} (seq bigint PRIMARY KEY, words tsvector NOT NULL); CREATE INDEX {} ON {side} USING gin (words)",
                side::quoted(&format!("{}by_word_", self.side))
            ),
        };
        Ok(tx.batch(&sql)?)
    }

    pub(super) fn drop(&self, tx: &mut Tx<'_>) -> Result<()> {
        Ok(tx.batch(&format!("DROP TABLE IF EXISTS {}", side::quoted(&self.side)))?)
    }

    /// Writes a row's words. `texts` are the values of the index's columns; they are joined, as a search does not
    /// distinguish the columns.
    pub(super) fn put(&self, tx: &mut Tx<'_>, seq: i64, texts: &[&Value]) -> Result<()> {
        let texts = texts.iter().filter_map(|text| match text {
            Value::String(Some(text)) => Some(text.as_str()),
            _ => None,
        });
        let text = texts.collect::<Vec<_>>().join("\n");
        let words = match self.dialect {
            Dialect::Sqlite => text_search::fold(&text),
            Dialect::Postgres => text_search::tsvector(&text),
        };
        if words.is_empty() {
            return self.take(tx, seq);
        }
        tx.prepared_execute(&self.put, &[seq.into(), words.to_value()])?;
        Ok(())
    }

    pub(super) fn take(&self, tx: &mut Tx<'_>, seq: i64) -> Result<()> {
        tx.prepared_execute(&self.take, &[seq.into()])?;
        Ok(())
    }

    /// Query for the numbers of the matching rows; none if the search has no words and matches nothing.
    pub(super) fn find(&self, search: &Search) -> Option<SelectStatement> {
        let mut found = Query::select();
        found.from(iden(&self.side));
        match self.dialect {
            Dialect::Sqlite => {
                // In FTS5 the table's name refers to all of its columns.
                let words = Expr::col(iden(&self.side));
                let query = Expr::value(search.fts5()?);
                found
                    .column(iden("rowid"))
                    .and_where(words.binary(BinOper::Custom("MATCH"), query));
            }
            Dialect::Postgres => {
                let query = Expr::value(search.tsquery()?).cast_as("text").cast_as("tsquery");
                let words = Expr::col(iden("words"));
                found
                    .column(iden("seq"))
                    .and_where(words.binary(PgBinOper::Matches, query));
            }
        }
        Some(found.take())
    }
}
