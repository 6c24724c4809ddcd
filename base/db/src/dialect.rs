//! The two SQL dialects, and rendering of statements in each.

use sea_query::{PostgresQueryBuilder, QueryStatementBuilder, SchemaStatementBuilder, SqliteQueryBuilder, Values};

/// SQL dialect of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL, or a server that speaks its protocol.
    Postgres,
}

impl Dialect {
    /// SQL text of a query and the values of its placeholders.
    pub fn render(self, statement: &impl QueryStatementBuilder) -> (String, Values) {
        match self {
            Self::Sqlite => statement.build_any(&SqliteQueryBuilder),
            Self::Postgres => statement.build_any(&PostgresQueryBuilder),
        }
    }

    /// SQL text of a schema statement.
    pub fn render_schema(self, statement: &impl SchemaStatementBuilder) -> String {
        match self {
            Self::Sqlite => statement.build(SqliteQueryBuilder),
            Self::Postgres => by_code_point(&statement.build(PostgresQueryBuilder)),
        }
    }
}

/// Adds the collation "C" to text columns: they then sort and compare by code point as in SQLite, regardless of the
/// server's default collation, and cursors behave the same on both engines. sea-query has no option for it that SQLite
/// accepts, so it is inserted after the type name, wherever that occurs outside of quotes.
fn by_code_point(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 64);
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => quoted(rest, first, out.ends_with('E')),
            _ if is_of_word(first) => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        out.push_str(token);
        rest = after;
        if matches!(token, "text" | "varchar") {
            if let Some((size, after)) = rest.split_once(')').filter(|_| rest.starts_with('(')) {
                out.push_str(size);
                out.push(')');
                rest = after;
            }
            out.push_str(" COLLATE \"C\"");
        }
    }
    out
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a quoted name or text, including its quotes. A doubled quote starts a new token, which gives the same
/// result.
fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = escapes && *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + quote.len_utf8())
}

#[cfg(test)]
mod tests {
    use sea_query::{Alias, ColumnDef, Table};

    use super::*;

    #[test]
    fn text_is_compared_by_code_point_on_postgres_alone() {
        let column = |name| ColumnDef::new(Alias::new(name));
        let table = Table::create()
            .table(Alias::new("text"))
            .col(column("text").text().not_null().default("a text 'text' \\' text"))
            .col(column("code").string_len(8).null())
            .col(column("name").string())
            .col(column("n").big_integer().not_null())
            .take();
        assert_eq!(
            Dialect::Postgres.render_schema(&table),
            r#"CREATE TABLE "text" ( "text" text COLLATE "C" NOT NULL DEFAULT E'a text \'text\' \\\' text', "#
                .to_owned()
                + r#""code" varchar(8) COLLATE "C" NULL, "name" varchar COLLATE "C", "n" bigint NOT NULL )"#
        );
        assert!(!Dialect::Sqlite.render_schema(&table).contains("COLLATE"));
    }
}
