//! Functions that our own connections to SQLite have beside its own. Nothing that is stored (index, view, trigger) uses
//! them, so that any tool may open a file.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use std::collections::HashSet;

use crate::Error;

/// Gives a connection its functions.
pub(crate) fn add(connection: &Connection) -> Result<(), Error> {
    connection
        .create_scalar_function(
            "holds_any",
            2,
            FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY,
            holds_any,
        )
        .map_err(|error| Error::engine("tune a connection", error))
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// `holds_any(list, wanted)`: whether a JSON array of texts holds any text of another. The second is read once a
/// statement, however many rows there are, and however many texts it has.
fn holds_any(context: &Context<'_>) -> rusqlite::Result<bool> {
    let failed = |error: serde_json::Error| rusqlite::Error::UserFunctionError(Failure::from(error));
    let wanted = context.get_or_create_aux(1, |value| -> Result<HashSet<String>, Failure> {
        Ok(serde_json::from_str(value.as_str()?)?)
    })?;
    let Ok(list) = context.get_raw(0).as_str() else {
        return Ok(false);
    };
    if list.len() <= 2 {
        return Ok(false);
    }
    let texts: Vec<std::borrow::Cow<'_, str>> = serde_json::from_str(list).map_err(failed)?;
    Ok(texts.iter().any(|text| wanted.contains(text.as_ref())))
}
