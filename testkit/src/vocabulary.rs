//! The two vocabularies of databases, for tests that run in both.

/// Names in a vocabulary; each field is documented by its value in the tables vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vocabulary {
    /// Base path of databases: `/v1/tablesdb`.
    pub base: &'static str,
    /// `tables`.
    pub tables: &'static str,
    /// `tableId`.
    pub table_id: &'static str,
    /// `columns`.
    pub columns: &'static str,
    /// `rows`.
    pub rows: &'static str,
    /// `rowId`.
    pub row_id: &'static str,
    /// `rowSecurity`.
    pub row_security: &'static str,
}

impl Vocabulary {
    /// Vocabulary of tables, columns and rows.
    pub const TABLES: Self = Self {
        base: "/v1/tablesdb",
        tables: "tables",
        table_id: "tableId",
        columns: "columns",
        rows: "rows",
        row_id: "rowId",
        row_security: "rowSecurity",
    };
    /// Vocabulary of collections, attributes and documents.
    pub const COLLECTIONS: Self = Self {
        base: "/v1/databases",
        tables: "collections",
        table_id: "collectionId",
        columns: "attributes",
        rows: "documents",
        row_id: "documentId",
        row_security: "documentSecurity",
    };
    /// Both vocabularies.
    pub const BOTH: [Self; 2] = [Self::TABLES, Self::COLLECTIONS];

    /// The path of a database.
    pub fn database(&self, database: &str) -> String {
        format!("{}/{database}", self.base)
    }

    /// The path of a table.
    pub fn table(&self, database: &str, table: &str) -> String {
        format!("{}/{database}/{}/{table}", self.base, self.tables)
    }

    /// The path of a table's columns, with `rest` appended.
    pub fn columns(&self, database: &str, table: &str, rest: &str) -> String {
        format!("{}/{}{rest}", self.table(database, table), self.columns)
    }

    /// The path of a table's indexes, with `rest` appended.
    pub fn indexes(&self, database: &str, table: &str, rest: &str) -> String {
        format!("{}/indexes{rest}", self.table(database, table))
    }

    /// The path of a table's rows, with `rest` appended.
    pub fn rows(&self, database: &str, table: &str, rest: &str) -> String {
        format!("{}/{}{rest}", self.table(database, table), self.rows)
    }

    /// Translates an error type of the tables vocabulary to this vocabulary.
    pub fn error(&self, of_tables: &str) -> String {
        if *self == Self::TABLES {
            return of_tables.to_owned();
        }
        match of_tables.strip_prefix("column_index_") {
            Some(rest) => format!("index_{rest}"),
            None => of_tables
                .replace("table_", "collection_")
                .replace("column_", "attribute_")
                .replace("row_", "document_"),
        }
    }
}
