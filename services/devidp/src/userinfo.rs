//! Userinfo endpoints.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use oauth::{Documents, Expr, Template, Userinfo};
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::client_auth;
use crate::form::{self, Params};
use crate::index::{Found, Role};
use crate::pattern::{Captures, Pattern};
use crate::provider_replies::{IssuedTokens, ProviderReplies};
use crate::reply;
use crate::state::{Access, State};

/// Handles a userinfo call, for the provider that issued the access token.
pub(crate) fn answer(state: &State, found: &[Found], request: &Request<Bytes>) -> Response<Bytes> {
    let calls: Vec<(&Found, &Userinfo)> = found
        .iter()
        .filter_map(|found| match found.role {
            Role::Userinfo(at) => Some((found, found.provider.userinfo.get(at)?)),
            _ => None,
        })
        .collect();
    for (found, call) in &calls {
        let sent = Sent::of(request);
        let Some((token, access)) = sent
            .token(call)
            .and_then(|token| Some((token.clone(), state.access.get(&token, state.now())?)))
        else {
            continue;
        };
        if access.grant.authorization.provider.id != found.provider.id {
            continue;
        }
        return match sent
            .problem(call, &access, &token)
            .or_else(|| wrong_address(&found.captures, &access))
        {
            Some(problem) => {
                let body = json!({ "error": "invalid_request", "error_description": problem });
                reply::json(StatusCode::BAD_REQUEST, &body)
            }
            None => {
                let sample = state.sample(&found.provider);
                let replies =
                    ProviderReplies::of(&access.grant, sample, &IssuedTokens::default(), state.now().seconds());
                reply::json(StatusCode::OK, &replies.reply(&call.role))
            }
        };
    }
    let known = calls
        .first()
        .and_then(|(found, _)| state.sample(&found.provider)?.userinfo_error.as_ref());
    match known {
        Some(refusal) => {
            let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::UNAUTHORIZED);
            reply::json(status, &refusal.body)
        }
        None => {
            let body =
                json!({ "error": "invalid_token", "error_description": "The access token is unknown or has expired." });
            reply::json(StatusCode::UNAUTHORIZED, &body)
        }
    }
}

/// Parameters of a request: headers, query, body.
struct Sent<'a> {
    request: &'a Request<Bytes>,
    query: Params,
    body: Params,
}

type Part<'a> = (&'static str, &'a BTreeMap<String, Template>);

impl<'a> Sent<'a> {
    fn of(request: &'a Request<Bytes>) -> Self {
        Self {
            query: crate::form::query(request),
            body: Params::form(request.body()),
            request,
        }
    }

    fn value(&self, part: &str, name: &str) -> Option<&str> {
        match part {
            "header" => form::header(self.request, name),
            "query" => self.query.get(name),
            _ => self.body.get(name),
        }
    }

    /// The access token, read from where the record specifies.
    fn token(&self, call: &Userinfo) -> Option<String> {
        parts(call).into_iter().find_map(|(part, templates)| {
            templates.iter().find_map(|(name, template)| {
                let pattern = Pattern::value(template.as_str());
                pattern.names().find(|name| *name == "access_token")?;
                self.read(&pattern, part, name)?.remove("access_token")
            })
        })
    }

    fn read(&self, pattern: &Pattern, part: &str, name: &str) -> Option<Captures> {
        pattern.read(self.value(part, name)?)
    }

    /// Error of a userinfo call whose access token is valid.
    fn problem(&self, call: &Userinfo, access: &Access, token: &str) -> Option<String> {
        let method = match call.method {
            oauth::Method::Get => http::Method::GET,
            oauth::Method::Post => http::Method::POST,
        };
        if self.request.method() != method {
            return Some(format!("The method must be {method}."));
        }
        for (part, templates) in parts(call) {
            for (name, template) in templates {
                // `Accept` is not required to match.
                if part == "header" && name.eq_ignore_ascii_case("accept") {
                    continue;
                }
                let found = self.read(&Pattern::value(template.as_str()), part, name);
                let secret = access.client_secret.as_deref();
                let mismatch =
                    found.map(|found| client_auth::mismatch(&found, &access.grant, secret, Some(token)).is_some());
                if mismatch != Some(false) {
                    return Some(format!("The {part} `{name}` is missing or wrong."));
                }
            }
        }
        None
    }
}

fn parts(call: &Userinfo) -> [Part<'_>; 3] {
    [("header", &call.headers), ("query", &call.query), ("body", &call.body)]
}

/// Parts of the token reply that are contained in the URL must be those of this login.
fn wrong_address(captures: &Captures, access: &Access) -> Option<String> {
    let mut documents = Documents::default();
    documents.add("token", (*access.reply).clone());
    let fits = |name: &str, value: &str| match Expr::parse(name) {
        Ok(expr) => expr.eval(&documents, None).as_deref() == percent_decode_str(value).decode_utf8().ok().as_deref(),
        Err(_) => true,
    };
    captures
        .iter()
        .find(|(name, value)| name.contains(':') && !fits(name, value))
        .map(|(name, _)| format!("The address does not hold {name}."))
}
