//! Rate limits: fixed windows, counted by the keys that an endpoint declares.

use http::HeaderName;
use serde_json::{Map, Value};

use crate::app::App;
use crate::caller::{Caller, Identified};
use crate::endpoint::{Declaration, Limit};
use crate::error::{Refusal, Result};
use crate::request::Request;

/// Counters that a call has used.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    /// The limit that has the least left: its calls, what is left, and when the window ends.
    tightest: Option<(u64, u64, i64)>,
}

/// Which limits of an endpoint are meant: those counted by the head of a request alone, or those counted by parameters
/// that may stand in its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// By address, path, caller.
    ByHead,
    /// By a parameter: `{param-email}`.
    ByParameter,
}

impl Usage {
    /// Counts a call against some limits; refuses where one is used up.
    ///
    /// Servers, developers and development keys are not limited, as in Appwrite.
    pub(crate) async fn count(
        &mut self,
        app: &App,
        project: &str,
        endpoint: &Declaration,
        identified: &Identified,
        request: &Request,
        (which, input): (Counted, &Map<String, Value>),
    ) -> Result<()> {
        if endpoint.limits.is_empty() || identified.caller.is_privileged() || identified.dev_key {
            return Ok(());
        }
        let mut exceeded = false;
        let meant = |limit: &&Limit| (which == Counted::ByParameter) == limit.key.contains("{param-");
        for limit in endpoint.limits.iter().filter(meant) {
            let key = format!(
                "{project},{} {},{}",
                endpoint.method,
                endpoint.path,
                fill(limit.key, endpoint, identified, request, input)
            );
            let count = app.counters.hit(&key, limit.seconds, request.now).await;
            let left = limit.calls.saturating_sub(count.used);
            exceeded |= count.used > limit.calls;
            if self.tightest.is_none_or(|(_, least, _)| left < least) {
                self.tightest = Some((limit.calls, left, count.resets_at.seconds()));
            }
        }
        if exceeded && app.settings.rate_limits {
            return Err(Refusal::RateLimited.into());
        }
        Ok(())
    }

    /// The headers of the limit that has the least left; none where none was counted.
    pub(crate) fn headers(&self) -> Vec<(HeaderName, String)> {
        let Some((calls, left, reset)) = self.tightest else {
            return Vec::new();
        };
        vec![
            (HeaderName::from_static("x-ratelimit-limit"), calls.to_string()),
            (HeaderName::from_static("x-ratelimit-remaining"), left.to_string()),
            (HeaderName::from_static("x-ratelimit-reset"), reset.to_string()),
        ]
    }
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
