//! Indexes.

use std::marker::PhantomData;

use api::Schemas;
use serde_json::{Value, json};

use super::{VocabularyModel, list, object, or_null, reference, text, texts, time};
use crate::Vocabulary;

/// The model of an index.
#[derive(Debug)]
pub struct Index<W>(PhantomData<W>);

/// The model of a page of indexes.
#[derive(Debug)]
pub struct IndexList<W>(PhantomData<W>);

impl<W: Vocabulary> VocabularyModel for Index<W> {
    const NAME: &'static str = W::INDEX_MODEL;

    fn define(into: &mut Schemas) {
        let lengths = json!({
            "type": "array",
            "items": {"type": "integer", "format": "int32"},
            "description": "Indexed characters of each text; 0 for all.",
        });
        let fields = [
            ("$id", text("Its id.")),
            ("$createdAt", time("Creation time.")),
            ("$updatedAt", time("Update time.")),
            ("key", text("Its key.")),
            ("type", text("Index type.")),
            ("status", text("Status.")),
            ("error", text("Error message.")),
            (W::COLUMNS, texts("The keys of its columns.")),
            ("lengths", lengths),
            ("orders", or_null(texts("ASC or DESC for each column."))),
        ];
        into.entry(Self::NAME).or_insert_with(|| object(fields));
    }
}

impl<W: Vocabulary> VocabularyModel for IndexList<W> {
    const NAME: &'static str = W::INDEX_LIST_MODEL;

    fn define(into: &mut Schemas) {
        Index::<W>::define(into);
        into.entry(Self::NAME)
            .or_insert_with(|| list("indexes", reference(W::INDEX_MODEL)));
    }
}

/// Serializes an index.
pub fn index<W: Vocabulary>(index: &records::indexes::Index) -> Value {
    let mut json = json!({
        // An index is identified by its key; the sequence number distinguishes successive indexes of the same key.
        "$id": index.key,
        "$createdAt": index.created_at,
        "$updatedAt": index.updated_at,
        "key": index.key,
        "type": index.spec.kind,
        "status": index.status,
        "error": index.error,
        (W::COLUMNS): index.spec.columns,
        "lengths": index.spec.lengths.iter().map(|length| length.unwrap_or(0)).collect::<Vec<_>>(),
        "orders": index.spec.orders,
    });
    if index.spec.folded {
        json["caseInsensitive"] = true.into();
    }
    json
}
