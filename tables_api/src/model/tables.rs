//! Tables, with their columns and indexes.

use std::marker::PhantomData;

use api::Schemas;
use records::columns::{self, Column};
use records::indexes::Index;
use records::tables::Entry;
use serde_json::{Value, json};

use super::columns::any;
use super::{ColumnList, VocabularyModel, flag, list, number, object, reference, text, texts, time};
use crate::Vocabulary;

/// The model of a table.
#[derive(Debug)]
pub struct Table<W>(PhantomData<W>);

/// The model of a page of tables.
#[derive(Debug)]
pub struct TableList<W>(PhantomData<W>);

impl<W: Vocabulary> VocabularyModel for Table<W> {
    const NAME: &'static str = W::TABLE_MODEL;

    fn define(into: &mut Schemas) {
        ColumnList::<W>::define(into);
        super::Index::<W>::define(into);
        let indexes = json!({"type": "array", "items": reference(W::INDEX_MODEL), "description": "Its indexes."});
        let columns = json!({"type": "array", "items": any::<W>(), "description": "Its columns."});
        let fields = [
            ("$id", text("Its id.")),
            ("$createdAt", time("Creation time.")),
            ("$updatedAt", time("Update time.")),
            ("$permissions", texts("Permissions on its rows.")),
            ("databaseId", text("Database ID.")),
            ("name", text("Its name.")),
            ("enabled", flag("Whether clients can access it.")),
            (W::ROW_SECURITY, flag("Whether rows have permissions of their own.")),
            (W::COLUMNS, columns),
            ("indexes", indexes),
            ("bytesMax", number("Maximum row size in bytes.")),
            ("bytesUsed", number("Row size in bytes.")),
        ];
        into.entry(Self::NAME).or_insert_with(|| object(fields));
    }
}

impl<W: Vocabulary> VocabularyModel for TableList<W> {
    const NAME: &'static str = W::TABLE_LIST_MODEL;

    fn define(into: &mut Schemas) {
        Table::<W>::define(into);
        into.entry(Self::NAME)
            .or_insert_with(|| list(W::TABLES, reference(W::TABLE_MODEL)));
    }
}

/// Serializes a table.
pub fn table<W: Vocabulary>(entry: &Entry, columns: &[Column], indexes: &[Index]) -> Value {
    json!({
        "$id": entry.id,
        "$createdAt": entry.created_at,
        "$updatedAt": entry.updated_at,
        "$permissions": entry.permissions.0,
        "databaseId": entry.database_id,
        "name": entry.name,
        "enabled": entry.enabled,
        (W::ROW_SECURITY): entry.row_security,
        (W::COLUMNS): columns.iter().map(super::column::<W>).collect::<Vec<_>>(),
        "indexes": indexes.iter().map(super::index::<W>).collect::<Vec<_>>(),
        "bytesMax": columns::MAX_WIDTH,
        "bytesUsed": columns::width(columns.iter().map(|column| &column.spec)),
    })
}
