//! Usage.

use std::marker::PhantomData;

use api::Schemas;
use api::model::Nested;
use records::usage::Series;
use serde_json::json;
pub use views::Metric;

use super::{VocabularyModel, number, object, reference, text};
use crate::Vocabulary;

api::model! {
    /// The usage of all databases.
    pub struct UsageDatabases as "usageDatabases" {
        /// Period that is reported on.
        range: &'static str = "range",
        /// Number of databases.
        databases_total: i64 = "databasesTotal",
        /// Number of collections.
        collections_total: i64 = "collectionsTotal",
        /// Number of tables.
        tables_total: i64 = "tablesTotal",
        /// Number of documents.
        documents_total: i64 = "documentsTotal",
        /// Number of rows.
        rows_total: i64 = "rowsTotal",
        /// Bytes on disk.
        storage_total: i64 = "storageTotal",
        /// Number of rows ever read.
        reads_total: i64 = "databasesReadsTotal",
        /// Number of rows ever written.
        writes_total: i64 = "databasesWritesTotal",
        /// Databases, by period.
        databases: Vec<Metric> = "databases",
        /// Collections, by period.
        collections: Vec<Metric> = "collections",
        /// Tables, by period.
        tables: Vec<Metric> = "tables",
        /// Documents, by period.
        documents: Vec<Metric> = "documents",
        /// Rows, by period.
        rows: Vec<Metric> = "rows",
        /// Bytes, by period.
        storage: Vec<Metric> = "storage",
        /// Rows that were read, by period.
        reads: Vec<Metric> = "databasesReads",
        /// Rows that were written, by period.
        writes: Vec<Metric> = "databasesWrites",
    }
}

api::model! {
    /// The usage of a database.
    pub struct UsageDatabase as "usageDatabase" {
        /// Period that is reported on.
        range: &'static str = "range",
        /// Number of collections.
        collections_total: i64 = "collectionsTotal",
        /// Number of tables.
        tables_total: i64 = "tablesTotal",
        /// Number of documents.
        documents_total: i64 = "documentsTotal",
        /// Number of rows.
        rows_total: i64 = "rowsTotal",
        /// Bytes on disk.
        storage_total: i64 = "storageTotal",
        /// Number of rows ever read.
        reads_total: i64 = "databaseReadsTotal",
        /// Number of rows ever written.
        writes_total: i64 = "databaseWritesTotal",
        /// Collections, by period.
        collections: Vec<Metric> = "collections",
        /// Tables, by period.
        tables: Vec<Metric> = "tables",
        /// Documents, by period.
        documents: Vec<Metric> = "documents",
        /// Rows, by period.
        rows: Vec<Metric> = "rows",
        /// Bytes, by period.
        storage: Vec<Metric> = "storage",
        /// Rows that were read, by period.
        reads: Vec<Metric> = "databaseReads",
        /// Rows that were written, by period.
        writes: Vec<Metric> = "databaseWrites",
    }
}

/// The model of the usage of a table.
#[derive(Debug)]
pub struct UsageTable<W>(PhantomData<W>);

impl<W: Vocabulary> VocabularyModel for UsageTable<W> {
    const NAME: &'static str = W::TABLE_USAGE_MODEL;

    fn define(into: &mut Schemas) {
        Metric::define_nested(into);
        let metrics = json!({"type": "array", "items": reference("metric"), "description": "Rows, by period."});
        let total = match W::VOCABULARY {
            records::Vocabulary::Tables => "rowsTotal",
            records::Vocabulary::Collections => "documentsTotal",
        };
        let fields = [
            ("range", text("How far back it goes.")),
            (total, number("How many rows there are.")),
            (W::ROWS, metrics),
        ];
        into.entry(Self::NAME).or_insert_with(|| object(fields));
    }
}

/// Shows a figure by period.
pub fn points(series: &Series) -> Vec<Metric> {
    views::metrics(&series.points)
}
