//! Appwrite's test gateway: posts the message as JSON to a request catcher.

use serde_json::json;

use super::{Adapter, content, with_header};

pub(super) const ADAPTER: Adapter = Adapter {
    name: "mock",
    endpoint: "http://request-catcher-sms:5000/mock-sms",
    request: |gateway, sms| {
        let body = json!({"message": sms.text, "from": gateway.from, "to": sms.to});
        let request = with_header(gateway.json(&body)?, "x-username", &gateway.user)?;
        with_header(request, "x-key", &gateway.secret)
    },
    error_in_reply: content,
};
