//! MSG91: <https://docs.msg91.com/sms/send-sms>. It only sends templates: the text is passed as the variables `content`
//! and `otp` of the configured template.

use serde_json::json;

use super::{Adapter, with_header};

pub(super) const ADAPTER: Adapter = Adapter {
    name: "msg91",
    endpoint: "https://control.msg91.com/api/v5/flow/",
    request: |gateway, sms| {
        let template = if gateway.template.is_empty() {
            &gateway.from
        } else {
            &gateway.template
        };
        let body = json!({
            "sender": gateway.user,
            "template_id": template,
            "recipients": [{"mobiles": sms.to.trim_start_matches('+'), "content": sms.text, "otp": sms.text}],
        });
        with_header(gateway.json(&body)?, "authkey", &gateway.secret)
    },
    error_in_reply: |reply| match reply["type"].as_str() {
        Some("error") => Some(reply["message"].as_str().unwrap_or("no reason given").to_owned()),
        _ => None,
    },
};
