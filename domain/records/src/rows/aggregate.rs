//! Aggregation of rows.
//!
//! Functions over all rows that match filters, or over groups of them. Both engines return the same: integers are added
//! without overflow, and floating-point numbers so that no intermediate sum overflows; their last digits can differ, as
//! the engines add in different orders. A result that is not representable is null, and so is the minimum of no values.

mod function;
mod group;

use db::list::{MAX_TOTAL, broken};
use db::sea_query::{Expr, Func, Query, SelectStatement};
use db::{Row, Tx};
use kernel::query::{Error as QueryError, Order, Queries};

use crate::physical::iden;
use crate::query::{Reading, Rows};
use crate::{Error, Result};
use function::Function;
use group::Group;

/// Maximum number of groups in a reply.
const MAX_GROUPS: u64 = 5000;
/// Maximum number of functions in a request.
pub const MAX_FUNCTIONS: usize = 20;
/// Maximum number of attributes to group by.
pub const MAX_GROUPED: usize = 8;

/// Parameters of an aggregation.
#[derive(Debug, Clone, Copy)]
pub struct Aggregate<'a> {
    /// Functions: `count`, or a function and its attribute, such as `sum:price`.
    pub functions: &'a [String],
    /// Attributes to group by; without any, all rows form one group.
    pub group_by: &'a [String],
    /// Filters; orders by attributes of `group_by` or by functions as written; limit and offset, which count groups.
    pub queries: &'a Queries,
}

/// Aggregates the rows that the caller may read. Returns JSON:
/// `{"total":…,"groups":[{"group":{"room":"a"},"values":{"count":3}},…]}`.
///
/// Groups are ordered by their attributes, unless the queries have another order.
///
/// Fails with [`Error::Argument`] if there is no such function or attribute, and with the errors of [`super::list`].
pub fn aggregate(tx: &mut Tx<'_>, reading: Reading<'_>, comparison: Aggregate<'_>) -> Result<Vec<u8>> {
    let Aggregate {
        functions,
        group_by,
        queries,
    } = comparison;
    let functions: Vec<Function> = functions
        .iter()
        .map(|text| Function::parse(reading.table, text))
        .collect::<Result<_>>()?;
    if functions.is_empty() {
        return Err(Error::Argument("Param \"functions\" is not optional.".into()));
    }
    let groups: Vec<Group> = group_by
        .iter()
        .map(|key| Group::of(reading.table, key))
        .collect::<Result<_>>()?;
    if queries.cursor.is_some() || queries.select.is_some() {
        return Err(broken("Groups take no cursor and no select").into());
    }
    if queries.limit.is_some_and(|limit| limit > MAX_GROUPS) {
        return Err(broken(format!("At most {MAX_GROUPS} groups are answered at once")).into());
    }
    let filters = Queries {
        filters: queries.filters.clone(),
        ..Queries::default()
    };
    let rows = Rows::of(tx, reading, &filters)?;
    let mut base = rows.plan.filtered(rows.base());
    base.clear_selects();
    let page = page(tx, base.clone(), &functions, &groups, queries)?;
    let mut json = Vec::with_capacity(1024);
    let mut count = 0;
    tx.each(&page, |row| {
        if count > 0 {
            json.push(b',');
        }
        count += 1;
        write(row, &functions, &groups, &mut json)
    })?;
    let limit = queries.limit.unwrap_or(db::list::DEFAULT_LIMIT);
    let total = match queries.total {
        false => 0,
        true if groups.is_empty() => 1,
        true if queries.offset.unwrap_or(0) == 0 && count < limit => i64::try_from(count).unwrap_or(MAX_TOTAL),
        true => count_groups(tx, base, &groups)?,
    };
    let mut reply = format!("{{\"total\":{total},\"groups\":[").into_bytes();
    reply.append(&mut json);
    reply.extend_from_slice(b"]}");
    Ok(reply)
}

fn page(
    tx: &Tx<'_>,
    mut base: SelectStatement,
    functions: &[Function],
    groups: &[Group],
    queries: &Queries,
) -> Result<SelectStatement> {
    for group in groups {
        base.column(iden(&group.column)).group_by_col(iden(&group.column));
    }
    for (index, function) in functions.iter().enumerate() {
        function.select(index, &mut base);
    }
    for order in &queries.orders {
        let Order::By {
            query,
            attribute,
            descending,
        } = order
        else {
            return Err(broken("Groups have no random order").into());
        };
        if let Some(group) = groups.iter().find(|group| group.key == *attribute) {
            group.sort(tx.dialect(), &mut base, *descending);
        } else if let Some(function) = functions.iter().find(|function| function.text == *attribute) {
            function.sort(tx.dialect(), &mut base, *descending);
        } else {
            let rule = format!(
                "Groups are sorted by what they are grouped by, or by a function as written: not by {attribute}"
            );
            return Err(QueryError::at(*query, rule).into());
        }
    }
    groups
        .iter()
        .for_each(|group| group.sort(tx.dialect(), &mut base, false));
    base.limit(queries.limit.unwrap_or(db::list::DEFAULT_LIMIT));
    if let Some(offset) = queries.offset.filter(|offset| *offset > 0) {
        base.offset(offset);
    }
    Ok(base)
}

fn write(
    row: &Row<'_>,
    functions: &[Function],
    groups: &[Group],
    json: &mut Vec<u8>,
) -> std::result::Result<(), db::Error> {
    json.extend_from_slice(b"{\"group\":{");
    for (index, group) in groups.iter().enumerate() {
        name(&group.key, index, json);
        group.holds.write(row.value(index)?, json);
    }
    json.extend_from_slice(b"},\"values\":{");
    let mut at = groups.len();
    for (index, function) in functions.iter().enumerate() {
        name(&function.text, index, json);
        function.write(row, at, json)?;
        at += function.columns();
    }
    json.extend_from_slice(b"}}");
    Ok(())
}

/// Writes the key of an object's field, with a comma before it unless it is the first.
fn name(key: &str, index: usize, json: &mut Vec<u8>) {
    if index > 0 {
        json.push(b',');
    }
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(&mut *json, key);
    json.push(b':');
}

fn count_groups(tx: &mut Tx<'_>, mut base: SelectStatement, groups: &[Group]) -> Result<i64> {
    for group in groups {
        base.group_by_col(iden(&group.column));
    }
    base.expr_as(Expr::cust("1"), iden("_one"))
        .limit(MAX_TOTAL.unsigned_abs());
    let count = Query::select()
        .expr(Func::count(Expr::col(iden("_one"))))
        .from_subquery(base, iden("_counted"))
        .take();
    Ok(tx.one(&count)?)
}
