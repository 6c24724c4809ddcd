//! The relationships that a request selects, and rows on their way to be completed along them.

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
    /// Their ids.
    Ids,
    /// Themselves.
    Rows(Box<Rows>),
}

/// How related rows are fetched and serialized.
#[derive(Debug)]
pub(in crate::relations) struct Rows {
    pub(in crate::relations) writer: Writer,
    /// The columns that the writer reads, behind our own.
    pub(in crate::relations) columns: Vec<String>,
    pub(in crate::relations) paths: Paths,
}

/// A row that has been read, to which related ones are to be added.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(in crate::relations) id: String,
    /// The ids that it holds, one for each path that begins in it.
    pub(in crate::relations) points_to: Vec<Option<String>>,
    /// Its JSON, without the closing brace.
    pub(in crate::relations) json: Vec<u8>,
}

impl Paths {
    /// Whether there is nothing to load.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The columns that rows must be read with, behind all others.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|path| match &path.link {
            Link::Here { column } => Some(column.as_str()),
            _ => None,
        })
    }

    /// Adds a row that is already loaded, whose columns of ids are among its values.
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

    /// Takes a row that was read with those columns, which begin at `first`. `json` is all of it.
    pub(crate) fn take(
        &self,
        row: &Row<'_>,
        first: usize,
        mut json: Vec<u8>,
    ) -> std::result::Result<Loaded, db::Error> {
        // More is to come before its closing brace.
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
