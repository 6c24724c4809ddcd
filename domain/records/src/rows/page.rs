//! The page of a list as JSON, held in memory once.

use db::list::broken;
use db::{Room, Row, Tx};
use memory::ReservedBytes;

use super::snippet::{DbResult, Snippet};
use crate::query::{Rows, WriterRef};
use crate::relations::Loaded;
use crate::{Access, Result};

/// Maximum size of the rows in a reply, in bytes. It is the only limit of a page: a larger page is an error, not
/// truncated.
pub const MAX_PAGE: usize = 32 << 20;

/// Size in bytes up to which a page's buffer doubles.
const DOUBLED: usize = 1 << 20;

/// Bytes reserved before the rows of a page, for the beginning of the reply.
const HEAD: usize = 64;

/// The rows of a page as comma-separated JSON. The reply is built in the same buffer, so that a page is held once.
#[derive(Debug)]
pub(super) struct PageBytes {
    json: Vec<u8>,
    /// End offset of each row.
    ends: Vec<usize>,
    /// Maximum number of rows.
    max_rows: usize,
    room: Room,
}

/// Collects the rows of a page as they are read, and adds related rows at the end.
pub(super) struct PageBuilder<'r> {
    rows: &'r Rows<'r>,
    writer: WriterRef<'r>,
    snippet: Option<&'r Snippet>,
    written: PageBytes,
    /// Rows to which related rows are added.
    loaded: Vec<Loaded>,
}

impl<'r> PageBuilder<'r> {
    pub(super) fn new(tx: &Tx<'_>, rows: &'r Rows<'r>, snippet: Option<&'r Snippet>) -> Self {
        Self {
            rows,
            writer: rows.writer(),
            snippet,
            written: PageBytes::new(tx.room(), usize::try_from(rows.plan.limit).unwrap_or(usize::MAX)),
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

    /// The complete rows.
    pub(super) fn finish(self, tx: &mut Tx<'_>, access: &Access) -> Result<PageBytes> {
        if self.loaded.is_empty() {
            return Ok(self.written);
        }
        let mut bytes = PageBytes::new(tx.room(), self.loaded.len());
        for row in self.rows.paths.complete(tx, access, self.loaded)? {
            bytes.row(|json| {
                json.extend_from_slice(&row);
                Ok(())
            })?;
        }
        Ok(bytes)
    }
}

impl PageBytes {
    /// An empty page of at most `max_rows` rows.
    pub(super) fn new(room: Room, max_rows: usize) -> Self {
        Self {
            json: Vec::new(),
            ends: Vec::new(),
            max_rows,
            room,
        }
    }

    /// Adds a row.
    pub(super) fn row(&mut self, write: impl FnOnce(&mut Vec<u8>) -> DbResult<()>) -> DbResult<()> {
        if self.json.is_empty() {
            self.json.reserve(8192);
            self.json.resize(HEAD, b' ');
        } else {
            self.grow()?;
            self.json.push(b',');
        }
        write(&mut self.json)?;
        self.room.take(self.json.len())?;
        if self.json.len() > MAX_PAGE {
            let most = MAX_PAGE >> 20;
            return Err(broken(format!(
                "The page is larger than {most} MiB: ask for fewer rows at once, or select fewer attributes"
            )));
        }
        self.ends.push(self.json.len());
        Ok(())
    }

    /// Makes space for a row twice as large as the last one, and reserves it in the budget first. A large page gets the
    /// capacity for all its rows at once, from their mean size: memory that is not written to costs nothing, while copying
    /// a large page to a larger buffer would hold it twice.
    fn grow(&mut self) -> DbResult<()> {
        let (length, capacity) = (self.json.len(), self.json.capacity());
        let wanted = length + self.last().len() * 2 + 256;
        if wanted <= capacity {
            return Ok(());
        }
        let estimate = if capacity < DOUBLED {
            capacity * 2
        } else {
            // Two bytes more for each row: clients of some SDKs get `$sequence` in quotes.
            let mean = length / self.count().max(1) + 3;
            mean.saturating_mul(self.max_rows)
                .min(MAX_PAGE)
                .max(capacity + capacity / 4)
        };
        self.room.take(wanted)?;
        self.json.reserve_exact(estimate.max(wanted) - length);
        Ok(())
    }

    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }

    /// The last added row.
    pub(super) fn last(&self) -> &[u8] {
        self.each().next_back().unwrap_or_default()
    }

    /// The rows, one after the other.
    pub(super) fn each(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        (0..self.ends.len()).map(|index| {
            // After the comma that follows the previous row.
            let begin = index.checked_sub(1).map_or(HEAD, |before| self.ends[before] + 1);
            &self.json[begin..self.ends[index]]
        })
    }

    /// The complete reply.
    pub(super) fn finish(mut self, total: i64, key: &str, backwards: bool) -> ReservedBytes {
        let head = format!("{{\"total\":{total},\"{key}\":[");
        if self.json.is_empty() {
            self.json.resize(HEAD, b' ');
        }
        if backwards {
            self.reverse();
        }
        // A total of twenty digits and the longest key fit.
        let begin = HEAD.saturating_sub(head.len());
        self.json[begin..HEAD].copy_from_slice(&head.as_bytes()[..HEAD - begin]);
        self.json.drain(..begin);
        self.json.extend_from_slice(b"]}");
        ReservedBytes {
            bytes: self.json,
            reservation: self.room.into_reservation(),
        }
    }

    /// Reverses the order of the rows in place: all bytes first, then those of each row.
    fn reverse(&mut self) {
        let lengths: Vec<usize> = self.each().map(<[u8]>::len).collect();
        self.json[HEAD..].reverse();
        let mut begin = HEAD;
        for length in lengths.into_iter().rev() {
            self.json[begin..begin + length].reverse();
            begin += length + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: &[&str]) -> PageBytes {
        let mut page = PageBytes {
            json: Vec::new(),
            ends: Vec::new(),
            max_rows: rows.len(),
            room: Room::new(memory::Budget::new(1 << 20), "shop".into()),
        };
        for row in rows {
            page.row(|json| {
                json.extend_from_slice(row.as_bytes());
                Ok(())
            })
            .expect("there is room");
        }
        page
    }

    #[test]
    fn rows_are_reversed_whole() {
        let rows = [r#"{"a":1}"#, "{}", r#"{"name":"Zoë"}"#];
        let forwards = page(&rows).finish(3, "rows", false);
        assert_eq!(
            String::from_utf8_lossy(&forwards),
            r#"{"total":3,"rows":[{"a":1},{},{"name":"Zoë"}]}"#
        );
        let backwards = page(&rows).finish(3, "rows", true);
        assert_eq!(
            String::from_utf8_lossy(&backwards),
            r#"{"total":3,"rows":[{"name":"Zoë"},{},{"a":1}]}"#
        );
        for backwards in [false, true] {
            let empty = page(&[]).finish(0, "rows", backwards);
            assert_eq!(String::from_utf8_lossy(&empty), r#"{"total":0,"rows":[]}"#);
        }
    }
}
