//! Rate limits: fixed windows, counted under the keys that an endpoint declares.

use http::HeaderName;
use serde_json::{Map, Value};

use crate::app::App;
use crate::caller::{Caller, Identified};
use crate::declaration::{Declaration, Limit};
use crate::error::{Refusal, Result};
use crate::request::Request;

/// The rate limits that a call was counted against.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    /// The limit with the fewest calls left: its number of calls, the calls left, and the end of its window (Unix
    /// seconds).
    tightest: Option<(u64, u64, i64)>,
}

/// Which limits of an endpoint are counted: those whose keys need the head of a request only, or those whose keys
/// contain parameters, which can be part of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// By address, path, caller.
    ByHead,
    /// By a parameter: `{param-email}`.
    ByParameter,
}

impl Usage {
    /// Counts a call against the chosen limits; refuses it if one is used up.
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
            if self.tightest.is_none_or(|(_, remaining, _)| left < remaining) {
                self.tightest = Some((limit.calls, left, count.resets_at.seconds()));
            }
        }
        if exceeded && app.settings.rate_limits {
            return Err(Refusal::RateLimited.into());
        }
        Ok(())
    }

    /// Headers of the limit with the fewest calls left; none if no limit was counted.
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
                // Parameters are folded to lower case, so that each spelling of an address does not get its own window.
                key.push_str(&param.unwrap_or_default().to_lowercase());
            }
        }
        rest = after;
    }
    key.push_str(rest);
    key
}
