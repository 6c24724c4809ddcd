//! Aggregates of rows. Not part of Appwrite's API.

use api::{IntoReply, Reply, Schemas};
use http::StatusCode;
use serde_json::json;

use super::{list, object, reference};

/// A page of groups, already serialized.
#[derive(Debug)]
pub struct Aggregates {
    /// Its JSON.
    pub json: Vec<u8>,
}

impl IntoReply for Aggregates {
    const STATUS: StatusCode = StatusCode::OK;

    fn model() -> Option<&'static str> {
        Some("aggregateList")
    }

    fn define(into: &mut Schemas) {
        let open = |about: &str| json!({"type": "object", "additionalProperties": true, "description": about});
        into.entry("aggregate").or_insert_with(|| {
            object([
                ("group", open("Values of the grouped attributes.")),
                ("values", open("Results, by function as given in the request.")),
            ])
        });
        into.entry("aggregateList")
            .or_insert_with(|| list("groups", reference("aggregate")));
    }

    fn into_reply(self) -> Reply {
        Reply::json_text(StatusCode::OK, self.json)
    }
}
