//! Models of usage statistics.

use std::marker::PhantomData;

use api::Schemas;
use api::model::Nested;
use records::usage::Series;
use serde_json::json;
pub use views::Metric;

use super::{VocabularyModel, number, object, reference, text};
use crate::Vocabulary;

api::model! {
    /// Usage statistics of all databases.
    pub struct UsageDatabases as "usageDatabases" {
        /// Reported range.
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
        /// Size on disk, in bytes.
        storage_total: i64 = "storageTotal",
        /// Total number of rows read.
        reads_total: i64 = "databasesReadsTotal",
        /// Total number of rows written.
        writes_total: i64 = "databasesWritesTotal",
        /// Number of databases, by period.
        databases: Vec<Metric> = "databases",
        /// Number of collections, by period.
        collections: Vec<Metric> = "collections",
        /// Number of tables, by period.
        tables: Vec<Metric> = "tables",
        /// Number of documents, by period.
        documents: Vec<Metric> = "documents",
        /// Number of rows, by period.
        rows: Vec<Metric> = "rows",
        /// Size in bytes, by period.
        storage: Vec<Metric> = "storage",
        /// Number of rows read, by period.
        reads: Vec<Metric> = "databasesReads",
        /// Number of rows written, by period.
        writes: Vec<Metric> = "databasesWrites",
    }
}

api::model! {
    /// Usage statistics of a database.
    pub struct UsageDatabase as "usageDatabase" {
        /// Reported range.
        range: &'static str = "range",
        /// Number of collections.
        collections_total: i64 = "collectionsTotal",
        /// Number of tables.
        tables_total: i64 = "tablesTotal",
        /// Number of documents.
        documents_total: i64 = "documentsTotal",
        /// Number of rows.
        rows_total: i64 = "rowsTotal",
        /// Size on disk, in bytes.
        storage_total: i64 = "storageTotal",
        /// Total number of rows read.
        reads_total: i64 = "databaseReadsTotal",
        /// Total number of rows written.
        writes_total: i64 = "databaseWritesTotal",
        /// Number of collections, by period.
        collections: Vec<Metric> = "collections",
        /// Number of tables, by period.
        tables: Vec<Metric> = "tables",
        /// Number of documents, by period.
        documents: Vec<Metric> = "documents",
        /// Number of rows, by period.
        rows: Vec<Metric> = "rows",
        /// Size in bytes, by period.
        storage: Vec<Metric> = "storage",
        /// Number of rows read, by period.
        reads: Vec<Metric> = "databaseReads",
        /// Number of rows written, by period.
        writes: Vec<Metric> = "databaseWrites",
    }
}

/// The model of the usage statistics of a table.
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
            ("range", text("Time range.")),
            (total, number("Number of rows.")),
            (W::ROWS, metrics),
        ];
        into.entry(Self::NAME).or_insert_with(|| object(fields));
    }
}

/// The model of a series of values by period.
pub fn points(series: &Series) -> Vec<Metric> {
    views::metrics(&series.points)
}
