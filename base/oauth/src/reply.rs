//! Parsing of providers' replies: JSON or form-encoded, and errors in several shapes, some with status 200.

use outbound::Reply;
use serde_json::{Map, Value};

use crate::error::{MAX_ERROR, Reason};
use crate::provider::Encoding;
use crate::text::{clean, redact};

/// Parses a body: as JSON if it begins with a brace or bracket, regardless of its content type; otherwise as a form if
/// the record or the content type says so.
pub(crate) fn read(reply: &Reply, usual: Encoding) -> Option<Value> {
    let start = reply.body.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(start, Some(b'{' | b'[')) {
        return serde_json::from_slice(&reply.body).ok();
    }
    let content_type = reply
        .headers
        .get("content-type")
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if usual != Encoding::Form && !content_type.starts_with("application/x-www-form-urlencoded") {
        return None;
    }
    let pairs = url::form_urlencoded::parse(&reply.body);
    Some(Value::Object(
        pairs
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect(),
    ))
}

/// Whether a reply is an error, regardless of its status: it has `error`, or Slack's `ok: false`. TikTok sends an
/// `error` with every reply, whose code is `ok` on success.
pub(crate) fn is_error(reply: &Value) -> bool {
    if reply.get("ok") == Some(&Value::Bool(false)) {
        return true;
    }
    match reply.get("error") {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Object(error)) => !matches!(error.get("code").and_then(Value::as_str), Some("ok")),
        Some(_) => true,
    }
}

/// The provider's error and description, with secrets removed, truncated and without control characters.
pub(crate) fn reason(reply: Option<&Value>, status: u16, secrets: &[&str]) -> Reason {
    let empty = Map::new();
    let top = reply.and_then(Value::as_object).unwrap_or(&empty);
    let inner = top.get("error").and_then(Value::as_object).unwrap_or(top);
    let fit = |text: String| Some(clean(&redact(&text, secrets), MAX_ERROR)).filter(|text| !text.is_empty());
    let pick = |object: &Map<String, Value>, names: &[&str]| {
        names
            .iter()
            .find_map(|name| object.get(*name).and_then(text).and_then(&fit))
    };
    let description = pick(top, &["error_description"]).or_else(|| {
        pick(
            inner,
            &[
                "message",
                "error_description",
                "msg",
                "detail",
                "error_summary",
                "error_msg",
            ],
        )
    });
    let error = match top.get("error") {
        Some(Value::Object(error)) => pick(error, &["type", "code", "status", "error"]),
        Some(value) => text(value).and_then(fit),
        None => None,
    };
    match (error, description) {
        (Some(error), description) => Reason {
            description: description.filter(|text| *text != error),
            error,
        },
        (None, Some(message)) => Reason {
            error: message,
            description: None,
        },
        (None, None) if (200..300).contains(&status) => Reason {
            error: "no usable reply".into(),
            description: None,
        },
        (None, None) => Reason {
            error: format!("HTTP status {status}"),
            description: None,
        },
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_are_found_in_every_shape_that_providers_have() {
        let reported = |reply: Value, status| {
            assert!(status != 200 || is_error(&reply), "{reply}");
            reason(Some(&reply), status, &["hunter22"]).to_string()
        };
        assert_eq!(
            reported(
                json!({"error": "invalid_grant", "error_description": "code is\n bad"}),
                400
            ),
            "invalid_grant: code is bad"
        );
        assert_eq!(
            reported(
                json!({"error": {"message": "nope", "type": "OAuthException", "code": 100}}),
                400
            ),
            "OAuthException: nope"
        );
        assert_eq!(
            reported(json!({"ok": false, "error": "invalid_code"}), 200),
            "invalid_code"
        );
        assert_eq!(
            reported(json!({"status": 400, "message": "Invalid refresh token"}), 400),
            "Invalid refresh token"
        );
        assert_eq!(
            reported(json!({"error": {"code": "InvalidToken", "message": "old"}}), 401),
            "InvalidToken: old"
        );
        assert_eq!(
            reported(
                json!({"error": "x", "error_description": "secret hunter22 is wrong"}),
                401
            ),
            "x: secret … is wrong"
        );
        assert_eq!(reported(json!({}), 503), "HTTP status 503");
        assert!(!is_error(&json!({"error": {"code": "ok", "message": ""}, "data": {}})));
        assert!(!is_error(&json!({"error": null, "ok": true})) && !is_error(&json!({"error": ""})));
        let long = reason(Some(&json!({"error": "e".repeat(5000)})), 400, &[]);
        assert_eq!(long.error.chars().count(), MAX_ERROR);
    }
}
