//! Rows, listed.

use db::Tx;
use db::list::{MAX_TOTAL, broken};
use kernel::query::Queries;

use super::ranked;
use super::snippet::Snippet;
use crate::Result;
use crate::query::{Reading, Rows};

/// Bytes of rows that one reply has at most. There is no other bound on a page: a client that asks for more is told so, and
/// not given less in silence.
pub const MAX_PAGE: usize = 32 << 20;

/// Lists the rows that queries ask for, as JSON: `{"total":…,"rows":[…]}`.
///
/// `snippet` names a column that is searched: each row has `$snippet` then, the place in its text where the search found
/// something. A search without an order brings the best rows first.
///
/// Fails with [`crate::Error::Unauthorized`] if the caller may see no row of the table, and with [`crate::Error::Query`] if
/// the queries do not fit it, or the page would be too large.
pub fn list(tx: &mut Tx<'_>, reading: Reading<'_>, queries: &Queries, snippet: Option<&str>) -> Result<Vec<u8>> {
    let snippet = snippet
        .map(|column| Snippet::of(reading.table, queries, column))
        .transpose()?;
    let mut rows = Rows::of(tx, reading, queries)?;
    rows.beside = snippet.as_ref().map(|snippet| snippet.place);
    let page = match ranked::page(tx, reading, &rows, queries, snippet.as_ref())? {
        Some(page) => page,
        None => page(tx, &rows, snippet.as_ref())?,
    };
    let total = match (queries.total, rows.plan.known_total(page.count())) {
        (false, _) => 0,
        (true, Some(total)) => total,
        (true, None) => rows.count(tx, MAX_TOTAL)?,
    };
    Ok(page.finish(total, reading.words.word("rows"), rows.plan.backwards))
}

/// What happens while rows are read.
pub(super) type Outcome<T> = std::result::Result<T, db::Error>;

/// Rows of a page, written.
#[derive(Debug, Default)]
pub(super) struct Written {
    json: Vec<u8>,
    /// Where each row ends.
    ends: Vec<usize>,
}

fn page(tx: &mut Tx<'_>, rows: &Rows<'_>, snippet: Option<&Snippet>) -> Result<Written> {
    let mut written = Written::default();
    let (writer, beside) = (rows.writer(), rows.beside_at());
    rows.each(tx, |row| {
        written.row(|json| {
            writer.write(row, json)?;
            snippet.map_or(Ok(()), |snippet| snippet.write(row, beside, json))
        })
    })?;
    Ok(written)
}

impl Written {
    /// Adds a row.
    pub(super) fn row(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Outcome<()>) -> Outcome<()> {
        if self.json.is_empty() {
            self.json.reserve(8192);
        }
        write(&mut self.json)?;
        if self.json.len() > MAX_PAGE {
            let most = MAX_PAGE >> 20;
            return Err(broken(format!(
                "The page is larger than {most} MiB: ask for fewer rows at once, or select fewer attributes"
            )));
        }
        self.ends.push(self.json.len());
        Ok(())
    }

    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }

    /// The rows, one after the other.
    pub(super) fn each(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        (0..self.ends.len()).map(|index| {
            let begin = index.checked_sub(1).map_or(0, |before| self.ends[before]);
            &self.json[begin..self.ends[index]]
        })
    }

    /// The whole reply.
    pub(super) fn finish(&self, total: i64, key: &str, backwards: bool) -> Vec<u8> {
        let mut reply = Vec::with_capacity(self.json.len() + self.ends.len() + 64);
        reply.extend_from_slice(format!("{{\"total\":{total},\"{key}\":[").as_bytes());
        let begin = reply.len();
        let mut push = |row: &[u8]| {
            if reply.len() > begin {
                reply.push(b',');
            }
            reply.extend_from_slice(row);
        };
        match backwards {
            true => self.each().rev().for_each(&mut push),
            false => self.each().for_each(&mut push),
        }
        reply.extend_from_slice(b"]}");
        reply
    }
}
