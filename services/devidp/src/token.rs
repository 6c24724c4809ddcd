//! The token endpoint: exchanges codes and refresh tokens for access tokens.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method as HttpMethod, Request, Response, StatusCode};
use oauth::{Encoding, Method, Provider, Refresh};
use serde_json::Value;

use crate::client_auth::{self, Client};
use crate::errors::{self, Kind, TokenError};
use crate::form::{self, Params};
use crate::index::{Found, Role};
use crate::pattern::{Captures, Pattern};
use crate::people::Fault;
use crate::provider_replies::{IssuedTokens, ProviderReplies};
use crate::state::{Access, AuthorizeRequest, Grant, State};
use crate::{discovery, reply};

/// Delay of the fault `slow`: noticeable, and within the client's time limit.
const SLOW: Duration = Duration::from_secs(3);
/// Lifetime of an id_token, in seconds.
const ID_TOKEN_LIFE: i64 = 3600;

/// Grant presented in a token request.
#[derive(Debug)]
enum PresentedGrant {
    Code(String),
    RefreshToken(String),
    /// Providers without refresh tokens: a valid access token is exchanged for one with a longer lifetime.
    AccessToken(String),
}

/// Handles a token request.
pub(crate) async fn answer(state: &State, found: &[Found], request: &Request<Bytes>) -> Response<Bytes> {
    let Some(first) = found.first() else {
        return reply::text(StatusCode::NOT_FOUND, "No provider has this address.");
    };
    match call(state, found, request) {
        Ok((grant, _)) if grant.fault == Fault::Broken => {
            reply::text(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
        Ok((grant, body)) => {
            if grant.fault == Fault::Slow {
                tokio::time::sleep(SLOW).await;
            }
            errors::encode(&grant.authorization.provider, request, StatusCode::OK, &body)
        }
        Err((provider, refused)) => {
            let provider = provider.as_deref().unwrap_or(&first.provider);
            refused.answer(provider, state.sample(provider), request)
        }
    }
}

type Failed = (Option<Arc<Provider>>, TokenError);

fn call(state: &State, found: &[Found], request: &Request<Bytes>) -> Result<(Arc<Grant>, Value), Failed> {
    let params = params(request);
    let presented = found
        .iter()
        .find_map(|found| presented_grant(found, &params).transpose());
    let (presented_grant, captures) = match presented {
        Some(Ok(presented)) => presented,
        Some(Err(refused)) => return Err((None, refused)),
        None => {
            let description = "`grant_type` is missing, or none that is known here.";
            return Err((None, TokenError::new(Kind::UnsupportedGrantType, description)));
        }
    };
    let now = state.now();
    let (grant, kind) = match &presented_grant {
        PresentedGrant::Code(code) => (state.codes.get(code, now), Kind::InvalidGrant),
        PresentedGrant::RefreshToken(token) => (state.refresh.get(token, now), Kind::DeadGrant),
        PresentedGrant::AccessToken(token) => {
            (state.access.get(token, now).map(|access| access.grant), Kind::DeadGrant)
        }
    };
    let Some(grant) = grant else {
        return Err((
            None,
            TokenError::new(kind, "It is unknown, has expired, or was used before."),
        ));
    };
    let provider = grant.authorization.provider.clone();
    let failed = |refused| (Some(provider.clone()), refused);
    if !found.iter().any(|found| found.provider.id == provider.id) {
        return Err((
            None,
            TokenError::new(kind, format!("It was issued by {}.", provider.name)),
        ));
    }
    let client = check(&grant, request, &params, &captures, now.seconds()).map_err(failed)?;
    if let PresentedGrant::Code(code) = &presented_grant {
        check_code(&grant, &params).map_err(failed)?;
        // The code is removed only after all checks; of two concurrent requests only one succeeds.
        if state.codes.take(code, now).is_none() {
            return Err(failed(TokenError::new(Kind::InvalidGrant, "The code was used before.")));
        }
    }
    if grant.fault == Fault::Broken && matches!(presented_grant, PresentedGrant::Code(_)) {
        return Ok((grant, Value::Null));
    }
    let body = issue(state, &grant, &presented_grant, client);
    Ok((grant, body))
}

fn params(request: &Request<Bytes>) -> Params {
    if request.method() == HttpMethod::GET {
        return crate::form::query(request);
    }
    if form::is_of_type(request, "application/json") {
        Params::json(request.body()).unwrap_or_default()
    } else {
        Params::form(request.body())
    }
}

/// Grant presented in a token request by the rules of a record; `None` if the request does not follow these rules.
fn presented_grant(found: &Found, params: &Params) -> Result<Option<(PresentedGrant, Captures)>, TokenError> {
    let rules = refresh_rules(&found.provider);
    let grant_type = params.get("grant_type");
    let wanted = rules.get("grant_type").and_then(Pattern::constant);
    if found.role == Role::Token && grant_type == Some("authorization_code") {
        let code = params
            .get("code")
            .ok_or(TokenError::new(Kind::InvalidRequest, "`code` is missing."))?;
        return Ok(Some((PresentedGrant::Code(code.to_owned()), Captures::new())));
    }
    let elsewhere = found.role == Role::Token && found.provider.refresh_url.is_some();
    if elsewhere || grant_type != wanted {
        return Ok(None);
    }
    let mut captures = Captures::new();
    for (name, rule) in &rules {
        let given = params.get(name).and_then(|value| rule.read(value));
        captures.extend(given.ok_or(TokenError::new(
            Kind::InvalidRequest,
            format!("`{name}` is missing or wrong."),
        ))?);
    }
    let refresh = captures.get("refresh_token").cloned().map(PresentedGrant::RefreshToken);
    let presented = refresh.or_else(|| captures.get("access_token").cloned().map(PresentedGrant::AccessToken));
    Ok(presented.map(|presented_grant| (presented_grant, captures)))
}

/// Parameters of a refresh request: the standard ones (RFC 6749 6), changed by the record.
fn refresh_rules(provider: &Provider) -> BTreeMap<String, Pattern> {
    let mut rules = BTreeMap::from([("grant_type".to_owned(), Pattern::value("refresh_token"))]);
    if provider.refresh != Refresh::Exchange {
        rules.insert("refresh_token".to_owned(), Pattern::value("{refresh_token}"));
    }
    for (name, template) in &provider.refresh_params {
        match template.as_str() {
            "" => rules.remove(name),
            text => rules.insert(name.clone(), Pattern::value(text)),
        };
    }
    rules
}

/// Checks common to all token requests: method, encoding, headers, client authentication.
fn check(
    grant: &Grant,
    request: &Request<Bytes>,
    params: &Params,
    captures: &Captures,
    now: i64,
) -> Result<Client, TokenError> {
    let provider = &*grant.authorization.provider;
    let invalid = |description: String| TokenError::new(Kind::InvalidRequest, description);
    let (method, media_type) = match (provider.token_method, provider.token_request) {
        (Method::Get, _) => (HttpMethod::GET, None),
        (Method::Post, Encoding::Form) => (HttpMethod::POST, Some("application/x-www-form-urlencoded")),
        (Method::Post, Encoding::Json) => (HttpMethod::POST, Some("application/json")),
    };
    if request.method() != method {
        return Err(invalid(format!("The method must be {method}.")));
    }
    if let Some(media_type) = media_type.filter(|media_type| !form::is_of_type(request, media_type)) {
        return Err(invalid(format!("The content type must be {media_type}.")));
    }
    if let Some(name) = params.repeated() {
        return Err(invalid(format!("`{name}` is there twice.")));
    }
    for (name, template) in &provider.token_headers {
        let demanded = !name.eq_ignore_ascii_case("accept");
        if demanded && form::header(request, name) != Pattern::value(template.as_str()).constant() {
            return Err(invalid(format!("The header {name} is missing or wrong.")));
        }
    }
    let client = client_auth::client(provider, request, params, now)?;
    if client
        .id
        .as_ref()
        .is_some_and(|id| *id != grant.authorization.client_id)
    {
        return Err(TokenError::new(Kind::InvalidGrant, "It was issued to another client."));
    }
    match client_auth::mismatch(captures, grant, client.secret.as_deref(), None) {
        Some(name) => Err(invalid(format!("`{name}` is not what the callback said."))),
        None => Ok(client),
    }
}

/// Checks of authorization codes.
fn check_code(grant: &Grant, params: &Params) -> Result<(), TokenError> {
    let refused = |description: &str| Err(TokenError::new(Kind::InvalidGrant, description));
    if grant.fault == Fault::Expired {
        return refused("The code has expired.");
    }
    // RFC 6749 4.1.3: must be identical to that of the authorization request.
    if params.get("redirect_uri") != Some(&grant.authorization.redirect_uri) {
        return refused("`redirect_uri` is not the one that was asked with.");
    }
    client_auth::verifier(grant.authorization.challenge.as_deref(), params.get("code_verifier"))?;
    for (name, template) in &grant.authorization.provider.token_params {
        let given = params
            .get(name)
            .and_then(|value| Pattern::value(template.as_str()).read(value));
        if given.is_none_or(|captures| client_auth::mismatch(&captures, grant, None, None).is_some()) {
            return Err(TokenError::new(
                Kind::InvalidRequest,
                format!("`{name}` is missing or wrong."),
            ));
        }
    }
    Ok(())
}

/// Issues the tokens and builds the reply.
fn issue(state: &State, grant: &Arc<Grant>, presented_grant: &PresentedGrant, client: Client) -> Value {
    let (authorization, now) = (&grant.authorization, state.now());
    let provider = &*authorization.provider;
    let sample = state.sample(provider);
    let refreshed = !matches!(presented_grant, PresentedGrant::Code(_));
    let mut issued = IssuedTokens {
        access_token: secrets::random::base64url::<24>(),
        refresh_token: match presented_grant {
            PresentedGrant::RefreshToken(token) if !rotates(provider) => Some(token.clone()),
            _ => gives_refresh(authorization).then(secrets::random::base64url::<24>),
        },
        id_token: None,
    };
    let replies = ProviderReplies::of(grant, sample, &issued, now.seconds());
    let claims = replies.claims.map(|claims| claims_of(state, grant, claims, refreshed));
    issued.id_token = claims.map(|claims| state.signer.sign(&claims));
    let mut body = ProviderReplies::of(grant, sample, &issued, now.seconds()).token;
    if let (true, Some(sample), Value::Object(members)) = (refreshed, sample, &mut body) {
        members.retain(|name, _| !sample.refresh_without.contains(name));
        members.extend(sample.refresh_with.clone());
    }
    let access = Access {
        grant: grant.clone(),
        client_secret: client.secret,
        reply: Arc::new(body.clone()),
    };
    let field = provider
        .token_fields
        .get("access_token")
        .map_or("access_token", String::as_str);
    let token = body
        .pointer(&provider.token_path)
        .and_then(|reply| reply.get(field)?.as_str());
    state.access.put_for(
        token.unwrap_or(&issued.access_token),
        access,
        now,
        State::life(provider),
    );
    if let Some(token) = &issued.refresh_token {
        state.refresh.put(token, grant.clone(), now);
    }
    if let PresentedGrant::RefreshToken(old) = presented_grant
        && rotates(provider)
    {
        state.refresh.take(old, now);
    }
    body
}

fn rotates(provider: &Provider) -> bool {
    matches!(provider.refresh, Refresh::Rotating | Refresh::OptionalRotating)
}

fn gives_refresh(authorization: &AuthorizeRequest) -> bool {
    match authorization.provider.refresh {
        Refresh::Rotating | Refresh::Stable | Refresh::OptionalRotating => true,
        // OpenID Connect Core 11: a refresh token is issued if offline access was requested.
        Refresh::Varies => authorization.scopes.iter().any(|scope| scope == "offline_access"),
        Refresh::Exchange | Refresh::PartnersOnly | Refresh::None => false,
    }
}

/// Adds the claims required by the standard (OpenID Connect Core 2) to those of the provider.
fn claims_of(state: &State, grant: &Grant, mut claims: Value, refreshed: bool) -> Value {
    let (authorization, now) = (&grant.authorization, state.now().seconds());
    let provider = &*authorization.provider;
    let sample = state.sample(provider);
    claims["iss"] = discovery::issuer(provider, &authorization.captures, sample).into();
    claims["aud"] = authorization.client_id.as_str().into();
    claims["iat"] = now.into();
    claims["exp"] = (now + ID_TOKEN_LIFE).into();
    if let Some((claim, value)) = discovery::tenant(provider, &authorization.captures, sample) {
        claims[claim] = value.into();
    }
    match &authorization.nonce {
        Some(_) if grant.fault == Fault::WrongNonce => claims["nonce"] = secrets::random::base64url::<24>().into(),
        // OpenID Connect Core 12.2: the id_token of a refresh does not need a nonce.
        Some(nonce) if !refreshed => claims["nonce"] = nonce.as_str().into(),
        _ => {}
    }
    claims
}
