//! Filters turned into conditions of SQL.

use kernel::Timestamp;
use kernel::query::{Error, Filter, Test};
use sea_query::{BinOper, Condition, Expr, ExprTrait, LikeExpr};
use serde_json::Value as Json;

use super::{Attribute, Queryable, Sort};
use crate::{Dialect, ToValue, Value};

/// How a text lies in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// At its start.
    Start,
    /// At its end.
    End,
    /// Anywhere.
    Anywhere,
}

/// The condition that a filter makes.
///
/// Fails if an attribute may not be queried, or a value or test does not fit it.
pub fn condition(dialect: Dialect, queryable: &Queryable, filter: &Filter) -> Result<Condition, Error> {
    let each = |inner: &[Filter], start: Condition| {
        inner
            .iter()
            .try_fold(start, |all, filter| Ok(all.add(condition(dialect, queryable, filter)?)))
    };
    match filter {
        Filter::And(inner) => each(inner, Condition::all()),
        Filter::Or(inner) => each(inner, Condition::any()),
        Filter::Test {
            query,
            attribute,
            test,
            values,
        } => {
            let attribute = queryable.find(*query, attribute)?;
            test_of(dialect, *query, attribute, *test, values).map(|expr| Condition::all().add(expr))
        }
    }
}

fn test_of(dialect: Dialect, query: usize, on: &Attribute, test: Test, values: &[Json]) -> Result<Expr, Error> {
    if on.sort == Sort::Texts {
        return holds(dialect, query, on, test, values);
    }
    let column = Expr::col(on.column.clone());
    let value = |index: usize| bind(query, on, &values[index]);
    let text = |index: usize| match (&on.sort, &values[index]) {
        (Sort::Text, Json::String(text)) => Ok(text.as_str()),
        (Sort::Text, _) => Err(unfit(query, on)),
        _ => Err(Error::at(
            query,
            format!(
                "Cannot query {} on attribute \"{}\" because it is not a string",
                test.name(),
                on.name
            ),
        )),
    };
    let place = |place: Match| Ok(matches(dialect, column.clone(), place, text(0)?));
    Ok(match test {
        Test::Equal => {
            let all: Vec<Value> = values
                .iter()
                .map(|value| bind(query, on, value))
                .collect::<Result<_, _>>()?;
            match <[Value; 1]>::try_from(all) {
                Ok([only]) => column.eq(only),
                Err(all) => column.is_in(all),
            }
        }
        Test::NotEqual => column.ne(value(0)?),
        Test::LessThan => column.lt(value(0)?),
        Test::LessThanEqual => column.lte(value(0)?),
        Test::GreaterThan => column.gt(value(0)?),
        Test::GreaterThanEqual => column.gte(value(0)?),
        Test::Between => column.between(value(0)?, value(1)?),
        Test::NotBetween => column.not_between(value(0)?, value(1)?),
        Test::IsNull => column.is_null(),
        Test::IsNotNull => column.is_not_null(),
        Test::StartsWith => place(Match::Start)?,
        Test::NotStartsWith => place(Match::Start)?.not(),
        Test::EndsWith => place(Match::End)?,
        Test::NotEndsWith => place(Match::End)?.not(),
        Test::Contains | Test::NotContains => {
            let mut any = Expr::value(false);
            for index in 0..values.len() {
                let one = matches(dialect, column.clone(), Match::Anywhere, text(index)?);
                any = if index == 0 { one } else { any.or(one) };
            }
            if test == Test::Contains { any } else { any.not() }
        }
        Test::Search | Test::NotSearch => {
            let name = &on.name;
            return Err(Error::at(
                query,
                format!("Searching by attribute \"{name}\" requires a fulltext index."),
            ));
        }
        _ => {
            let rule = format!(
                "Query method {} is not supported by attribute \"{}\"",
                test.name(),
                on.name
            );
            return Err(Error::at(query, rule));
        }
    })
}

/// The condition that a list of texts holds any of some texts. An element is found by its JSON, quotes and all.
fn holds(dialect: Dialect, query: usize, on: &Attribute, test: Test, values: &[Json]) -> Result<Expr, Error> {
    if !matches!(test, Test::Contains | Test::NotContains) {
        let name = &on.name;
        let rule = format!("Query method {} is not supported by attribute \"{name}\"", test.name());
        return Err(Error::at(query, rule));
    }
    let list = || Expr::col(on.column.clone()).cast_as("text");
    let mut any = Expr::value(false);
    for value in values {
        let text = value.as_str().ok_or_else(|| unfit(query, on))?;
        let element = Expr::value(Json::from(text).to_string());
        any = any.or(match dialect {
            Dialect::Sqlite => Expr::cust_with_exprs("instr(?, ?) > 0", [list(), element]),
            Dialect::Postgres => Expr::cust_with_exprs("strpos($1, $2) > 0", [list(), element]),
        });
    }
    Ok(if test == Test::Contains { any } else { any.not() })
}

fn unfit(query: usize, on: &Attribute) -> Error {
    Error::at(query, format!("Query value is invalid for attribute \"{}\"", on.name))
}

/// The value of a query as its column keeps it.
fn bind(query: usize, on: &Attribute, value: &Json) -> Result<Value, Error> {
    match (on.sort, value) {
        (Sort::Text, Json::String(text)) => Some(text.to_value()),
        (Sort::Integer, Json::Number(number)) => number.as_i64().map(|number| number.to_value()),
        (Sort::Real, Json::Number(number)) => number.as_f64().map(|number| number.to_value()),
        (Sort::Boolean, Json::Bool(boolean)) => Some(boolean.to_value()),
        (Sort::Datetime, Json::String(text)) => Timestamp::parse(text).map(|instant| instant.to_value()),
        _ => None,
    }
    .ok_or_else(|| unfit(query, on))
}

/// The condition that a column of JSON lists of texts holds any text of `list`, itself a JSON list of texts.
pub fn holds_any(dialect: Dialect, column: impl Into<Expr>, list: &str) -> Expr {
    let list = Expr::value(list);
    match dialect {
        Dialect::Sqlite => Expr::cust_with_exprs("holds_any(?, ?)", [column.into(), list]),
        // The list becomes an array once a statement; `jsonb_exists_any` is the operator `?|` by its name.
        Dialect::Postgres => Expr::cust_with_exprs(
            "jsonb_exists_any($1, ARRAY(SELECT jsonb_array_elements_text(CAST($2 AS jsonb))))",
            [column.into(), list],
        ),
    }
}

/// The condition that `text` lies in `column` at a place, no matter the case of ASCII letters.
pub fn matches(dialect: Dialect, column: impl Into<Expr>, place: Match, text: &str) -> Expr {
    let mut pattern = String::with_capacity(text.len() + 2);
    if place != Match::Start {
        pattern.push('%');
    }
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter.to_ascii_lowercase());
    }
    if place != Match::End {
        pattern.push('%');
    }
    let column = match dialect {
        // LIKE of SQLite takes no notice of the case of ASCII letters, and of no others.
        Dialect::Sqlite => column.into(),
        // In the collation "C" exactly the ASCII letters have a case, whatever the database's own is.
        Dialect::Postgres => Expr::cust_with_expr("lower($1 COLLATE \"C\")", column),
    };
    column.binary(BinOper::Like, LikeExpr::new(pattern).escape('\\'))
}
