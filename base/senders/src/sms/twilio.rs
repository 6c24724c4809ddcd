//! Twilio: <https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource>.

use super::{Adapter, content};

pub(super) const ADAPTER: Adapter = Adapter {
    name: "twilio",
    endpoint: "https://api.twilio.com/2010-04-01/Accounts/{user}/Messages.json",
    request: |gateway, sms| {
        // A messaging service selects the number itself; its id is configured in place of a number.
        let from = if gateway.from.starts_with("MG") {
            "MessagingServiceSid"
        } else {
            "From"
        };
        gateway.basic(gateway.form(&[("To", &sms.to), (from, &gateway.from), ("Body", &sms.text)])?)
    },
    error_in_reply: content,
};
