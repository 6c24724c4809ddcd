//! Names of the two vocabularies on the wire.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use kernel::Scope;

/// A vocabulary, as a type that handlers and parameters are made for.
pub trait Vocabulary: std::fmt::Debug + Clone + Copy + Send + Sync + 'static {
    /// Vocabulary of the domain.
    const VOCABULARY: records::Vocabulary;
    /// Name of the service in paths: `<path>` in [`Vocabulary::text`].
    const PATH: &'static str;
    /// Name of the service in SDKs: `<sdk>` in [`Vocabulary::text`].
    const SDK: &'static str;
    /// Scopes of which one is needed to read tables, columns and indexes.
    const TABLES_READ: &'static [Scope];
    /// Scopes of which one is needed to change tables, columns and indexes.
    const TABLES_WRITE: &'static [Scope];
    /// Scopes of which one is needed to read rows.
    const ROWS_READ: &'static [Scope];
    /// Scopes of which one is needed to write rows.
    const ROWS_WRITE: &'static [Scope];
    /// Scopes of which one is needed to read transactions.
    const TRANSACTIONS_READ: &'static [Scope];
    /// `type` of a database that is made in these words.
    const DATABASE_TYPE: &'static str;
    /// The parameter that names a table.
    const TABLE_ID: &'static str;
    /// The parameter that names a row.
    const ROW_ID: &'static str;
    /// The parameter and the field that give rows permissions of their own.
    const ROW_SECURITY: &'static str;
    /// The parameter of several rows, and the field of a list of rows.
    const ROWS: &'static str;
    /// The field of a list of tables.
    const TABLES: &'static str;
    /// The field of a list of columns, and the parameter that names an index's.
    const COLUMNS: &'static str;
    /// The path parameter that names a column of a row.
    const COLUMN: &'static str;
    /// The parameter that names the other table of a relationship.
    const RELATED_TABLE_ID: &'static str;
    /// The field that names the other table of a relationship.
    const RELATED_TABLE: &'static str;
    /// The placeholder of a column in event names.
    const COLUMN_ID: &'static str;

    /// Names of models.
    const TABLE_MODEL: &'static str;
    /// A list of tables.
    const TABLE_LIST_MODEL: &'static str;
    /// A row.
    const ROW_MODEL: &'static str;
    /// A list of rows.
    const ROW_LIST_MODEL: &'static str;
    /// An index.
    const INDEX_MODEL: &'static str;
    /// A list of indexes.
    const INDEX_LIST_MODEL: &'static str;
    /// A list of columns.
    const COLUMN_LIST_MODEL: &'static str;
    /// The usage of a table.
    const TABLE_USAGE_MODEL: &'static str;
    /// Columns of every type, with commas between them.
    const ANY_COLUMN_MODEL: &'static str;

    /// A text with `<path>`, `<sdk>` and the placeholders of [`records::Vocabulary::fill`] replaced. Each distinct result
    /// is kept for the life of the process, so templates must be constants.
    fn text(template: &str) -> &'static str {
        let named = template.replace("<path>", Self::PATH).replace("<sdk>", Self::SDK);
        keep(Self::VOCABULARY.fill(&named))
    }
}

/// The kept copy of a text.
fn keep(text: String) -> &'static str {
    static KEPT: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(text.as_str()) {
        return known;
    }
    let text: &'static str = text.leak();
    kept.insert(text);
    text
}

/// Tables, columns, rows.
#[derive(Debug, Clone, Copy)]
pub struct Tables;

/// Collections, attributes, documents.
#[derive(Debug, Clone, Copy)]
pub struct Collections;

impl Vocabulary for Tables {
    const VOCABULARY: records::Vocabulary = records::Vocabulary::Tables;
    const PATH: &'static str = "tablesdb";
    const SDK: &'static str = "tablesDB";
    const TABLES_READ: &'static [Scope] = &[Scope::TablesRead, Scope::CollectionsRead];
    const TABLES_WRITE: &'static [Scope] = &[Scope::TablesWrite, Scope::CollectionsWrite];
    const ROWS_READ: &'static [Scope] = &[Scope::RowsRead, Scope::DocumentsRead];
    const ROWS_WRITE: &'static [Scope] = &[Scope::RowsWrite, Scope::DocumentsWrite];
    const TRANSACTIONS_READ: &'static [Scope] = &[Scope::DocumentsRead, Scope::RowsRead];
    const DATABASE_TYPE: &'static str = "tablesdb";
    const TABLE_ID: &'static str = "tableId";
    const ROW_ID: &'static str = "rowId";
    const ROW_SECURITY: &'static str = "rowSecurity";
    const ROWS: &'static str = "rows";
    const TABLES: &'static str = "tables";
    const COLUMNS: &'static str = "columns";
    const COLUMN: &'static str = "column";
    const RELATED_TABLE_ID: &'static str = "relatedTableId";
    const RELATED_TABLE: &'static str = "relatedTable";
    const COLUMN_ID: &'static str = "columnId";
    const TABLE_MODEL: &'static str = "table";
    const TABLE_LIST_MODEL: &'static str = "tableList";
    const ROW_MODEL: &'static str = "row";
    const ROW_LIST_MODEL: &'static str = "rowList";
    const INDEX_MODEL: &'static str = "columnIndex";
    const INDEX_LIST_MODEL: &'static str = "columnIndexList";
    const COLUMN_LIST_MODEL: &'static str = "columnList";
    const TABLE_USAGE_MODEL: &'static str = "usageTable";
    const ANY_COLUMN_MODEL: &'static str = "columnBoolean,columnInteger,columnFloat,columnEmail,columnEnum,columnUrl,columnIp,columnDatetime,columnRelationship,columnPoint,\
        columnLine,columnPolygon,columnVarchar,columnText,columnMediumtext,columnLongtext,columnString";
}

impl Vocabulary for Collections {
    const VOCABULARY: records::Vocabulary = records::Vocabulary::Collections;
    const PATH: &'static str = "databases";
    const SDK: &'static str = "databases";
    const TABLES_READ: &'static [Scope] = &[Scope::CollectionsRead];
    const TABLES_WRITE: &'static [Scope] = &[Scope::CollectionsWrite];
    const ROWS_READ: &'static [Scope] = &[Scope::DocumentsRead];
    const ROWS_WRITE: &'static [Scope] = &[Scope::DocumentsWrite];
    const TRANSACTIONS_READ: &'static [Scope] = &[Scope::RowsRead];
    const DATABASE_TYPE: &'static str = "legacy";
    const TABLE_ID: &'static str = "collectionId";
    const ROW_ID: &'static str = "documentId";
    const ROW_SECURITY: &'static str = "documentSecurity";
    const ROWS: &'static str = "documents";
    const TABLES: &'static str = "collections";
    const COLUMNS: &'static str = "attributes";
    const COLUMN: &'static str = "attribute";
    const RELATED_TABLE_ID: &'static str = "relatedCollectionId";
    const RELATED_TABLE: &'static str = "relatedCollection";
    const COLUMN_ID: &'static str = "attributeId";
    const TABLE_MODEL: &'static str = "collection";
    const TABLE_LIST_MODEL: &'static str = "collectionList";
    const ROW_MODEL: &'static str = "document";
    const ROW_LIST_MODEL: &'static str = "documentList";
    const INDEX_MODEL: &'static str = "index";
    const INDEX_LIST_MODEL: &'static str = "indexList";
    const COLUMN_LIST_MODEL: &'static str = "attributeList";
    const TABLE_USAGE_MODEL: &'static str = "usageCollection";
    const ANY_COLUMN_MODEL: &'static str = "attributeBoolean,attributeInteger,attributeFloat,attributeEmail,attributeEnum,attributeUrl,attributeIp,attributeDatetime,attributeRelationship,attributePoint,\
        attributeLine,attributePolygon,attributeVarchar,attributeText,attributeMediumtext,attributeLongtext,attributeString";
}
