//! From the callback to the user: code exchange and validation (RFC 6749 4.1.2 to 4.1.4, RFC 9207, OpenID Connect Core
//! 3.1.3).

use std::collections::BTreeMap;

use crate::client::{Client, ProviderCall};
use crate::credentials::Credentials;
use crate::error::{Error, MAX_ERROR, Reason};
use crate::expression::Documents;
use crate::id_token::{ExpectedClaims, Failure};
use crate::metadata::Endpoint;
use crate::provider::{Provider, ProviderKind};
use crate::text::clean;
use crate::token_call::Grant;
use crate::tokens::{Login, Tokens};
use crate::trace::Trace;

/// Parameters of the callback, and the values kept from the authorization. Most of them are secret.
#[derive(Clone, Default)]
pub struct Callback {
    /// The authorization code; empty if there is none.
    pub code: String,
    /// The attempt's redirect URI.
    pub redirect_uri: String,
    /// The attempt's PKCE verifier.
    pub verifier: Option<String>,
    /// The attempt's nonce.
    pub nonce: Option<String>,
    /// The attempt's issuer.
    pub issuer: Option<String>,
    /// All parameters of the callback, in order.
    pub params: Vec<(String, String)>,
}

/// Prints only the names of the parameters.
impl std::fmt::Debug for Callback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.params.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Callback")
            .field("params", &names)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl Callback {
    fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Client {
    /// Exchanges the code for tokens, verifies the id_token and fetches the user's profile. Every step is added to the
    /// trace, also on failure.
    pub async fn exchange(
        &self,
        provider: &Provider,
        credentials: &Credentials,
        callback: &Callback,
        trace: &mut Trace,
    ) -> Result<Login, Error> {
        self.provider_call(provider, credentials)
            .exchange(callback, trace)
            .await
    }
}

impl ProviderCall<'_> {
    async fn exchange(&self, callback: &Callback, trace: &mut Trace) -> Result<Login, Error> {
        self.check_issuer_parameter(callback, trace).await?;
        let step = trace.start("callback");
        let extras = match self.accept(callback) {
            Ok(extras) => extras,
            Err(error) => return Err(step.fail(error)),
        };
        step.ok("code received");

        let mut documents = Documents::default();
        for (name, value) in &callback.params {
            documents.add_form(name, value);
        }
        let mut tokens = self.redeem(callback, &extras, &mut documents, trace).await?;
        tokens.extras = extras;
        self.identify(callback, &mut tokens, &mut documents, trace).await?;
        let profile = self.profile(&tokens, &mut documents, trace).await?;
        Ok(Login { tokens, profile })
    }

    /// RFC 9207 2.4: if the provider announces `iss`, the callback must have it.
    async fn check_issuer_parameter(&self, callback: &Callback, trace: &mut Trace) -> Result<(), Error> {
        let announced = self.provider.iss_parameter
            || (self.provider.kind == ProviderKind::Oidc
                && self.provider.issuer.is_none()
                && self
                    .metadata(trace)
                    .await?
                    .is_some_and(|metadata| metadata.iss_parameter));
        if announced && callback.param("iss").is_none() {
            return Err(trace
                .start("callback")
                .fail(self.problem("the callback lacks the `iss` that the provider promises")));
        }
        Ok(())
    }

    /// Validates the callback; returns its parameters to keep.
    fn accept(&self, callback: &Callback) -> Result<BTreeMap<String, String>, Error> {
        // RFC 6749 3.1: parameters must not be included more than once.
        for name in ["code", "state", "iss", "error"] {
            if callback.params.iter().filter(|(known, _)| known == name).count() > 1 {
                return Err(self.problem(format!("the callback has `{name}` twice")));
            }
        }
        if let (Some(issuer), Some(expected)) = (callback.param("iss"), &callback.issuer)
            && !self.is_issuer(expected, issuer)
        {
            return Err(self.problem("the callback comes from another issuer"));
        }
        if let Some(error) = callback.param("error").filter(|error| !error.is_empty()) {
            let description = callback.param("error_description").map(|text| clean(text, MAX_ERROR));
            let reason = Reason {
                error: clean(error, MAX_ERROR),
                description: description.filter(|description| !description.is_empty()),
            };
            return Err(Error::Refused {
                provider: self.provider.name.clone(),
                reason,
            });
        }
        if callback.code.is_empty() {
            return Err(self.problem("the callback has no code"));
        }
        self.extras(|name| callback.param(name))
    }

    /// The callback's parameters that the token endpoint needs, each with a value allowed by the record.
    pub(crate) fn extras<'v>(
        &self,
        value: impl Fn(&str) -> Option<&'v str>,
    ) -> Result<BTreeMap<String, String>, Error> {
        let mut extras = BTreeMap::new();
        for (name, rule) in &self.provider.callback_params {
            let given = value(name).filter(|value| !value.is_empty());
            let Some(given) = given.or(rule.default.as_deref()) else {
                continue;
            };
            let given = if rule.allow.is_empty() {
                given
            } else {
                given.trim_end_matches('/')
            };
            if !rule.allow.is_empty() && !rule.allow.iter().any(|allowed| allowed == given) {
                return Err(self.problem(format!("the callback's `{name}` is not one of the provider's own")));
            }
            extras.insert(name.clone(), given.to_owned());
        }
        Ok(extras)
    }

    async fn redeem(
        &self,
        callback: &Callback,
        extras: &BTreeMap<String, String>,
        documents: &mut Documents,
        trace: &mut Trace,
    ) -> Result<Tokens, Error> {
        let values = self
            .credentials
            .values()
            .with("redirect_uri", &callback.redirect_uri)
            .with("code", &callback.code)
            .with_extras(extras);
        let url = self
            .endpoint(Endpoint::Token, self.provider.token_url.as_ref(), &values, trace)
            .await?;
        let location = crate::client::location(&url);
        let mut params = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", callback.code.clone()),
            ("redirect_uri", callback.redirect_uri.clone()),
        ];
        params.extend(callback.verifier.clone().map(|verifier| ("code_verifier", verifier)));
        let secrets = [Some(callback.code.as_str()), callback.verifier.as_deref()];
        let grant = Grant {
            url,
            params,
            more: &self.provider.token_params,
            values,
            secrets: secrets.into_iter().flatten().collect(),
        };
        // Discovery, if needed, is a separate step before.
        if self.provider.client_auth == crate::provider::ClientAuth::PerDiscovery {
            self.metadata(trace).await?;
        }
        let mut inner = Trace::default();
        let step = trace.start("token");
        match self.token_call(grant, &mut inner).await {
            Ok(reply) => {
                step.ok(location);
                documents.add("token", reply.document);
                Ok(reply.tokens)
            }
            Err(error) => Err(step.fail(error)),
        }
    }

    /// Verifies the id_token, if there is one and its issuer is known.
    async fn identify(
        &self,
        callback: &Callback,
        tokens: &mut Tokens,
        documents: &mut Documents,
        trace: &mut Trace,
    ) -> Result<(), Error> {
        let token = match self.provider.kind {
            ProviderKind::Oidc => tokens.id_token.take(),
            ProviderKind::Oauth2 => {
                tokens.id_token = None;
                return Ok(());
            }
        };
        let needed = self.provider.uid.reads_only(&["id_token"]) || self.provider.userinfo.is_empty();
        let Some(token) = token else {
            return if needed {
                Err(trace
                    .start("id_token")
                    .fail(self.problem("the token reply has no id_token")))
            } else {
                Ok(())
            };
        };
        let audience = [self.credentials.client_id.clone()];
        let expected_claims = ExpectedClaims {
            audiences: &audience,
            nonce: callback.nonce.as_deref(),
        };
        let verified = self.verify(&token, &expected_claims, trace).await;
        let step = trace.start("id_token");
        match verified {
            Ok(Some(claims)) => {
                step.ok("signature, issuer, audience, times and nonce are right");
                documents.add("id_token", claims);
                tokens.id_token = Some(token);
                Ok(())
            }
            Ok(None) if !needed => {
                step.ok("not looked at: nothing tells its issuer");
                Ok(())
            }
            Ok(None) => Err(step.fail(self.problem("nothing tells the issuer of its id_token"))),
            Err(failure) => Err(step.fail(match failure {
                Failure::Token(flaw) => self.problem(format!("its id_token {flaw}")),
                Failure::Provider(error) => error,
            })),
        }
    }
}
