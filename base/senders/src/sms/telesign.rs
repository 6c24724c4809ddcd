//! Telesign: <https://developer.telesign.com/enterprise/reference/sendsms>. The server only sends one-time codes and
//! invitations, so the message type is one-time password.

use super::{Adapter, content};

pub(super) const ADAPTER: Adapter = Adapter {
    name: "telesign",
    endpoint: "https://rest-ww.telesign.com/v1/messaging",
    request: |gateway, sms| {
        let number = sms.to.trim_start_matches('+');
        gateway.basic(gateway.form(&[
            ("phone_number", number),
            ("message", &sms.text),
            ("message_type", "OTP"),
        ])?)
    },
    error_in_reply: content,
};
