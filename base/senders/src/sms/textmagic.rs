//! TextMagic: <https://docs.textmagic.com/#tag/Send-New-Message>.

use super::{Adapter, content, with_header};

pub(super) const ADAPTER: Adapter = Adapter {
    name: "textmagic",
    endpoint: "https://rest.textmagic.com/api/v2/messages",
    request: |gateway, sms| {
        let mut fields = vec![("text", sms.text.as_str()), ("phones", sms.to.trim_start_matches('+'))];
        if !gateway.from.is_empty() {
            fields.push(("from", gateway.from.trim_start_matches('+')));
        }
        let request = with_header(gateway.form(&fields)?, "x-tm-username", &gateway.user)?;
        with_header(request, "x-tm-key", &gateway.secret)
    },
    error_in_reply: content,
};
