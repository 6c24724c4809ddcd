//! Rows, already serialized to JSON.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use api::model::Nested;
use api::{IntoReply, Reply, Schemas};
use http::StatusCode;
use kernel::Timestamp;
use memory::ReservedBytes;
use serde_json::{Value, json};

use crate::Vocabulary;

/// A row, already serialized.
#[derive(Debug)]
pub struct Row<W> {
    /// Its JSON.
    pub json: Vec<u8>,
    vocabulary: PhantomData<W>,
}

impl<W> Row<W> {
    /// Wraps the JSON of a row.
    pub fn of(json: Vec<u8>) -> Self {
        Self {
            json,
            vocabulary: PhantomData,
        }
    }
}

impl<W: Vocabulary> IntoReply for Row<W> {
    const STATUS: StatusCode = StatusCode::OK;

    fn model() -> Option<&'static str> {
        Some(W::ROW_MODEL)
    }

    fn define(into: &mut Schemas) {
        define_row::<W>(into);
    }

    fn into_reply(self) -> Reply {
        Reply::json_text(Self::STATUS, self.json)
    }
}

/// A created row, or created rows, already serialized; staging several rows is answered with 200, as in Appwrite.
#[derive(Debug)]
pub struct CreatedRows<W> {
    row: Row<W>,
    is_staged_list: bool,
}

impl<W> CreatedRows<W> {
    /// Wraps the JSON of a row.
    pub fn one(json: Vec<u8>) -> Self {
        Self {
            row: Row::of(json),
            is_staged_list: false,
        }
    }

    /// Wraps the JSON of a list of rows.
    pub fn list(staged: bool, json: Vec<u8>) -> Self {
        Self {
            row: Row::of(json),
            is_staged_list: staged,
        }
    }
}

impl<W: Vocabulary> IntoReply for CreatedRows<W> {
    const STATUS: StatusCode = StatusCode::CREATED;

    fn model() -> Option<&'static str> {
        Row::<W>::model()
    }

    fn define(into: &mut Schemas) {
        Row::<W>::define(into);
    }

    fn into_reply(self) -> Reply {
        let status = if self.is_staged_list {
            StatusCode::OK
        } else {
            StatusCode::CREATED
        };
        Reply::json_text(status, self.row.json)
    }
}

/// A created or updated row, already serialized; or one staged in a transaction.
#[derive(Debug)]
pub struct Upserted<W> {
    row: Row<W>,
    staged: bool,
}

impl<W> Upserted<W> {
    /// Wraps the JSON of a row.
    pub fn of(staged: bool, json: Vec<u8>) -> Self {
        Self {
            row: Row::of(json),
            staged,
        }
    }
}

impl<W: Vocabulary> IntoReply for Upserted<W> {
    const STATUS: StatusCode = StatusCode::OK;

    fn model() -> Option<&'static str> {
        Row::<W>::model()
    }

    fn define(into: &mut Schemas) {
        Row::<W>::define(into);
    }

    fn into_reply(self) -> Reply {
        let status = if self.staged {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        };
        Reply::json_text(status, self.row.json)
    }
}

/// A page of rows, already serialized.
#[derive(Debug)]
pub struct RowList<W> {
    /// Its JSON.
    pub json: ReservedBytes,
    vocabulary: PhantomData<W>,
}

impl<W> RowList<W> {
    /// Wraps the JSON of a page.
    pub fn of(json: impl Into<ReservedBytes>) -> Self {
        Self {
            json: json.into(),
            vocabulary: PhantomData,
        }
    }
}

impl<W: Vocabulary> IntoReply for RowList<W> {
    const STATUS: StatusCode = StatusCode::OK;

    fn model() -> Option<&'static str> {
        Some(W::ROW_LIST_MODEL)
    }

    fn define(into: &mut Schemas) {
        define_row::<W>(into);
        into.entry(W::ROW_LIST_MODEL)
            .or_insert_with(|| super::list(W::ROWS, super::reference(W::ROW_MODEL)));
    }

    fn into_reply(self) -> Reply {
        let ReservedBytes { bytes, reservation } = self.json;
        let mut reply = Reply::json_text(StatusCode::OK, bytes);
        reply.reservation = reservation;
        reply
    }
}

/// The schema of a row: only the system fields; the columns are defined by users.
fn define_row<W: Vocabulary>(into: &mut BTreeMap<&'static str, Value>) {
    let text = json!({"type": "string"});
    let time = <Timestamp as api::model::Shape>::schema();
    String::define_nested(into);
    into.entry(W::ROW_MODEL).or_insert_with(|| {
        json!({
            "type": "object",
            "additionalProperties": true,
            "properties": {
                "$id": text, "$sequence": {"type": "integer"}, (W::VOCABULARY.table_id()): text, "$databaseId": text,
                "$createdAt": time, "$updatedAt": time, "$permissions": {"type": "array", "items": text},
            },
            "required": ["$id", "$sequence", W::VOCABULARY.table_id(), "$databaseId", "$createdAt", "$updatedAt", "$permissions"],
        })
    });
}
