//! Client authentication. Any credentials are accepted, but they must be sent by a method that the provider supports.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{Request, header};
use oauth::{ClientAuth, Provider};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::errors::{Kind, TokenError};
use crate::form::{self, Params};
use crate::pattern::Captures;
use crate::state::Grant;

/// Maximum lifetime of Apple's client secrets, in seconds: six months.
const MAX_SECRET_LIFE: i64 = 15_777_000;

/// Credentials that a client presented.
#[derive(Debug, Default)]
pub(crate) struct Client {
    pub(crate) id: Option<String>,
    pub(crate) secret: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AuthMethod {
    Basic,
    Bearer,
    Query,
    Body,
    Nothing,
}

/// Reads the client's credentials; returns an error if the provider does not support the method by which they were
/// sent.
pub(crate) fn client(
    provider: &Provider,
    request: &Request<Bytes>,
    body: &Params,
    now: i64,
) -> Result<Client, TokenError> {
    let refused = |description: String| TokenError::new(Kind::InvalidClient, description);
    let query = crate::form::query(request);
    let scheme = form::header(request, header::AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '));
    let mut presented = Vec::new();
    match scheme {
        Some((name, value)) if name.eq_ignore_ascii_case("basic") => {
            presented.push((
                AuthMethod::Basic,
                basic(value).ok_or_else(|| refused("The Basic credentials cannot be read.".into()))?,
            ));
        }
        Some((name, value)) if name.eq_ignore_ascii_case("bearer") => {
            let id = body.get(&provider.client_id_param).map(str::to_owned);
            presented.push((
                AuthMethod::Bearer,
                Client {
                    id,
                    secret: Some(value.to_owned()),
                },
            ));
        }
        Some(_) => {
            return Err(refused(
                "The Authorization header has a scheme that no client uses here.".into(),
            ));
        }
        None => {}
    }
    for (method, params) in [(AuthMethod::Query, &query), (AuthMethod::Body, body)] {
        if let Some(secret) = params.get("client_secret") {
            let id = params.get(&provider.client_id_param).map(str::to_owned);
            presented.push((
                method,
                Client {
                    id,
                    secret: Some(secret.to_owned()),
                },
            ));
        }
    }
    if presented.len() > 1 {
        // RFC 6749 2.3: a request must not use more than one authentication method.
        return Err(TokenError::new(
            Kind::InvalidRequest,
            "The client proves itself in more than one way.",
        ));
    }
    let (method, client) = presented.pop().unwrap_or_else(|| {
        let id = body.get(&provider.client_id_param).map(str::to_owned);
        (AuthMethod::Nothing, Client { id, secret: None })
    });
    if !methods(provider).contains(&method) {
        let wanted = provider.client_auth_accepted.join(", ");
        return Err(refused(format!("{} takes credentials by: {wanted}.", provider.name)));
    }
    let by_secret_alone = method == AuthMethod::Bearer || provider.client_auth == ClientAuth::BearerSecret;
    if client.id.is_none() && !by_secret_alone {
        return Err(refused(format!("`{}` is missing.", provider.client_id_param)));
    }
    if method == AuthMethod::Body && provider.client_auth == ClientAuth::BodyJwt {
        let secret = client.secret.as_deref().unwrap_or_default();
        signed_secret(provider, client.id.as_deref(), secret, now).map_err(refused)?;
    }
    Ok(client)
}

/// Authentication methods of a provider: the one used by the record, and others that its documentation mentions.
fn methods(provider: &Provider) -> Vec<AuthMethod> {
    let own = match provider.client_auth {
        ClientAuth::Basic | ClientAuth::PerDiscovery => AuthMethod::Basic,
        ClientAuth::Body | ClientAuth::BodyJwt => AuthMethod::Body,
        ClientAuth::BearerSecret => AuthMethod::Bearer,
        ClientAuth::None => AuthMethod::Nothing,
        ClientAuth::Query => AuthMethod::Query,
    };
    let mut methods = vec![own];
    if provider.client_auth == ClientAuth::PerDiscovery {
        methods.push(AuthMethod::Body);
    }
    methods.extend(
        provider
            .client_auth_accepted
            .iter()
            .filter_map(|word| match word.as_str() {
                "basic" => Some(AuthMethod::Basic),
                "body" | "body-secret" | "body-jwt" => Some(AuthMethod::Body),
                "bearer-secret" => Some(AuthMethod::Bearer),
                "query" => Some(AuthMethod::Query),
                "none" => Some(AuthMethod::Nothing),
                _ => None,
            }),
    );
    methods
}

/// Parses Basic credentials. Both parts are form-encoded (RFC 6749 2.3.1).
fn basic(value: &str) -> Option<Client> {
    let text = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |part: &str| {
        let part = part.replace('+', " ");
        percent_decode_str(&part)
            .decode_utf8()
            .ok()
            .map(|part| part.into_owned())
    };
    Some(Client {
        id: decode(id).filter(|id| !id.is_empty()),
        secret: decode(secret),
    })
}

/// Checks the format and claims of a client secret that is a JWT (Apple). The signature is not verified, since the
/// public key is not known here.
fn signed_secret(provider: &Provider, client_id: Option<&str>, secret: &str, now: i64) -> Result<(), String> {
    const FORM: &str = "The client secret must be a JWT signed with ES256.";
    let parts: Vec<&str> = secret.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        return Err(FORM.into());
    };
    let json = |part: &str| -> Option<Value> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok() };
    let (Some(header), Some(claims)) = (json(header), json(claims)) else {
        return Err(FORM.into());
    };
    // RFC 7518 3.4: an ES256 signature has 64 bytes.
    if header["alg"] != "ES256" || URL_SAFE_NO_PAD.decode(signature).map_or(0, |bytes| bytes.len()) != 64 {
        return Err(FORM.into());
    }
    if header["kid"].as_str().is_none_or(str::is_empty) || claims["iss"].as_str().is_none_or(str::is_empty) {
        return Err("The client secret lacks its `kid` or `iss`.".into());
    }
    if claims["sub"].as_str() != client_id {
        return Err("The client secret's `sub` is not the client id.".into());
    }
    let audience = provider.client_jwt.as_ref().map(|jwt| jwt.aud.as_str());
    if claims["aud"].as_str() != audience {
        return Err(format!(
            "The client secret's `aud` must be {}.",
            audience.unwrap_or_default()
        ));
    }
    let time = |name: &str| claims[name].as_i64().unwrap_or_default();
    if time("exp") <= now || time("exp") > now + MAX_SECRET_LIFE || time("iat") > now + 60 {
        return Err("The client secret has expired, or lives too long.".into());
    }
    Ok(())
}

/// Checks the PKCE code verifier (RFC 7636 4.6).
pub(crate) fn verifier(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), TokenError> {
    let refused = |description: &str| Err(TokenError::new(Kind::InvalidGrant, description));
    match (challenge, verifier) {
        (None, _) => Ok(()),
        (Some(_), None) => refused("`code_verifier` is missing."),
        (Some(challenge), Some(verifier)) => {
            let digest = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
            if (43..=128).contains(&verifier.len()) && URL_SAFE_NO_PAD.encode(digest) == challenge {
                Ok(())
            } else {
                refused("`code_verifier` does not fit the challenge.")
            }
        }
    }
}

/// The name of a placeholder whose captured value differs from the expected one.
pub(crate) fn mismatch<'a>(
    found: &'a Captures,
    grant: &Grant,
    secret: Option<&str>,
    token: Option<&str>,
) -> Option<&'a str> {
    let fits = |name: &str, value: &str| match name {
        "client_id" => value == grant.authorization.client_id,
        "client_secret" => secret.is_none_or(|secret| value == secret),
        "access_token_hmac" => match (secret, token) {
            (Some(secret), Some(token)) => value == hmac(secret, token),
            _ => true,
        },
        "redirect_uri" => value == grant.authorization.redirect_uri,
        _ => grant.extras.get(name).is_none_or(|known| known == value),
    };
    found
        .iter()
        .find(|(name, value)| !fits(name, value))
        .map(|(name, _)| name.as_str())
}

/// Meta's `appsecret_proof`: the hexadecimal HMAC-SHA256 of the access token under the app secret.
fn hmac(secret: &str, token: &str) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    let tag = ring::hmac::sign(&key, token.as_bytes());
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
