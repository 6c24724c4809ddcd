//! Rows, listed.

use db::list::{MAX_TOTAL, broken};
use db::{Room, Row, Tx};
use kernel::query::Queries;

use super::ranked;
use super::snippet::Snippet;
use crate::query::{Reading, Rows, WriterRef};
use crate::relations::Loaded;
use crate::{Access, Result};

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
    let (page, rows) = page(tx, reading, queries, snippet)?;
    let total = match known_total(&page, &rows, queries) {
        Some(total) => total,
        None => rows.count(tx, MAX_TOTAL)?,
    };
    Ok(page.finish(total, reading.vocabulary.word("rows"), rows.plan.backwards))
}

/// As [`list`], for a list that [`is_quick`](super::is_quick), where others wait for the thread; nothing if it has too many
/// rows to count there, and is to be listed elsewhere. Such a list is not called quick again.
pub fn list_quickly(tx: &mut Tx<'_>, reading: Reading<'_>, queries: &Queries) -> Result<Option<Vec<u8>>> {
    let (page, rows) = page(tx, reading, queries, None)?;
    let total = match known_total(&page, &rows, queries) {
        Some(total) => total,
        None => rows.count(tx, MOST_QUICK + 1)?,
    };
    if total > MOST_QUICK {
        reading.table.cache.note_many(queries);
        return Ok(None);
    }
    Ok(Some(page.finish(
        total,
        reading.vocabulary.word("rows"),
        rows.plan.backwards,
    )))
}

/// Rows that are counted at most where others wait: some tens of microseconds.
const MOST_QUICK: i64 = 500;

fn page<'r>(
    tx: &mut Tx<'_>,
    reading: Reading<'r>,
    queries: &Queries,
    snippet: Option<&str>,
) -> Result<(PageBytes, Rows<'r>)> {
    let snippet = snippet
        .map(|column| Snippet::of(reading.table, queries, column))
        .transpose()?;
    let mut rows = Rows::of(tx, reading, queries)?;
    rows.beside = snippet.as_ref().map(|snippet| snippet.position);
    let page = match ranked::page(tx, reading, &rows, queries, snippet.as_ref())? {
        Some(page) => page,
        None => {
            let mut sheet = PageBuilder::new(tx, &rows, snippet.as_ref());
            rows.each(tx, |row| sheet.add(row))?;
            sheet.finish(tx, reading.access)?
        }
    };
    // As in Appwrite, a list of nothing is a read too.
    let read = i64::try_from(page.count()).unwrap_or(i64::MAX).max(1);
    reading.table.counts.read(read);
    Ok((page, rows))
}

/// The total, where nothing need be counted for it.
fn known_total(page: &PageBytes, rows: &Rows<'_>, queries: &Queries) -> Option<i64> {
    if !queries.total {
        Some(0)
    } else {
        rows.plan.known_total(page.count())
    }
}

/// Result of reading rows.
pub(super) type DbResult<T> = std::result::Result<T, db::Error>;

/// Bytes that are left free before the rows of a page, for what stands before them in the reply.
const HEAD: usize = 64;

/// The rows of a page as JSON, with commas between them: the reply as it will be, so that a page is held once.
#[derive(Debug)]
pub(super) struct PageBytes {
    json: Vec<u8>,
    /// End offset of each row.
    ends: Vec<usize>,
    room: Room,
}

/// Takes the rows of a page as they are read, and adds what they are related to once all are there.
pub(super) struct PageBuilder<'r> {
    rows: &'r Rows<'r>,
    writer: WriterRef<'r>,
    snippet: Option<&'r Snippet>,
    written: PageBytes,
    /// Rows that related ones are to be added to.
    loaded: Vec<Loaded>,
}

impl<'r> PageBuilder<'r> {
    pub(super) fn new(tx: &Tx<'_>, rows: &'r Rows<'r>, snippet: Option<&'r Snippet>) -> Self {
        Self {
            rows,
            writer: rows.writer(),
            snippet,
            written: PageBytes::new(tx.room()),
            loaded: Vec::new(),
        }
    }

    /// Number of rows.
    pub(super) fn count(&self) -> usize {
        self.written.count()
    }

    /// Adds a row.
    pub(super) fn add(&mut self, row: &Row<'_>) -> DbResult<()> {
        let Self { writer, snippet, .. } = self;
        let beside = self.rows.beside_at();
        self.written.row(|json| {
            writer.write(row, json)?;
            snippet.map_or(Ok(()), |snippet| snippet.write(row, beside, json))
        })?;
        if !self.rows.paths.is_empty() {
            let json = self.written.last().to_vec();
            self.loaded.push(self.rows.paths.take(row, self.rows.paths_at(), json)?);
        }
        Ok(())
    }

    /// The rows, whole.
    pub(super) fn finish(self, tx: &mut Tx<'_>, access: &Access) -> Result<PageBytes> {
        if self.loaded.is_empty() {
            return Ok(self.written);
        }
        let mut whole = PageBytes::new(tx.room());
        for row in self.rows.paths.complete(tx, access, self.loaded)? {
            whole.row(|json| {
                json.extend_from_slice(&row);
                Ok(())
            })?;
        }
        Ok(whole)
    }
}

impl PageBytes {
    pub(super) fn new(room: Room) -> Self {
        Self {
            json: Vec::new(),
            ends: Vec::new(),
            room,
        }
    }

    /// Adds a row.
    pub(super) fn row(&mut self, write: impl FnOnce(&mut Vec<u8>) -> DbResult<()>) -> DbResult<()> {
        if self.json.is_empty() {
            self.json.reserve(8192);
            self.json.resize(HEAD, b' ');
        } else {
            self.json.push(b',');
        }
        write(&mut self.json)?;
        self.room.take(self.json.capacity())?;
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

    /// The row that was added last.
    fn last(&self) -> &[u8] {
        self.each().next_back().unwrap_or_default()
    }

    /// The rows, one after the other.
    pub(super) fn each(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        (0..self.ends.len()).map(|index| {
            // Behind the comma that follows the row before.
            let begin = index.checked_sub(1).map_or(HEAD, |before| self.ends[before] + 1);
            &self.json[begin..self.ends[index]]
        })
    }

    /// The whole reply.
    pub(super) fn finish(mut self, total: i64, key: &str, backwards: bool) -> Vec<u8> {
        let head = format!("{{\"total\":{total},\"{key}\":[");
        if backwards || self.json.is_empty() {
            let mut reply = Vec::with_capacity(self.json.len() + HEAD);
            reply.extend_from_slice(head.as_bytes());
            for (index, row) in self.each().rev().enumerate() {
                if index > 0 {
                    reply.push(b',');
                }
                reply.extend_from_slice(row);
            }
            reply.extend_from_slice(b"]}");
            return reply;
        }
        // A total of twenty digits and the longest key fit.
        let begin = HEAD.saturating_sub(head.len());
        self.json[begin..HEAD].copy_from_slice(&head.as_bytes()[..HEAD - begin]);
        self.json.drain(..begin);
        self.json.extend_from_slice(b"]}");
        self.json
    }
}
