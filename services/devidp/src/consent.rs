//! The redirect back to the app, with the result of the consent page.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Map, Value};
use url::Url;

use crate::form::Params;
use crate::pattern::Captures;
use crate::people::{Fault, Person};
use crate::provider_replies::{self, IssuedTokens};
use crate::state::{AuthorizeRequest, Grant, State};
use crate::{discovery, page, reply};

/// Handles the page's form: `request`, `person` and `fault`; for a custom person also `name`, `email`, `verified`.
pub(crate) fn decide(state: &State, request: &Request<Bytes>) -> Response<Bytes> {
    let form = Params::form(request.body());
    let (Some(mut person), Some(fault)) = (Person::chosen(&form), Fault::chosen(&form)) else {
        return page::refused("There is no such person, or no such fault.");
    };
    let now = state.now();
    let Some(authorization) = form.get("request").and_then(|id| state.waiting.take(id, now)) else {
        return page::refused("This sign-in was answered before, or has waited too long. Start again in the app.");
    };
    fault.apply(&mut person);
    match fault {
        Fault::Deny => answer(&authorization, denial(state, &authorization)),
        _ => {
            let parameters = consent(state, &authorization, person, fault);
            answer(&authorization, parameters)
        }
    }
}

/// Parameters of a successful response (RFC 6749 4.1.2), with the provider-specific ones and, if the provider sends it,
/// `iss` (RFC 9207).
fn consent(
    state: &State,
    authorization: &Arc<AuthorizeRequest>,
    person: Person,
    fault: Fault,
) -> Vec<(String, String)> {
    let (provider, now) = (&authorization.provider, state.now());
    let sample = state.sample(provider);
    let mut grant = Grant {
        authorization: authorization.clone(),
        person,
        fault,
        extras: Captures::new(),
    };
    let replies = provider_replies::ProviderReplies::of(&grant, sample, &IssuedTokens::default(), now.seconds());
    grant.extras = extras(authorization, replies.callback());
    let code = secrets::random::base64url::<24>();
    let mut parameters = vec![
        ("code".to_owned(), code.clone()),
        ("state".to_owned(), authorization.state.clone()),
    ];
    parameters.extend(grant.extras.clone());
    parameters.extend(issuer(state, authorization));
    state.codes.put(&code, Arc::new(grant), now);
    parameters
}

/// Parameters of an error response (RFC 6749 4.1.2.1).
fn denial(state: &State, authorization: &AuthorizeRequest) -> Vec<(String, String)> {
    let mut parameters = vec![("state".to_owned(), authorization.state.clone())];
    match state.sample(&authorization.provider).map(|sample| &sample.denied) {
        Some(denied) if !denied.is_empty() => {
            parameters.extend(denied.iter().map(|(name, value)| (name.clone(), reply::plain(value))));
        }
        _ => parameters.extend([
            ("error".to_owned(), "access_denied".to_owned()),
            (
                "error_description".to_owned(),
                "The user denied the request.".to_owned(),
            ),
        ]),
    }
    parameters.extend(issuer(state, authorization));
    parameters
}

fn issuer(state: &State, authorization: &AuthorizeRequest) -> Option<(String, String)> {
    let provider = &authorization.provider;
    let issuer = || discovery::issuer(provider, &authorization.captures, state.sample(provider));
    provider.iss_parameter.then(|| ("iss".to_owned(), issuer()))
}

/// Non-standard parameters of the callback: those of the sample, and those that the record expects.
fn extras(authorization: &AuthorizeRequest, sample: Map<String, Value>) -> Captures {
    let mut extras: Captures = sample
        .iter()
        .map(|(name, value)| (name.clone(), reply::plain(value)))
        .collect();
    for (name, param) in &authorization.provider.callback_params {
        let default = || param.default.clone().or_else(|| param.allow.first().cloned());
        extras
            .entry(name.clone())
            .or_insert_with(|| default().unwrap_or_else(secrets::random::base64url::<12>));
    }
    extras
}

/// Redirects the browser to the app, or returns a self-submitting form (OAuth 2.0 Form Post Response Mode).
fn answer(authorization: &AuthorizeRequest, parameters: Vec<(String, String)>) -> Response<Bytes> {
    if authorization.form_post {
        return page::send(&authorization.redirect_uri, &parameters);
    }
    let Ok(mut url) = Url::parse(&authorization.redirect_uri) else {
        return page::refused("The redirect URI cannot be read.");
    };
    url.query_pairs_mut().extend_pairs(parameters);
    reply::see_other(url.as_str())
}
