//! Rate limits: fixed windows, counted by the keys that an endpoint declares.

use http::HeaderName;
use serde_json::{Map, Value};

use crate::app::App;
use crate::caller::{Caller, Identified};
use crate::endpoint::Declaration;
use crate::error::{Refusal, Result};
use crate::request::Request;

/// Counts a call. Answers the headers of the limit that has the least left; refuses where one is used up.
///
/// Servers, developers and development keys are not limited, as in Appwrite.
pub(crate) async fn count(
    app: &App,
    project: &str,
    endpoint: &Declaration,
    identified: &Identified,
    request: &Request,
    input: &Map<String, Value>,
) -> (Vec<(HeaderName, String)>, Result<()>) {
    if endpoint.limits.is_empty() || identified.caller.is_privileged() || identified.dev_key {
        return (Vec::new(), Ok(()));
    }
    let mut tightest: Option<(u64, u64, i64)> = None;
    let mut exceeded = false;
    for limit in &endpoint.limits {
        let key = format!(
            "{project},{} {},{}",
            endpoint.method,
            endpoint.path,
            fill(limit.key, endpoint, identified, request, input)
        );
        let count = app.counters.hit(&key, limit.seconds, request.now).await;
        let left = limit.calls.saturating_sub(count.used);
        exceeded |= count.used > limit.calls;
        if tightest.is_none_or(|(_, least, _)| left < least) {
            tightest = Some((limit.calls, left, count.resets_at.seconds()));
        }
    }
    let (calls, left, reset) = tightest.unwrap_or_default();
    let headers = vec![
        (HeaderName::from_static("x-ratelimit-limit"), calls.to_string()),
        (HeaderName::from_static("x-ratelimit-remaining"), left.to_string()),
        (HeaderName::from_static("x-ratelimit-reset"), reset.to_string()),
    ];
    let refused = exceeded && app.settings.rate_limits;
    (
        headers,
        if refused {
            Err(Refusal::RateLimited.into())
        } else {
            Ok(())
        },
    )
}

/// Fills `{ip}`, `{url}`, `{userId}`, `{method}`, `{userAgent}` and `{param-NAME}`.
fn fill(
    pattern: &str,
    endpoint: &Declaration,
    identified: &Identified,
    request: &Request,
    input: &Map<String, Value>,
) -> String {
    let mut key = String::with_capacity(pattern.len() + 64);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        key.push_str(before);
        match name {
            "ip" => key.push_str(&request.ip.to_string()),
            "url" => key.push_str(endpoint.path),
            "method" => key.push_str(endpoint.method.as_str()),
            "userAgent" => key.push_str(&request.user_agent()),
            "userId" => match &identified.caller {
                Caller::User { person, .. } => key.push_str(person.user.id.as_str()),
                _ => key.push_str("guest"),
            },
            other => {
                let param = other
                    .strip_prefix("param-")
                    .and_then(|name| input.get(name))
                    .and_then(Value::as_str);
                // Addresses count without regard to case, or each spelling would have a window of its own.
                key.push_str(&param.unwrap_or_default().to_lowercase());
            }
        }
        rest = after;
    }
    key.push_str(rest);
    key
}
