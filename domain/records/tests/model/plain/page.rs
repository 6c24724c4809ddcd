//! Pages of lists: visible rows, order, cursor, limit, offset and total.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::filter::Filter;
use super::row::Attribute;
use super::{BAD_QUERY, Refused, Row, Table};
use crate::world::{Case, World};

/// Maximum total.
const MAX_TOTAL: usize = 5000;

/// Reply of a list.
pub(crate) struct Listed {
    pub(crate) total: i64,
    pub(crate) rows: Vec<Json>,
    /// In random order: the number of rows; any rows of the list are right.
    pub(crate) random: Option<usize>,
}

impl Listed {
    pub(crate) fn ids(&self) -> Vec<&str> {
        ids(&self.rows)
    }

    /// Differences between the page and that of an engine.
    pub(crate) fn differs(&self, total: i64, rows: &[Json]) -> Option<String> {
        if total != self.total {
            return Some(format!("counts {total}, the model {}", self.total));
        }
        if let Some(count) = self.random {
            let known = rows.iter().all(|row| self.rows.contains(row));
            return (!known || rows.len() != count)
                .then(|| format!("answers {:?}, {count} of which were due", ids(rows)));
        }
        if self.ids() != ids(rows) {
            return Some(format!("answers {:?}, the model {:?}", ids(rows), self.ids()));
        }
        let pair = rows.iter().zip(&self.rows).find(|(row, expected)| row != expected)?;
        Some(format!("answers {}, the model {}", pair.0, pair.1))
    }
}

fn ids(rows: &[Json]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["$id"].as_str()).collect()
}

#[derive(Default)]
struct ParsedQueries {
    filters: Vec<Filter>,
    orders: Vec<(Attribute, bool)>,
    random: bool,
    limit: Option<usize>,
    offset: Option<usize>,
    /// The ID, and whether the page is before the cursor.
    cursor: Option<(String, bool)>,
    select: Option<Vec<String>>,
}

pub(crate) fn list(table: &Table, case: &Case) -> Result<Listed, Refused> {
    let parsed = ParsedQueries::read(table, &case.queries);
    let world = &table.world;
    let granted = case.caller.granted("read", &world.permissions);
    if !granted && !world.row_security {
        // An engine may check the queries before the access.
        return Err(parsed
            .err()
            .unwrap_or_default()
            .into_iter()
            .chain(["user_unauthorized"])
            .collect());
    }
    let parsed = parsed?;
    let readable = |row: &&Row| granted || case.caller.granted("read", &row.permissions);
    let visible: Vec<&Row> = table.rows.iter().filter(readable).collect();
    let mut found: Vec<&Row> = visible
        .iter()
        .filter(|row| parsed.filters.iter().all(|filter| filter.holds(row)))
        .copied()
        .collect();
    let total = if case.total { found.len().min(MAX_TOTAL) } else { 0 };
    found.sort_by(|one, other| parsed.order(one, other));
    let backwards = matches!(parsed.cursor, Some((_, true)));
    if let Some((id, _)) = &parsed.cursor {
        let cursor_row = parsed.cursor_row(&visible, id)?;
        found.retain(|row| match parsed.order(row, cursor_row) {
            Ordering::Less => backwards,
            Ordering::Equal => false,
            Ordering::Greater => !backwards,
        });
    }
    if backwards {
        found.reverse();
    }
    let (offset, limit) = (parsed.offset.unwrap_or(0), parsed.limit.unwrap_or(25));
    let random = parsed.random.then(|| found.len().saturating_sub(offset).min(limit));
    let mut page: Vec<&Row> = match random {
        Some(_) => found,
        None => found.into_iter().skip(offset).take(limit).collect(),
    };
    if backwards {
        page.reverse();
    }
    let show = |row: &Row| table.show(row, parsed.select.as_deref());
    Ok(Listed {
        total: i64::try_from(total).expect("at most 5000"),
        rows: page.into_iter().map(show).collect(),
        random,
    })
}

impl ParsedQueries {
    fn read(table: &Table, queries: &[Json]) -> Result<Self, Refused> {
        let mut parsed = Self::default();
        let mut order_fits = true;
        if queries.len() > 100 || queries.iter().any(|query| query.to_string().chars().count() > 4096) {
            return Err(vec!["general_argument_invalid", BAD_QUERY]);
        }
        for query in queries {
            let attribute = query["attribute"].as_str().unwrap_or_default();
            let values = query["values"].as_array().map_or(&[][..], Vec::as_slice);
            let number = |min: u64| match values {
                [one] => one
                    .as_u64()
                    .filter(|number| (min..=i64::MAX.unsigned_abs()).contains(number))
                    .ok_or(vec![BAD_QUERY]),
                _ => Err(vec![BAD_QUERY]),
            };
            let number = |min| number(min).map(|number| usize::try_from(number).unwrap_or(usize::MAX));
            match query["method"].as_str().unwrap_or_default() {
                // Of several the first one counts.
                "limit" => parsed.limit = parsed.limit.or(Some(number(1)?)),
                "offset" => parsed.offset = parsed.offset.or(Some(number(0)?)),
                method @ ("cursorAfter" | "cursorBefore") => {
                    let [Json::String(id)] = values else {
                        return Err(vec![BAD_QUERY]);
                    };
                    if !kernel::id::is_valid(id) {
                        return Err(vec![BAD_QUERY]);
                    }
                    parsed.cursor.get_or_insert((id.clone(), method == "cursorBefore"));
                }
                "orderRandom" => parsed.random = true,
                method @ ("orderAsc" | "orderDesc") => match sortable(table, attribute) {
                    Some(on) => parsed.orders.push((on, method == "orderDesc")),
                    None => order_fits = false,
                },
                "select" => select(&table.world, parsed.select.get_or_insert_default(), values)?,
                _ => parsed.filters.push(Filter::read(table, query)?),
            }
        }
        if !order_fits || (parsed.random && parsed.cursor.is_some()) {
            return Err(vec![BAD_QUERY]);
        }
        if parsed.limit.is_some_and(|limit| limit > 5000) {
            return Err(vec![BAD_QUERY]);
        }
        Ok(parsed)
    }

    /// The cursor's row, which must have a value for every sorted attribute.
    fn cursor_row<'a>(&self, visible: &[&'a Row], id: &str) -> Result<&'a Row, Refused> {
        let found = visible.iter().find(|row| row.id == id);
        let row = found.ok_or(vec!["general_cursor_not_found"])?;
        // Orders after a unique key have no effect.
        let mut keys = self.orders.iter().map(|(on, _)| *on).collect::<Vec<_>>();
        if let Some(end) = keys
            .iter()
            .position(|on| matches!(on, Attribute::Id | Attribute::Sequence))
        {
            keys.truncate(end);
        }
        if keys.iter().any(|on| row.get(*on).is_null()) {
            return Err(vec!["database_query_order_null"]);
        }
        Ok(row)
    }

    fn order(&self, one: &Row, other: &Row) -> Ordering {
        let keys = self.orders.iter().map(|(on, descending)| {
            let order = one.get(*on).sorted(&other.get(*on));
            if *descending { order.reverse() } else { order }
        });
        keys.fold(Ordering::Equal, Ordering::then).then(one.seq.cmp(&other.seq))
    }
}

/// Attribute of an order; creation order if none is named.
fn sortable(table: &Table, name: &str) -> Option<Attribute> {
    if name.is_empty() {
        return Some(Attribute::Sequence);
    }
    let on = table.attribute(name)?;
    let sortable = match on {
        Attribute::Column(index) => {
            let spec = &table.world.columns[index].spec;
            !spec.array && !spec.encrypt
        }
        _ => true,
    };
    sortable.then_some(on)
}

fn select(world: &World, selected: &mut Vec<String>, values: &[Json]) -> Result<(), Refused> {
    const OWN: &[&str] = &[
        "*",
        "$id",
        "$sequence",
        "$createdAt",
        "$updatedAt",
        "$permissions",
        "$databaseId",
        "$tableId",
    ];
    for value in values {
        let name = value.as_str().ok_or(vec![BAD_QUERY])?;
        let known = OWN.contains(&name) || world.column(name).is_some();
        if !known || selected.iter().any(|one| one == name) {
            return Err(vec![BAD_QUERY]);
        }
        selected.push(name.to_owned());
    }
    if values.is_empty() {
        Err(vec![BAD_QUERY])
    } else {
        Ok(())
    }
}
