//! HTTP response with assertions.

use http::HeaderMap;
use serde_json::Value;

/// HTTP response to a request.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as JSON; a JSON string if the body is not JSON.
    pub body: Value,
    /// Body in bytes.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// Asserts the status code.
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Asserts the status code and the error type.
    #[track_caller]
    pub fn assert(&self, status: u16, type_name: &str) -> &Self {
        assert_eq!(
            (self.status, self.body["type"].as_str()),
            (status, Some(type_name)),
            "{}",
            self.body
        );
        self
    }

    /// A string field of the body; panics if it is missing.
    #[track_caller]
    pub fn text(&self, field: &str) -> &str {
        self.body[field]
            .as_str()
            .unwrap_or_else(|| panic!("no text {field} in {}", self.body))
    }

    /// Value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
