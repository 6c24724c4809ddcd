//! Bytes on disk.

use std::collections::HashMap;

use db::{Dialect, Tx};

use crate::Result;

/// Size in bytes of each database's tables and their SQL objects, by the database's number. On SQLite this reads every
/// page of the file, so it is used on request and once a day only.
pub fn stored(tx: &mut Tx<'_>) -> Result<HashMap<i64, i64>> {
    let sizes: Vec<(String, i64)> = match tx.dialect() {
        Dialect::Sqlite => tx.sql_all(
            "SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE AND name GLOB 't[0-9]*_*'",
            &[],
        )?,
        Dialect::Postgres => tx.sql_all(
            "SELECT relname::text, COALESCE(pg_total_relation_size(oid), 0) FROM pg_catalog.pg_class \
             WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname ~ '^t[0-9]+_'",
            &[],
        )?,
    };
    let tables: Vec<(i64, i64)> = tx.sql_all(
        "SELECT tables.seq, databases.seq FROM tables JOIN databases ON databases.id = tables.database_id",
        &[],
    )?;
    let database_of: HashMap<i64, i64> = tables.into_iter().collect();
    let mut bytes: HashMap<i64, i64> = database_of.values().map(|database| (*database, 0)).collect();
    for (name, size) in sizes {
        if let Some(database) = table_of(&name).and_then(|table| database_of.get(&table)) {
            *bytes.entry(*database).or_default() += size;
        }
    }
    Ok(bytes)
}

/// The number of the table in the name of an SQL object: 12 of `t12_posts`.
fn table_of(name: &str) -> Option<i64> {
    let (number, _) = name.strip_prefix('t')?.split_once('_')?;
    number.parse().ok()
}
