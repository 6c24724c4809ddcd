//! Finds the unique index that rejected a row. SQLite reports columns (`UNIQUE constraint failed: users.email`);
//! callers expect the name of the index, as PostgreSQL reports it.

use rusqlite::Connection;

/// The name of the index that a SQLite error message refers to; the message itself if no index matches.
pub(crate) fn index_of(connection: &Connection, message: &str) -> String {
    let what = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or(message);
    // An index on an expression is reported by its name.
    if let Some(name) = what.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
        return name.to_owned();
    }
    let pairs: Vec<(&str, &str)> = what.split(", ").filter_map(|pair| pair.split_once('.')).collect();
    let Some((table, _)) = pairs.first().copied() else {
        return what.to_owned();
    };
    let columns: Vec<&str> = pairs.iter().map(|(_, column)| *column).collect();
    by_columns(connection, table, &columns).unwrap_or_else(|_| what.to_owned())
}

/// Unnamed indexes are named as in PostgreSQL: `<table>_pkey`, `<table>_<column>_key`.
fn by_columns(connection: &Connection, table: &str, columns: &[&str]) -> rusqlite::Result<String> {
    let mut indexes = connection.prepare("SELECT name, origin FROM pragma_index_list(?1) WHERE \"unique\" = 1")?;
    let found: Vec<(String, String)> = indexes
        .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (name, origin) in found {
        let mut members = connection.prepare("SELECT name FROM pragma_index_info(?1) ORDER BY seqno")?;
        let members: Vec<Option<String>> = members
            .query_map([&name], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        if members
            .iter()
            .map(Option::as_deref)
            .eq(columns.iter().copied().map(Some))
        {
            return Ok(match origin.as_str() {
                "c" => name,
                "u" => format!("{table}_{}_key", columns.join("_")),
                _ => format!("{table}_pkey"),
            });
        }
    }
    // A primary key that is the rowid has no separate index.
    Ok(format!("{table}_pkey"))
}
