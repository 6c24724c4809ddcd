//! Ranking of search results.
//!
//! The rank is computed in Rust instead of SQL, so that both engines return the same rows in the same order. It is BM25
//! without the rarity of words, which would be too expensive to look up: the occurrences of each searched word, with
//! decreasing weight, and less in a long text. Rows of equal rank are in the order of creation.

use std::collections::HashMap;

use db::sea_query::{Expr, ExprTrait};
use db::{Ref, Row, Tx};
use kernel::query::{Cursor, Error as QueryError, Filter, Order, Queries, Rule, Test};
use text_search::{Search, tokens};

use super::page::{PageBuilder, PageBytes};
use super::snippet::{DbResult, Snippet};
use crate::Result;
use crate::physical::{self, iden};
use crate::query::{Reading, Rows};

/// Maximum number of ranked rows. If a search matches more, its rows are in the order of creation.
pub const MAX_RANKED: usize = 5000;

/// BM25 parameters: saturation of a word's frequency (k1), weight of the text's length (b), and the average length in
/// words.
const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.75;
const TYPICAL_LENGTH: f64 = 100.0;

/// The attribute that sorts by rank.
const RANK: &str = "$rank";

/// The queries without the order by rank; none if they have no such order.
///
/// Fails if the order is ascending, is one of several, or if there is no search.
pub(super) fn unranked(reading: Reading<'_>, queries: &Queries) -> Result<Option<Queries>> {
    let by_rank = |order: &Order| match order {
        Order::By {
            query,
            attribute,
            descending,
        } if attribute == RANK => Some((*query, *descending)),
        _ => None,
    };
    let Some((query, descending)) = queries.orders.iter().find_map(by_rank) else {
        return Ok(None);
    };
    if !descending || queries.orders.len() > 1 || searches(reading, queries).is_empty() {
        let rule = format!("orderDesc(\"{RANK}\") is the only order of a list with a search");
        return Err(QueryError::at(query, rule).into());
    }
    Ok(Some(Queries {
        orders: Vec::new(),
        ..queries.clone()
    }))
}

/// A ranked page; none if the queries match too many rows.
pub(super) fn page(
    tx: &mut Tx<'_>,
    reading: Reading<'_>,
    rows: &Rows<'_>,
    queries: &Queries,
    snippet: Option<&Snippet>,
) -> Result<Option<PageBytes>> {
    let searches = searches(reading, queries);
    let Some(ranked) = rank(tx, rows, &searches)? else {
        return Ok(None);
    };
    let page = cut(tx, rows, queries, &searches, &ranked)?;
    let mut base = rows.base();
    base.and_where(Expr::col(iden(physical::SEQ)).is_in(page.iter().copied()));
    let (mut builder, mut positions) = (PageBuilder::new(tx, rows, snippet), HashMap::new());
    tx.each(&base, |row| {
        positions.insert(row.get::<i64>(0)?, builder.count());
        builder.add(row)
    })?;
    let read = builder.finish(tx, reading.access)?;
    let mut sorted = PageBytes::new(tx.room(), read.count());
    let each: Vec<&[u8]> = read.each().collect();
    let mut order = page.iter().filter_map(|seq| positions.get(seq)).collect::<Vec<_>>();
    if rows.plan.backwards {
        // Pages before a cursor are reversed at the end.
        order.reverse();
    }
    for position in order {
        sorted.row(|json| {
            json.extend_from_slice(each[*position]);
            Ok(())
        })?;
    }
    Ok(Some(sorted))
}

/// Searches that every row must match, by the column's name in SQL.
fn searches(reading: Reading<'_>, queries: &Queries) -> Vec<(String, Search)> {
    let search = |filter: &Filter| match filter {
        Filter::Test {
            attribute,
            test: Test::Search,
            values,
            ..
        } => {
            let column = reading.table.column(attribute)?;
            Some((column.name(), Search::parse(values.first()?.as_str()?)))
        }
        _ => None,
    };
    queries.filters.iter().filter_map(search).collect()
}

/// Rank and number of all matching rows, best first; none if there are too many.
fn rank(tx: &mut Tx<'_>, rows: &Rows<'_>, searches: &[(String, Search)]) -> Result<Option<Vec<(f64, i64)>>> {
    let mut found = rows.plan.filtered(rows.base());
    found.clear_selects().column(iden(physical::SEQ));
    found.columns(searches.iter().map(|(column, _)| iden(column)));
    found.order_by(iden(physical::SEQ), db::sea_query::Order::Asc);
    found.limit(MAX_RANKED as u64 + 1);
    let mut ranked: Vec<(f64, i64)> = Vec::new();
    tx.each(&found, |row| {
        ranked.push((rank_in(searches, row)?, row.get(0)?));
        Ok(())
    })?;
    if ranked.len() > MAX_RANKED {
        return Ok(None);
    }
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    Ok(Some(ranked))
}

/// The numbers of the page's rows.
fn cut(
    tx: &mut Tx<'_>,
    rows: &Rows<'_>,
    queries: &Queries,
    searches: &[(String, Search)],
    ranked: &[(f64, i64)],
) -> Result<Vec<i64>> {
    let limit = usize::try_from(rows.plan.limit).unwrap_or(usize::MAX);
    let offset = usize::try_from(rows.plan.offset).unwrap_or(usize::MAX);
    let Some(cursor) = &queries.cursor else {
        return Ok(ranked.iter().skip(offset).take(limit).map(|(_, seq)| *seq).collect());
    };
    // The cursor's row need not match: the page begins at the position that its rank would have.
    let mut at = rows.base();
    at.clear_selects().column(iden(physical::SEQ));
    at.columns(searches.iter().map(|(column, _)| iden(column)));
    at.and_where(Expr::col(iden(physical::ID)).eq(cursor.id()));
    let mut found = None;
    tx.each(&at, |row| {
        found = Some((rank_in(searches, row)?, row.get::<i64>(0)?));
        Ok(())
    })?;
    let Some((rank, seq)) = found else {
        return Err(QueryError::of_request(Rule::CursorNotFound(cursor.id().to_owned())).into());
    };
    let before = |one: &(f64, i64)| one.0.total_cmp(&rank).reverse().then(one.1.cmp(&seq)).is_lt();
    let begin = ranked.partition_point(before);
    Ok(match cursor {
        Cursor::After(_) => {
            let after = ranked.get(begin).is_some_and(|(_, here)| *here == seq);
            let rest = ranked.iter().skip(begin + usize::from(after));
            rest.skip(offset).take(limit).map(|(_, seq)| *seq).collect()
        }
        Cursor::Before(_) => {
            let end = begin.saturating_sub(offset);
            ranked[end.saturating_sub(limit)..end]
                .iter()
                .map(|(_, seq)| *seq)
                .collect()
        }
    })
}

/// Rank of a row whose columns are its number and then the searched texts.
fn rank_in(searches: &[(String, Search)], row: &Row<'_>) -> DbResult<f64> {
    let mut rank = 0.0;
    for (index, (_, search)) in searches.iter().enumerate() {
        if let Ref::Text(text) = row.value(index + 1)? {
            rank += rank_of(search, text);
        }
    }
    Ok(rank)
}

/// Score of a text for a search.
fn rank_of(search: &Search, text: &str) -> f64 {
    let tokens = tokens(text);
    #[expect(clippy::cast_precision_loss, reason = "no text has so many words")]
    let share = 1.0 - LENGTH + LENGTH * tokens.len() as f64 / TYPICAL_LENGTH;
    let last = search.words.len().saturating_sub(1);
    let words = search.words.iter().enumerate().map(|(index, word)| {
        // The last word matches as a prefix, except in a phrase; a word of several tokens is represented by its first.
        let first = word.split(' ').next().unwrap_or_default();
        let begins = index == last && !search.phrase;
        let times = tokens
            .iter()
            .filter(|token| token.word == first || begins && token.word.starts_with(first));
        #[expect(clippy::cast_precision_loss, reason = "no text has so many words")]
        let times = times.count() as f64;
        times * (SATURATION + 1.0) / (times + SATURATION * share)
    });
    words.sum()
}
