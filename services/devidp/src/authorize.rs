//! The authorization endpoint: validates the request as the provider would, and shows the consent page.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use oauth::{Nonce, Pkce, Provider};
use serde_json::json;
use url::Url;

use crate::form::{self, Params};
use crate::index::Found;
use crate::pattern::Pattern;
use crate::state::{AuthorizeRequest, State};
use crate::{page, reply};

/// Shows the consent page, or a page with the error in the request.
pub(crate) fn show(state: &State, found: &[Found], address: &str, request: &Request<Bytes>) -> Response<Bytes> {
    let params = crate::form::query(request);
    let Some(found) = select(found, &params) else {
        return page::unknown_address(address);
    };
    let authorization = match read(found, &params) {
        Ok(authorization) => authorization,
        Err(problem) => return page::problem(&found.provider, &problem),
    };
    let host = address.split('/').next().unwrap_or_default();
    state.hosts.put(host, found.provider.id.clone(), state.now());
    let id = secrets::random::base64url::<24>();
    let authorization = Arc::new(authorization);
    state.waiting.put(&id, authorization.clone(), state.now());
    // Scripts that accept JSON get the content of the page as JSON.
    if form::header(request, header::ACCEPT.as_str()).is_some_and(|accept| accept.starts_with("application/json")) {
        let body = json!({ "request": id, "provider": authorization.provider.id, "clientId": authorization.client_id,
            "redirectUri": authorization.redirect_uri, "scopes": authorization.scopes });
        return reply::json(StatusCode::OK, &body);
    }
    page::choose(&authorization, &id)
}

/// Selects among several records with the same address the one whose ID is in the path of the redirect URI, else the
/// first.
fn select<'a>(found: &'a [Found], params: &Params) -> Option<&'a Found> {
    let callback = Url::parse(params.get("redirect_uri").unwrap_or_default()).ok();
    let steps: Vec<&str> = callback.iter().flat_map(Url::path_segments).flatten().collect();
    found
        .iter()
        .find(|found| steps.contains(&found.provider.id.as_str()))
        .or(found.first())
}

fn read(found: &Found, params: &Params) -> Result<AuthorizeRequest, String> {
    let provider = &found.provider;
    if let Some(name) = params.repeated() {
        return Err(format!("`{name}` is there twice."));
    }
    let demand = |name: &str| {
        params
            .get(name)
            .map(str::to_owned)
            .ok_or(format!("`{name}` is missing."))
    };
    let client_id = demand(&provider.client_id_param)?;
    let redirect_uri = demand("redirect_uri")?;
    let callback = Url::parse(&redirect_uri).map_err(|_| "`redirect_uri` is no URL.".to_owned())?;
    // RFC 6749 3.1.2: absolute, and without a fragment.
    if !matches!(callback.scheme(), "http" | "https") || callback.fragment().is_some() {
        return Err("`redirect_uri` must be an http or https URL without a fragment.".into());
    }
    if demand("response_type")? != "code" {
        return Err("`response_type` must be `code`.".into());
    }
    let scopes = scopes(provider, params)?;
    let nonce = params.get("nonce").map(str::to_owned);
    let demanded = match provider.nonce {
        Nonce::Always => true,
        Nonce::WithOpenid => scopes.iter().any(|scope| scope == "openid"),
        Nonce::Never => false,
    };
    if demanded && nonce.is_none() {
        return Err("`nonce` is missing.".into());
    }
    demand_params(provider, params)?;
    Ok(AuthorizeRequest {
        captures: found.captures.clone(),
        state: demand("state")?,
        challenge: challenge(provider, params)?,
        form_post: params.get("response_mode") == Some("form_post"),
        provider: provider.clone(),
        client_id,
        redirect_uri,
        scopes,
        nonce,
    })
}

fn scopes(provider: &Provider, params: &Params) -> Result<Vec<String>, String> {
    let text = params.get("scope").unwrap_or_default();
    let scopes: Vec<String> = match provider.scope_separator.as_str() {
        "" => Vec::new(),
        separator => text
            .split(separator)
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect(),
    };
    match provider.scopes.iter().find(|scope| !scopes.contains(scope)) {
        Some(scope) => Err(format!(
            "`scope` lacks `{scope}`; {} separates scopes by `{}`.",
            provider.name, provider.scope_separator
        )),
        None => Ok(scopes),
    }
}

/// Validates the PKCE parameters as the provider would; a provider without PKCE ignores them.
fn challenge(provider: &Provider, params: &Params) -> Result<Option<String>, String> {
    let challenge = params.get("code_challenge");
    match (provider.pkce, challenge) {
        (Pkce::None, _) => Ok(None),
        (Pkce::Required, None) => Err(format!("`code_challenge` is missing: {} demands PKCE.", provider.name)),
        (_, None) => Ok(None),
        (_, Some(challenge)) => {
            let by_s256 = params
                .get("code_challenge_method")
                .is_some_and(|method| method.eq_ignore_ascii_case("S256"));
            // RFC 7636 4.2: base64url of a SHA-256, 43 characters.
            if by_s256 && challenge.len() == 43 {
                Ok(Some(challenge.to_owned()))
            } else {
                Err("`code_challenge` must be made by S256, and `code_challenge_method` must say so.".into())
            }
        }
    }
}

/// Checks the provider-specific parameters of the record that have a constant value.
fn demand_params(provider: &Provider, params: &Params) -> Result<(), String> {
    for (name, template) in &provider.authorize_params {
        let pattern = Pattern::value(template.as_str());
        if let Some(wanted) = pattern.constant()
            && params.get(name) != Some(wanted)
        {
            return Err(format!("`{name}` must be `{wanted}`."));
        }
    }
    Ok(())
}
