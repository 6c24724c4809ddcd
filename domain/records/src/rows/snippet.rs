//! Snippets: the part of a text around the match of a search.

use db::{Ref, Row};
use kernel::query::{Filter, Queries, Test};
use text_search::Search;

use crate::{Result, Table};

/// Result of reading rows.
pub(super) type DbResult<T> = std::result::Result<T, db::Error>;

/// Number of characters on either side of the match.
const AROUND: usize = 80;

/// Columns and length of snippets.
#[derive(Debug)]
pub(super) struct Snippet {
    /// Position of the column among the stored ones.
    pub(super) position: usize,
    search: Search,
}

impl Snippet {
    /// The snippet of a column that the queries search.
    ///
    /// Fails if the column is not searched.
    pub(super) fn of(table: &Table, queries: &Queries, column: &str) -> Result<Self> {
        let position = table.stored().position(|stored| stored.key.as_str() == column);
        let search = queries.filters.iter().find_map(|filter| search_of(filter, column));
        match (position, search) {
            (Some(position), Some(search)) => Ok(Self {
                position,
                search: Search::parse(search),
            }),
            _ => Err(crate::Error::Argument(
                "Invalid `snippet` param: Value must be a <column> that the queries search".into(),
            )),
        }
    }

    /// Adds `$snippet` to a row that was just written: HTML, or null if this column has no match.
    pub(super) fn write(&self, row: &Row<'_>, at: usize, json: &mut Vec<u8>) -> DbResult<()> {
        let found = match row.value(at)? {
            Ref::Text(text) => text_search::snippet(text, &self.search, AROUND),
            _ => None,
        };
        json.pop();
        json.extend_from_slice(b",\"$snippet\":");
        let written = serde_json::to_writer(&mut *json, &found);
        // Writing to memory cannot fail.
        debug_assert!(written.is_ok());
        json.push(b'}');
        Ok(())
    }
}

/// Search of a filter on a column.
pub(super) fn search_of<'f>(filter: &'f Filter, column: &str) -> Option<&'f str> {
    match filter {
        Filter::And(inner) | Filter::Or(inner) => inner.iter().find_map(|filter| search_of(filter, column)),
        Filter::Test {
            attribute,
            test: Test::Search,
            values,
            ..
        } if attribute == column => values.first().and_then(|value| value.as_str()),
        Filter::Test { .. } => None,
    }
}
