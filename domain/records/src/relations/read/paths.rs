//! The selected relationships, and rows to which related rows are added.

use std::sync::Arc;

use db::Row;

use crate::Table;
use crate::relations::Link;
use crate::rows::{Record, Writer};

/// Relationships of one table to load.
#[derive(Debug, Default)]
pub(crate) struct Paths(pub(in crate::relations) Vec<Path>);

/// One relationship to load.
#[derive(Debug)]
pub(in crate::relations) struct Path {
    /// `,"key":`.
    pub(in crate::relations) before: String,
    pub(in crate::relations) link: Link,
    pub(in crate::relations) many: bool,
    pub(in crate::relations) related: Arc<Table>,
    pub(in crate::relations) what: What,
}

/// Fields of related rows to load.
#[derive(Debug)]
pub(in crate::relations) enum What {
    /// Only their IDs.
    Ids,
    /// Complete rows.
    Rows(Box<Rows>),
}

/// How related rows are fetched and serialized.
#[derive(Debug)]
pub(in crate::relations) struct Rows {
    pub(in crate::relations) writer: Writer,
    /// The columns that the writer reads, after the internal ones.
    pub(in crate::relations) columns: Vec<String>,
    pub(in crate::relations) paths: Paths,
}

/// A loaded row, to which related rows are added.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(in crate::relations) id: String,
    /// The IDs stored in the row, one for each path; none for paths without stored IDs.
    pub(in crate::relations) points_to: Vec<Option<String>>,
    /// Its JSON, without the closing brace.
    pub(in crate::relations) json: Vec<u8>,
}

impl Paths {
    /// Whether there is nothing to load.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The columns to be read in addition, after all others.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|path| match &path.link {
            Link::Here { column } => Some(column.as_str()),
            _ => None,
        })
    }

    /// Adds a record whose values include the columns with IDs.
    pub(super) fn take_record(&self, table: &Table, record: &Record, mut json: Vec<u8>) -> Loaded {
        json.pop();
        let points_to = |path: &Path| {
            let Link::Here { column } = &path.link else { return None };
            let position = table.stored().position(|stored| stored.name() == *column)?;
            record.values[position].as_str().map(str::to_owned)
        };
        Loaded {
            id: record.id.to_string(),
            points_to: self.0.iter().map(points_to).collect(),
            json,
        }
    }

    /// Adds a row that was read with the additional columns, which begin at `first`. `json` is its complete JSON.
    pub(crate) fn take(
        &self,
        row: &Row<'_>,
        first: usize,
        mut json: Vec<u8>,
    ) -> std::result::Result<Loaded, db::Error> {
        // Remove the closing brace: related rows are appended.
        json.pop();
        let mut next = first;
        let mut points_to = Vec::with_capacity(self.0.len());
        for path in &self.0 {
            if matches!(path.link, Link::Here { .. }) {
                points_to.push(row.get(next)?);
                next += 1;
            } else {
                points_to.push(None);
            }
        }
        Ok(Loaded {
            id: row.get(1)?,
            points_to,
            json,
        })
    }
}
