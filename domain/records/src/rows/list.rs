//! Lists of rows.

use db::Tx;
use db::list::MAX_TOTAL;
use kernel::query::Queries;
use memory::ReservedBytes;

pub use super::page::MAX_PAGE;
use super::page::{PageBuilder, PageBytes};
use super::ranked;
use super::snippet::Snippet;
use crate::Result;
use crate::query::{Reading, Rows};

/// Lists the rows of queries, as JSON: `{"total":…,"rows":[…]}`.
///
/// `snippet` names a searched column: each row then has `$snippet`, the part of its text around the match. The
/// order `orderDesc("$rank")` sorts the rows of a search by rank.
///
/// Fails with [`crate::AccessError::Unauthorized`] if the caller can see no row of the table, and with
/// [`crate::Error::Query`] if the queries do not match the table or the page is too large.
pub fn list(tx: &mut Tx<'_>, reading: Reading<'_>, queries: &Queries, snippet: Option<&str>) -> Result<ReservedBytes> {
    let (page, rows) = page(tx, reading, queries, snippet)?;
    let total = match known_total(&page, &rows, queries) {
        Some(total) => total,
        None => rows.count(tx, MAX_TOTAL)?,
    };
    Ok(page.finish(total, reading.vocabulary.word("rows"), rows.plan.backwards))
}

/// As [`list`], for a list that [`is_quick`](super::is_quick), on a thread that others wait for. None if there are too
/// many rows to count; the list must then be run by [`list`], and lists like it are no longer quick.
pub fn list_quickly(tx: &mut Tx<'_>, reading: Reading<'_>, queries: &Queries) -> Result<Option<ReservedBytes>> {
    let (page, rows) = page(tx, reading, queries, None)?;
    let total = match known_total(&page, &rows, queries) {
        Some(total) => total,
        None => rows.count(tx, MAX_QUICK + 1)?,
    };
    if total > MAX_QUICK {
        reading.table.cache.note_many(queries);
        return Ok(None);
    }
    Ok(Some(page.finish(
        total,
        reading.vocabulary.word("rows"),
        rows.plan.backwards,
    )))
}

/// Maximum number of rows counted on a thread that others wait for: some tens of microseconds.
const MAX_QUICK: i64 = 500;

fn page<'r>(
    tx: &mut Tx<'_>,
    reading: Reading<'r>,
    queries: &Queries,
    snippet: Option<&str>,
) -> Result<(PageBytes, Rows<'r>)> {
    let snippet = snippet
        .map(|column| Snippet::of(reading.table, queries, column))
        .transpose()?;
    let unranked = ranked::unranked(reading, queries)?;
    let mut rows = Rows::of(tx, reading, unranked.as_ref().unwrap_or(queries))?;
    rows.beside = snippet.as_ref().map(|snippet| snippet.position);
    let ranked = match &unranked {
        Some(queries) => ranked::page(tx, reading, &rows, queries, snippet.as_ref())?,
        None => None,
    };
    let page = match ranked {
        Some(page) => page,
        None => {
            let mut builder = PageBuilder::new(tx, &rows, snippet.as_ref());
            rows.each(tx, |row| builder.add(row))?;
            builder.finish(tx, reading.access)?
        }
    };
    // As in Appwrite, an empty list counts as one read.
    let read = i64::try_from(page.count()).unwrap_or(i64::MAX).max(1);
    reading.table.counts.read(read);
    Ok((page, rows))
}

/// The total, if it is known without counting.
fn known_total(page: &PageBytes, rows: &Rows<'_>, queries: &Queries) -> Option<i64> {
    if !queries.total {
        Some(0)
    } else {
        rows.plan.known_total(page.count())
    }
}
