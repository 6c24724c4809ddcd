//! Dropping of a table and of all its SQL objects, step by step.

use db::{Dialect, Tx};

use crate::Result;

/// Rows deleted per act. A table is emptied before it is dropped, so that the writer is not blocked for long.
const STEP: u32 = 5000;

/// Drops a part of the SQL objects of the table with this number; returns whether nothing is left.
pub(crate) fn drop_some(tx: &mut Tx<'_>, table: i64) -> Result<bool> {
    match tx.dialect() {
        Dialect::Sqlite => drop_some_of_file(tx, table),
        Dialect::Postgres => drop_all_of_schema(tx, table),
    }
}

/// SQLite: dropping a table visits all of its pages, so tables are emptied in steps.
fn drop_some_of_file(tx: &mut Tx<'_>, table: i64) -> Result<bool> {
    let like = format!("t{table}_*");
    // Virtual tables first, because they drop their own shadow tables; then indexes, so that deleting rows is faster.
    let next: Option<(String, String, String)> = tx.sql_optional(
        "SELECT type, name, sql FROM sqlite_master WHERE name GLOB ? AND type IN ('table', 'index') AND sql IS NOT NULL \
         ORDER BY sql NOT LIKE 'CREATE VIRTUAL%', type, name LIMIT 1",
        &[like.into()],
    )?;
    let Some((kind, name, sql)) = next else {
        return Ok(true);
    };
    let is_virtual = sql.starts_with("CREATE VIRTUAL");
    if kind == "table" && !is_virtual && delete_some(tx, &name, &sql)? {
        return Ok(false);
    }
    tx.batch(&format!(
        "DROP {} \"{name}\"",
        if kind == "index" { "INDEX" } else { "TABLE" }
    ))?;
    Ok(false)
}

/// Deletes some rows; returns whether there were any.
fn delete_some(tx: &mut Tx<'_>, name: &str, sql: &str) -> Result<bool> {
    let key = if sql.contains("WITHOUT ROWID") {
        let key: Vec<(String,)> = tx.sql_all(
            "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk",
            &[name.into()],
        )?;
        let quoted: Vec<String> = key.into_iter().map(|(column,)| format!("\"{column}\"")).collect();
        quoted.join(", ")
    } else {
        "rowid".to_owned()
    };
    tx.batch(&format!(
        "DELETE FROM \"{name}\" WHERE ({key}) IN (SELECT {key} FROM \"{name}\" LIMIT {STEP})"
    ))?;
    let (deleted,): (i64,) = tx.sql_one("SELECT changes()", &[])?;
    Ok(deleted > 0)
}

/// PostgreSQL: dropping a table only unlinks its files.
fn drop_all_of_schema(tx: &mut Tx<'_>, table: i64) -> Result<bool> {
    let names: Vec<(String,)> = tx.sql_all(
        "SELECT tablename::text FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename LIKE ? ESCAPE '!'",
        &[format!("t{table}!_%").into()],
    )?;
    for (name,) in names {
        tx.batch(&format!("DROP TABLE \"{name}\""))?;
    }
    Ok(true)
}
