//! Building the authorize URL (RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outbound::Url;
use percent_encoding::utf8_percent_encode;

use crate::client::{Client, ProviderCall};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::metadata::Endpoint;
use crate::provider::{Nonce, Pkce, Provider, ProviderKind};
use crate::template::RESERVED;
use crate::trace::Trace;

/// Start of a sign-in: state, nonce, PKCE verifier and redirect URI.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// Redirect URI.
    pub redirect_uri: String,
    /// Scopes in addition to the record's.
    pub scopes: Vec<String>,
    /// Random value that binds the callback to the attempt.
    pub state: String,
}

/// The URL to redirect the browser to, and the values to keep until the callback. The kept values are secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorization {
    /// The authorize URL.
    pub url: Url,
    /// The PKCE verifier, if the provider supports PKCE.
    pub verifier: Option<String>,
    /// The nonce, if one was sent.
    pub nonce: Option<String>,
    /// The issuer that the callback's `iss` must equal, if known.
    pub issuer: Option<String>,
}

/// Omits state, verifier and nonce.
impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authorization")
            .field("url", &crate::client::location(&self.url))
            .field("verifier", &self.verifier.is_some())
            .field("nonce", &self.nonce.is_some())
            .field("issuer", &self.issuer)
            .finish()
    }
}

impl Client {
    /// Builds the authorize URL of one attempt.
    pub async fn authorize(
        &self,
        provider: &Provider,
        credentials: &Credentials,
        start: &Start,
    ) -> Result<Authorization, Error> {
        self.provider_call(provider, credentials).authorize(start).await
    }
}

impl ProviderCall<'_> {
    async fn authorize(&self, start: &Start) -> Result<Authorization, Error> {
        let provider = self.provider;
        let trace = &mut Trace::default();
        let values = self.credentials.values().with("redirect_uri", &start.redirect_uri);
        let url = self
            .endpoint(Endpoint::Authorize, provider.authorize_url.as_ref(), &values, trace)
            .await?;
        let mut url = self.test(&url)?;

        let scopes = scopes(&provider.scopes, &start.scopes);
        let verifier = (provider.pkce != Pkce::None).then(|| crate::random(64));
        let nonce = match provider.nonce {
            Nonce::Always => true,
            Nonce::WithOpenid => scopes.contains(&"openid"),
            Nonce::Never => false,
        };
        let nonce = nonce.then(|| crate::random(32));

        let mut params: Vec<(&str, String)> = vec![
            (&provider.client_id_param, self.credentials.client_id.clone()),
            ("redirect_uri", start.redirect_uri.clone()),
            ("response_type", "code".into()),
            ("state", start.state.clone()),
        ];
        if !scopes.is_empty() {
            let separator = Some(provider.scope_separator.as_str())
                .filter(|text| !text.is_empty())
                .unwrap_or(" ");
            params.push(("scope", scopes.join(separator)));
        }
        if let Some(verifier) = &verifier {
            params.push(("code_challenge", challenge(verifier)));
            params.push(("code_challenge_method", "S256".into()));
        }
        params.extend(nonce.clone().map(|nonce| ("nonce", nonce)));
        for (name, value) in values.fill(&provider.authorize_params) {
            params.retain(|(known, _)| *known != name);
            params.push((name, value));
        }
        let query = params
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let query: Vec<String> = url
            .query()
            .filter(|kept| !kept.is_empty())
            .map(str::to_owned)
            .into_iter()
            .chain(query)
            .collect();
        url.set_query(Some(&query.join("&")));
        url.set_fragment(None);

        // Only OpenID providers have an issuer that can be mixed up with another; if it requires discovery and that
        // fails, the sign-in may still succeed.
        let issuer = match provider.kind {
            ProviderKind::Oidc => self.issuer(trace).await.unwrap_or(None),
            ProviderKind::Oauth2 => self.configured_issuer(),
        };
        Ok(Authorization {
            url,
            verifier,
            nonce,
            issuer,
        })
    }
}

/// The record's scopes, then the caller's, without duplicates. A caller may also send several in one string, separated
/// by spaces.
fn scopes<'a>(usual: &'a [String], more: &'a [String]) -> Vec<&'a str> {
    let mut scopes: Vec<&str> = Vec::new();
    let more = more.iter().flat_map(|text| text.split_whitespace());
    for scope in usual.iter().map(String::as_str).chain(more) {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

/// PKCE's S256 (RFC 7636 4.2).
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes()))
}

/// Encodes a space as `%20`: not every provider decodes `+` as a space.
fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn scopes_come_once_and_in_order() {
        let texts = |scopes: &[&str]| scopes.iter().map(|scope| (*scope).to_owned()).collect::<Vec<_>>();
        let (usual, more) = (texts(&["openid", "email"]), texts(&["email", "a b", "openid", "c"]));
        assert_eq!(scopes(&usual, &more), ["openid", "email", "a", "b", "c"]);
    }
}
