//! Usage statistics of storage, reads and writes.

use std::collections::HashMap;

use api::{Call, Result};
use db::Tx;
use records::databases::Database;
use records::tables::Entry;
use records::usage::{self, Metric, Range, Series, UsageScope};
use records::{DatabaseId, TableId, databases, tables};
use serde_json::json;

use crate::Vocabulary;
use crate::model::{Shown, UsageDatabase, UsageDatabases, UsageTable, points};
use crate::state::{State, read};

kernel::params! {
    /// Parameters of a project's usage statistics.
    pub struct GetProjectUsage {
        /// Range to report on.
        range: Range = "range" | Range::Month,
    }
}

/// Returns usage statistics of all databases.
pub async fn of_project<W: Vocabulary>(call: Call<State>, input: GetProjectUsage) -> Result<UsageDatabases> {
    let (range, scope) = (input.range, UsageScope::Project);
    flush_counts::<W>(&call).await?;
    let bytes = measure::<W>(&call).await?;
    read::<W, _>(&call, move |tx| {
        let counts: (i64, i64) = tx.sql_one(
            "SELECT (SELECT count(*) FROM databases), (SELECT count(*) FROM tables)",
            &[],
        )?;
        let rows = usage::rows(tx, None)?;
        let stored = bytes.values().sum();
        let databases = usage::quantity(tx, scope, Metric::Databases, range, counts.0)?;
        let UsageTotals {
            tables,
            rows,
            storage,
            reads,
            writes,
        } = usage_totals(tx, scope, range, [counts.1, rows, stored])?;
        Ok(UsageDatabases {
            range: range.as_str(),
            databases_total: databases.total,
            collections_total: tables.total,
            tables_total: tables.total,
            documents_total: rows.total,
            rows_total: rows.total,
            storage_total: storage.total,
            reads_total: reads.total,
            writes_total: writes.total,
            databases: points(&databases),
            collections: points(&tables),
            tables: points(&tables),
            documents: points(&rows),
            rows: points(&rows),
            storage: points(&storage),
            reads: points(&reads),
            writes: points(&writes),
        })
    })
    .await
}

kernel::params! {
    /// Parameters of a database's usage statistics.
    pub struct GetDatabaseUsage {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Range to report on.
        range: Range = "range" | Range::Month,
    }
}

/// Returns usage statistics of a database.
pub async fn of_database<W: Vocabulary>(call: Call<State>, input: GetDatabaseUsage) -> Result<UsageDatabase> {
    let range = input.range;
    flush_counts::<W>(&call).await?;
    let bytes = measure::<W>(&call).await?;
    read::<W, _>(&call, move |tx| {
        let Database { seq, id, .. } = databases::find(tx, &input.database_id)?;
        let scope = UsageScope::Database(seq);
        let count: i64 = tx.sql_one(
            "SELECT count(*) FROM tables WHERE database_id = ?",
            &[id.as_str().into()],
        )?;
        let rows = usage::rows(tx, Some(&id))?;
        let stored = bytes.get(&seq).copied().unwrap_or(0);
        let UsageTotals {
            tables,
            rows,
            storage,
            reads,
            writes,
        } = usage_totals(tx, scope, range, [count, rows, stored])?;
        Ok(UsageDatabase {
            range: range.as_str(),
            collections_total: tables.total,
            tables_total: tables.total,
            documents_total: rows.total,
            rows_total: rows.total,
            storage_total: storage.total,
            reads_total: reads.total,
            writes_total: writes.total,
            collections: points(&tables),
            tables: points(&tables),
            documents: points(&rows),
            rows: points(&rows),
            storage: points(&storage),
            reads: points(&reads),
            writes: points(&writes),
        })
    })
    .await
}

kernel::params! {
    /// Parameters of a table's usage statistics.
    pub struct GetTableUsage<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Range to report on.
        range: Range = "range" | Range::Month,
    }
}

/// Returns usage statistics of a table.
pub async fn of_table<W: Vocabulary>(call: Call<State>, input: GetTableUsage<W>) -> Result<Shown<UsageTable<W>>> {
    let range = input.range;
    flush_counts::<W>(&call).await?;
    let rows = read::<W, _>(&call, move |tx| {
        databases::find(tx, &input.database_id)?;
        let table: Entry = tables::find(tx, &input.database_id, &input.table_id)?;
        let total = usage::rows_of(tx, &table)?;
        usage::quantity(tx, UsageScope::Table(table.seq), Metric::Rows, range, total)
    })
    .await?;
    let total = format!("{}Total", W::ROWS);
    Ok(json!({"range": range, (total): rows.total, (W::ROWS): points(&rows)}).into())
}

/// Usage statistics common to a project and a database.
struct UsageTotals {
    tables: Series,
    rows: Series,
    storage: Series,
    reads: Series,
    writes: Series,
}

/// Usage statistics of a scope; `now` is its current number of tables, rows and bytes.
fn usage_totals(tx: &mut Tx<'_>, scope: UsageScope, range: Range, now: [i64; 3]) -> records::Result<UsageTotals> {
    let [tables, rows, bytes] = now;
    Ok(UsageTotals {
        tables: usage::quantity(tx, scope, Metric::Tables, range, tables)?,
        rows: usage::quantity(tx, scope, Metric::Rows, range, rows)?,
        storage: usage::measured(tx, scope, Metric::Storage, range, bytes)?,
        reads: usage::counts_per_period(tx, scope, Metric::Reads, range)?,
        writes: usage::counts_per_period(tx, scope, Metric::Writes, range)?,
    })
}

/// Stores pending usage counts.
async fn flush_counts<W: Vocabulary>(call: &Call<State>) -> Result<()> {
    let meter = call.state.records.meter();
    let written = meter.flush(&call.app.engine, call.db.name()).await;
    Ok(written.map_err(|error| error.in_vocabulary(W::VOCABULARY))?)
}

/// Size of each database in bytes, by sequence number; also stores it.
async fn measure<W: Vocabulary>(call: &Call<State>) -> Result<HashMap<i64, i64>> {
    let bytes = read::<W, _>(call, usage::stored).await?;
    let known = bytes.clone();
    let written = call.db.write(move |tx| usage::measure(tx, &known)).await;
    written.map_err(|error: records::Error| error.in_vocabulary(W::VOCABULARY))?;
    Ok(bytes)
}
