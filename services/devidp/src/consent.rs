//! The redirect back to the app, with the result of the consent page.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Map, Value};
use url::Url;

use crate::form::Params;
use crate::pattern::Captures;
use crate::people::{Fault, Person};
use crate::portrait::{self, Issued};
use crate::state::{AuthorizeRequest, Grant, State};
use crate::{discovery, page, reply};

/// Handles the page's form: `request`, `person` and `fault`; for a custom person also `name`, `email`, `verified`.
pub(crate) fn decide(state: &State, request: &Request<Bytes>) -> Response<Bytes> {
    let form = Params::form(request.body());
    let (Some(mut person), Some(fault)) = (Person::chosen(&form), Fault::chosen(&form)) else {
        return page::refused("There is no such person, or no such fault.");
    };
    let now = state.now();
    let Some(asked) = form.get("request").and_then(|id| state.waiting.take(id, now)) else {
        return page::refused("This sign-in was answered before, or has waited too long. Start again in the app.");
    };
    fault.befall(&mut person);
    match fault {
        Fault::Deny => answer(&asked, denial(state, &asked)),
        _ => {
            let parameters = consent(state, &asked, person, fault);
            answer(&asked, parameters)
        }
    }
}

/// Parameters of a successful response (RFC 6749 4.1.2), with the provider-specific ones and, if the provider sends it,
/// `iss` (RFC 9207).
fn consent(state: &State, asked: &Arc<AuthorizeRequest>, person: Person, fault: Fault) -> Vec<(String, String)> {
    let (provider, now) = (&asked.provider, state.now());
    let sample = state.sample(provider);
    let mut grant = Grant {
        asked: asked.clone(),
        person,
        fault,
        extras: Captures::new(),
    };
    let portrait = portrait::Portrait::of(&grant, sample, &Issued::default(), now.seconds());
    grant.extras = extras(asked, portrait.callback());
    let code = secrets::random::base64url::<24>();
    let mut parameters = vec![
        ("code".to_owned(), code.clone()),
        ("state".to_owned(), asked.state.clone()),
    ];
    parameters.extend(grant.extras.clone());
    parameters.extend(issuer(state, asked));
    state.codes.put(&code, Arc::new(grant), now);
    parameters
}

/// Parameters of an error response (RFC 6749 4.1.2.1).
fn denial(state: &State, asked: &AuthorizeRequest) -> Vec<(String, String)> {
    let mut parameters = vec![("state".to_owned(), asked.state.clone())];
    match state.sample(&asked.provider).map(|sample| &sample.denied) {
        Some(denied) if !denied.is_empty() => {
            parameters.extend(denied.iter().map(|(name, value)| (name.clone(), reply::plain(value))));
        }
        _ => parameters.extend([
            ("error".to_owned(), "access_denied".to_owned()),
            ("error_description".to_owned(), "The person said no.".to_owned()),
        ]),
    }
    parameters.extend(issuer(state, asked));
    parameters
}

fn issuer(state: &State, asked: &AuthorizeRequest) -> Option<(String, String)> {
    let provider = &asked.provider;
    let issuer = || discovery::issuer(provider, &asked.captures, state.sample(provider));
    provider.iss_parameter.then(|| ("iss".to_owned(), issuer()))
}

/// Non-standard parameters of the callback: those of the sample, and those that the record expects.
fn extras(asked: &AuthorizeRequest, sample: Map<String, Value>) -> Captures {
    let mut extras: Captures = sample
        .iter()
        .map(|(name, value)| (name.clone(), reply::plain(value)))
        .collect();
    for (name, param) in &asked.provider.callback_params {
        let usual = || param.default.clone().or_else(|| param.allow.first().cloned());
        extras
            .entry(name.clone())
            .or_insert_with(|| usual().unwrap_or_else(secrets::random::base64url::<12>));
    }
    extras
}

/// Redirects the browser to the app, or returns a self-submitting form (OAuth 2.0 Form Post Response Mode).
fn answer(asked: &AuthorizeRequest, parameters: Vec<(String, String)>) -> Response<Bytes> {
    if asked.form_post {
        return page::send(&asked.redirect_uri, &parameters);
    }
    let Ok(mut url) = Url::parse(&asked.redirect_uri) else {
        return page::refused("The redirect URI cannot be read.");
    };
    url.query_pairs_mut().extend_pairs(parameters);
    reply::see_other(url.as_str())
}
