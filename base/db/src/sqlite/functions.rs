//! SQL functions added to the server's SQLite connections. No stored object (index, view, trigger) uses them, so that
//! any tool can open a file.

use std::collections::HashSet;

use kernel::json_list;
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

use crate::Error;

/// Registers the functions on a connection.
pub(crate) fn add(connection: &Connection) -> Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection
        .create_scalar_function("holds_any", 2, flags, holds_any)
        .and_then(|()| connection.create_scalar_function("matches_pattern", 2, flags, matches_pattern))
        .map_err(|error| Error::engine("tune a connection", error))
}

/// `matches_pattern(text, pattern)`: whether a regular expression occurs in a text. The pattern is compiled once per
/// statement; the search takes linear time. Null if the text is null.
fn matches_pattern(context: &Context<'_>) -> rusqlite::Result<Option<bool>> {
    let pattern = context.get_or_create_aux(1, |value| -> Result<regex::Regex, Failure> {
        Ok(crate::list::regular::compiled(value.as_str()?)?)
    })?;
    let text = context.get_raw(0).as_str_or_null()?;
    Ok(text.map(|text| pattern.is_match(text)))
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Values searched for in a list.
struct SearchedValues {
    /// JSON texts of the values: strings, integers and booleans have one notation.
    written: HashSet<Box<str>>,
    /// Numbers with several notations: `1`, `1.0`, `1e0`.
    numbers: Vec<f64>,
}

impl SearchedValues {
    fn read(list: &str) -> Self {
        let is_real = |written: &&str| {
            written.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
                && written.contains(['.', 'e', 'E'])
        };
        let numbers = json_list::elements(list)
            .filter(is_real)
            .filter_map(|written| written.parse().ok());
        Self {
            written: json_list::elements(list).map(Box::from).collect(),
            numbers: numbers.collect(),
        }
    }

    fn has(&self, written: &str) -> bool {
        if self.written.contains(written) {
            return true;
        }
        let number = || written.parse::<f64>().ok();
        !self.numbers.is_empty() && number().is_some_and(|number| self.numbers.contains(&number))
    }
}

/// `holds_any(list, wanted)`: whether a JSON array of strings, numbers or booleans contains any element of another. The
/// second is parsed once per statement, and the first is scanned without building a value. Null if the list is null.
fn holds_any(context: &Context<'_>) -> rusqlite::Result<Option<bool>> {
    let wanted = context.get_or_create_aux(1, |value| -> Result<SearchedValues, Failure> {
        Ok(SearchedValues::read(value.as_str()?))
    })?;
    let list = context.get_raw(0).as_str_or_null()?;
    Ok(list.map(|list| json_list::elements(list).any(|element| wanted.has(element))))
}
