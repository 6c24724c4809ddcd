//! Checks the consistency of a project's data, for the suite that kills servers: `fsck <data folder or postgres://…> <project>`.
//!
//! Every row, its entries in the readers table, and its derived index data must agree, and SQLite's own integrity check
//! must pass. Faults are printed to standard output, one per line.
#![allow(clippy::print_stdout, reason = "it is what the program is for")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use db::{Dialect, Engine, Settings, Tx};
use kernel::permission::{Action, Permissions};
use kernel::query::Queries;
use kernel::{Clock, Timestamp};
use records::indexes::{Index, IndexKind};
use records::{Access, Catalog, DatabaseId, Reading, Records, Status, Table, TableId, Vocabulary, rows};
use secrets::Vault;
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(location), Some(project)) = (arguments.next(), arguments.next()) else {
        return Err("usage: fsck <data folder or postgres://…> <project>".into());
    };
    let settings = if location.starts_with("postgres") {
        Settings::Postgres {
            url: location,
            connections: 2,
        }
    } else {
        Settings::Sqlite {
            folder: PathBuf::from(location).join("projects"),
        }
    };
    let engine = Engine::open(
        settings,
        Clock::manual(Timestamp::from_millis(0)),
        server::serve::migrations().map_err(|error| error.to_string())?,
    )?;
    // Encrypted values are not checked: this program does not have the server's secret.
    let catalog = Records::new(Arc::new(Vault::new("fsck", &[]))).of(&project);
    let faults = engine.database(&project).read(move |tx| check(tx, &catalog)).await?;
    engine.close().await;
    faults.iter().for_each(|fault| println!("{fault}"));
    Ok(())
}

fn check(tx: &mut Tx<'_>, catalog: &Catalog) -> records::Result<Vec<String>> {
    let mut faults = Vec::new();
    if tx.dialect() == Dialect::Sqlite {
        // It also checks the FTS5 and R*Tree tables.
        let lines = tx.sql_all::<String>("PRAGMA integrity_check", &[])?;
        faults.extend(lines.into_iter().filter(|line| line != "ok"));
    }
    let tables = tx.sql_all::<(String, String)>("SELECT database_id, id FROM tables ORDER BY seq", &[])?;
    for (database, id) in tables {
        let (database, id) = (DatabaseId::trusted(database), TableId::trusted(id));
        let table = catalog.table(tx, &database, &id)?;
        let found = of_table(tx, catalog, &table)?;
        faults.extend(found.into_iter().map(|fault| format!("{database}/{id}: {fault}")));
    }
    Ok(faults)
}

fn of_table(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table) -> records::Result<Vec<String>> {
    let mut faults = Vec::new();
    let rows = every_row(tx, catalog, table)?;
    let expected = rows.iter().flat_map(|row| {
        let permissions = Permissions::trusted(&row["$permissions"].to_string());
        let roles: Vec<String> = permissions.roles(Action::Read).map(str::to_owned).collect();
        roles.into_iter().map(|role| (role, seq_of(row)))
    });
    let readers = sql(format!("SELECT role, seq FROM \"{}\"", table.names.readers));
    let found = tx
        .sql_all::<(String, i64)>(readers, &[])?
        .into_iter()
        .collect::<BTreeSet<_>>();
    compare(&mut faults, "readers", &expected.collect(), &found);
    for index in table.indexes.iter().filter(|index| index.status == Status::Available) {
        of_index(tx, catalog, table, index, &rows, &mut faults)?;
    }
    Ok(faults)
}

fn of_index(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    table: &Table,
    index: &Index,
    rows: &[Value],
    faults: &mut Vec<String>,
) -> records::Result<()> {
    let key = index.spec.columns[0].as_str();
    let Some(column) = table.column(key) else {
        return Ok(());
    };
    let side = |sort: &str| table.names.other(&format!("{sort}{}", index.seq));
    let name = |what: &str| format!("index {}, {what}", index.key);
    match index.spec.kind {
        IndexKind::Fulltext => {
            let row = if tx.dialect() == Dialect::Sqlite {
                "rowid"
            } else {
                "seq"
            };
            let stored = tx.sql_all::<i64>(sql(format!("SELECT {row} FROM \"{}\"", side("words"))), &[])?;
            let text = |row: &Value| row[key].as_str().map(str::to_owned).unwrap_or_default();
            let has_words = |row: &&Value| !text_search::tokens(&text(row)).is_empty();
            let with_words = rows.iter().filter(has_words);
            compare(
                faults,
                &name("rows with words"),
                &with_words.map(seq_of).collect(),
                &stored.into_iter().collect(),
            );
            for row in rows.iter().filter(has_words) {
                let phrase = format!("\"{}\"", text(row).replace('"', " "));
                let query = json!({"method": "search", "attribute": key, "values": [phrase]}).to_string();
                let by_id = json!({"method": "equal", "attribute": "$id", "values": [row["$id"]]}).to_string();
                if list(tx, catalog, table, &[query, by_id])?.is_empty() {
                    faults.push(format!(
                        "index {}: a search for the words of row {} does not find it",
                        index.key, row["$id"]
                    ));
                }
            }
        }
        IndexKind::Spatial => {
            let id = if tx.dialect() == Dialect::Sqlite { "id" } else { "seq" };
            let stored = tx.sql_all::<i64>(sql(format!("SELECT {id} FROM \"{}\"", side("boxes"))), &[])?;
            let shaped = rows.iter().filter(|row| !row[key].is_null()).map(seq_of);
            compare(faults, &name("boxes"), &shaped.collect(), &stored.into_iter().collect());
        }
        IndexKind::Key if column.spec.array && tx.dialect() == Dialect::Sqlite => {
            let stored = sql(format!("SELECT CAST(value AS TEXT), seq FROM \"{}\"", side("elements")));
            let stored = tx.sql_all::<(String, i64)>(stored, &[])?.into_iter().collect();
            let elements = rows.iter().flat_map(|row| {
                let items = row[key].as_array().cloned().unwrap_or_default();
                let items = items.into_iter().filter(|item| !item.is_null());
                items.map(|item| {
                    (
                        item.as_str().map_or_else(|| item.to_string(), str::to_owned),
                        seq_of(row),
                    )
                })
            });
            compare(faults, &name("elements"), &elements.collect(), &stored);
        }
        // Native SQL indexes: a query by a sampled row's value must find the row.
        IndexKind::Key | IndexKind::Unique => {
            let step = rows.len() / 20 + 1;
            for row in rows
                .iter()
                .step_by(step)
                .filter(|row| !row[key].is_null() && !column.spec.array)
            {
                let equal = json!({"method": "equal", "attribute": key, "values": [row[key]]}).to_string();
                // The value is the only condition, so that the engine uses the index.
                let found = list(tx, catalog, table, &[equal, all()])?;
                if !found.iter().any(|found| found["$id"] == row["$id"]) {
                    faults.push(format!(
                        "index {}: the value of row {} does not find it",
                        index.key, row["$id"]
                    ));
                }
            }
        }
    }
    Ok(())
}

fn every_row(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table) -> records::Result<Vec<Value>> {
    list(tx, catalog, table, &[all()])
}

fn all() -> String {
    json!({"method": "limit", "values": [1_000_000]}).to_string()
}

fn list(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table, queries: &[String]) -> records::Result<Vec<Value>> {
    let mut queries = Queries::parse(queries)?;
    queries.total = false;
    let (access, vocabulary) = (&Access::Server, Vocabulary::Tables);
    let reading = Reading {
        catalog,
        table,
        access,
        vocabulary,
    };
    let page = rows::list(tx, reading, &queries, None)?;
    let mut page: Value = serde_json::from_slice(&page).unwrap_or_default();
    Ok(match page["rows"].take() {
        Value::Array(rows) => rows,
        _ => Vec::new(),
    })
}

fn seq_of(row: &Value) -> i64 {
    row["$sequence"].as_i64().unwrap_or_default()
}

fn compare<T: Ord + std::fmt::Debug>(
    faults: &mut Vec<String>,
    what: &str,
    expected: &BTreeSet<T>,
    found: &BTreeSet<T>,
) {
    let (missing, stray): (Vec<_>, Vec<_>) = (
        expected.difference(found).collect(),
        found.difference(expected).collect(),
    );
    if !missing.is_empty() || !stray.is_empty() {
        faults.push(format!("{what}: {missing:?} is missing, {stray:?} is there for no row"));
    }
}

/// Leaks a statement, as the API takes `&'static str`. There are few of them and the process ends soon.
fn sql(text: String) -> &'static str {
    text.leak()
}
