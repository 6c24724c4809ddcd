//! Vonage: <https://developer.vonage.com/en/api/sms>. It always replies with 200; the result is in the message's
//! `status`.

use super::Adapter;

pub(super) const ADAPTER: Adapter = Adapter {
    name: "vonage",
    endpoint: "https://rest.nexmo.com/sms/json",
    request: |gateway, sms| {
        let plain = if sms.text.is_ascii() { "text" } else { "unicode" };
        gateway.form(&[
            ("api_key", &gateway.user),
            ("api_secret", &gateway.secret),
            ("from", gateway.from.trim_start_matches('+')),
            ("to", sms.to.trim_start_matches('+')),
            ("type", plain),
            ("text", &sms.text),
        ])
    },
    error_in_reply: |reply| {
        let message = reply.pointer("/messages/0")?;
        match message["status"].as_str() {
            Some("0") | None => None,
            Some(status) => Some(format!(
                "{status} {}",
                message["error-text"].as_str().unwrap_or_default()
            )),
        }
    },
};
