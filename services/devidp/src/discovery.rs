//! The metadata document (OpenID Connect Discovery 1.0 section 4) and the issuer.

use bytes::Bytes;
use http::{Response, StatusCode};
use oauth::{ClientAuth, Provider, Template};
use serde_json::{Value, json};

use crate::index::{self, BASE, Found};
use crate::pattern::{Captures, Pattern};
use crate::reply;
use crate::samples::Sample;
use crate::state::State;

/// Default value of a placeholder without a known value, such as a tenant or an application.
const DEFAULT_VALUE: &str = "dev";

/// Returns the metadata of the provider with this address.
pub(crate) fn metadata(state: &State, found: &[Found], address: &str) -> Response<Bytes> {
    let host = address.split('/').next().unwrap_or_default();
    let Some(found) = select(state, found, host) else {
        return reply::text(StatusCode::NOT_FOUND, "No provider has this address.");
    };
    let provider = &*found.provider;
    let mut captures = found.captures.clone();
    captures
        .entry(BASE.to_owned())
        .or_insert_with(|| index::base_of(&format!("https://{address}")).to_owned());
    let endpoint = |template: &Option<Template>, name: &str| {
        let text = template.as_ref().map(|template| template.as_str().to_owned());
        let text = text.filter(|text| !Pattern::url(text).is_open());
        let text = text.or_else(|| index::own_endpoint(provider, name));
        text.and_then(|text| filled(provider, &text, &captures, None))
    };
    let userinfo = provider.userinfo.first().map(|call| &call.url);
    let document = json!({
        "issuer": metadata_issuer(provider, &captures, state.sample(provider)),
        "authorization_endpoint": endpoint(&provider.authorize_url, "authorize"),
        "token_endpoint": endpoint(&provider.token_url, "token"),
        "userinfo_endpoint": userinfo.and_then(|url| endpoint(url, "userinfo")),
        "jwks_uri": endpoint(&provider.jwks_url, "jwks"),
        "scopes_supported": provider.scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": methods(provider.client_auth),
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "name", "email", "email_verified"],
        "authorization_response_iss_parameter_supported": provider.iss_parameter,
    });
    let Value::Object(mut members) = document else {
        return reply::json(StatusCode::OK, &document);
    };
    members.retain(|_, value| !value.is_null());
    reply::json(StatusCode::OK, &Value::Object(members))
}

fn methods(way: ClientAuth) -> &'static [&'static str] {
    match way {
        ClientAuth::Basic => &["client_secret_basic"],
        ClientAuth::None => &["none"],
        ClientAuth::PerDiscovery => &["client_secret_basic", "client_secret_post"],
        _ => &["client_secret_post"],
    }
}

/// Several self-hosted providers have their metadata at the same path. Selects the record whose ID is part of the host
/// name, else that of the last sign-in at this host, else one with a fixed host, else plain OpenID Connect, else the
/// first.
fn select<'a>(state: &State, found: &'a [Found], host: &str) -> Option<&'a Found> {
    let last = state.hosts.get(host, state.now());
    let named = |found: &&Found| host.split(['.', '-', ':']).any(|label| label == found.provider.id);
    let used = |found: &&Found| last.as_ref() == Some(&found.provider.id);
    let settled = found.first().filter(|found| found.names_host);
    let plain = |found: &&Found| found.captures.contains_key(BASE);
    found
        .iter()
        .find(named)
        .or_else(|| found.iter().find(used))
        .or(settled)
        .or_else(|| found.iter().find(plain))
        .or(found.first())
}

/// Value of `iss`: the record's issuer, never the address of this server.
pub(crate) fn issuer(provider: &Provider, captures: &Captures, sample: Option<&Sample>) -> String {
    let own = provider.issuer.as_ref();
    let value = own.and_then(|issuer| filled(provider, issuer.as_str(), captures, sample));
    value
        .or_else(|| base(provider, captures))
        .unwrap_or_else(|| format!("https://{DEFAULT_VALUE}.test"))
}

/// Name and value of the tenant claim, for providers whose issuer depends on the tenant.
pub(crate) fn tenant(provider: &Provider, captures: &Captures, sample: Option<&Sample>) -> Option<(String, String)> {
    let tenant = provider.tenant.as_ref()?;
    let setting = captures.get(&tenant.setting).map_or(DEFAULT_VALUE, String::as_str);
    let value = match tenant.same_as.get(setting) {
        Some(other) => other.clone(),
        None if tenant.shared.iter().any(|shared| shared == setting) => sample
            .and_then(|sample| sample.id_token.as_ref()?.get(&tenant.claim)?.as_str())
            .unwrap_or(DEFAULT_VALUE)
            .to_owned(),
        None => setting.to_owned(),
    };
    Some((tenant.claim.clone(), value))
}

/// Issuer in the metadata. The metadata shared by several tenants contains a placeholder (Microsoft: `{tenantid}`).
fn metadata_issuer(provider: &Provider, captures: &Captures, sample: Option<&Sample>) -> String {
    let shared = provider.tenant.as_ref().filter(|tenant| {
        let setting = captures.get(&tenant.setting);
        setting.is_some_and(|setting| tenant.shared.contains(setting))
    });
    match (shared, &provider.issuer) {
        (Some(tenant), Some(issuer)) => issuer.as_str().replace(&format!("{{{}}}", tenant.claim), "{tenantid}"),
        _ => issuer(provider, captures, sample),
    }
}

/// Base URL of the endpoints, for records whose issuer comes from discovery.
fn base(provider: &Provider, captures: &Captures) -> Option<String> {
    if let Some(base) = captures.get(BASE) {
        return Some(base.clone());
    }
    let discovery = provider.discovery_url.as_ref()?.as_str();
    if !Pattern::url(discovery).is_open() {
        return filled(provider, index::base_of(discovery), captures, None);
    }
    // For endpoints configured one by one, only their origin is used.
    let endpoint = url::Url::parse(captures.values().next()?).ok()?;
    Some(endpoint.origin().ascii_serialization())
}

/// Fills the placeholders of a record's URL with the captured values, else with the tenant or the defaults.
fn filled(provider: &Provider, text: &str, captures: &Captures, sample: Option<&Sample>) -> Option<String> {
    Pattern::url(text).fill(|name| {
        let callback_default = || {
            provider
                .callback_params
                .get(name)
                .and_then(|param| param.default.clone())
        };
        let setting_default = || provider.settings.defaults.get(name).cloned();
        let tenant = || {
            tenant(provider, captures, sample)
                .filter(|(claim, _)| claim == name)
                .map(|(_, value)| value)
        };
        let value = captures
            .get(name)
            .cloned()
            .or_else(tenant)
            .or_else(callback_default)
            .or_else(setting_default);
        value.or_else(|| Some(DEFAULT_VALUE.to_owned()))
    })
}
