//! Validation of id_tokens: signature, issuer, audience and times (OpenID Connect Core 3.1.3.7; RFC 8725).

use serde_json::Value;

use crate::cache::Found;
use crate::client::{ProviderCall, location};
use crate::error::Error;
use crate::jwks::{Keys, Verdict};
use crate::jws::Unverified;
use crate::metadata::Endpoint;
use crate::template::{Fill, match_pattern};
use crate::trace::Trace;

/// Allowed clock difference, in seconds.
const LEEWAY: i64 = 60;

/// Required claims of an ID token.
pub(crate) struct ExpectedClaims<'a> {
    /// Client ids of which `aud` must contain one.
    pub(crate) audiences: &'a [String],
    /// The nonce, if one was sent.
    pub(crate) nonce: Option<&'a str>,
}

/// Why a token was rejected.
pub(crate) enum Failure {
    /// The token itself is invalid.
    Token(String),
    /// The provider's keys or metadata could not be fetched.
    Provider(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Provider(error)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Token(flaw) => write!(f, "the id_token {flaw}"),
            Self::Provider(error) => error.fmt(f),
        }
    }
}

fn flaw(text: impl Into<String>) -> Failure {
    Failure::Token(text.into())
}

impl ProviderCall<'_> {
    /// Verifies a token and returns its claims; none if neither the record nor discovery defines the issuer, so that
    /// the token cannot be trusted.
    pub(crate) async fn verify(
        &self,
        token: &str,
        expected: &ExpectedClaims<'_>,
        trace: &mut Trace,
    ) -> Result<Option<Value>, Failure> {
        let Some(pattern) = self.issuer(trace).await? else {
            return Ok(None);
        };
        let parsed = Unverified::parse(token).map_err(flaw)?;
        let variables = self.check_issuer(&pattern, &parsed.claims, trace).await?;
        check_claims(&parsed.claims, expected, self.now().seconds()).map_err(flaw)?;
        self.check_signature(&parsed, &variables, trace).await?;
        Ok(Some(parsed.claims))
    }

    /// The issuer to expect: the record's, or discovery's.
    pub(crate) async fn issuer(&self, trace: &mut Trace) -> Result<Option<String>, Error> {
        match self.configured_issuer() {
            Some(pattern) => Ok(Some(pattern)),
            None => Ok(self.metadata(trace).await?.map(|metadata| metadata.issuer.clone())),
        }
    }

    /// Compares `iss`; returns the values of the pattern's variables.
    async fn check_issuer(&self, pattern: &str, claims: &Value, trace: &mut Trace) -> Result<IssuerVariables, Failure> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        let issuer = text("iss");
        let alias = self.provider.issuer_aliases.iter().any(|alias| alias == issuer);
        let variables = match match_pattern(pattern, issuer) {
            Some(variables) => IssuerVariables(variables),
            None if alias => IssuerVariables::default(),
            None => return Err(flaw("is of another issuer")),
        };
        // A variable of the issuer that is also a claim must have the same value: Microsoft's `tid`.
        if variables
            .0
            .iter()
            .any(|(name, value)| claims.get(name).is_some() && text(name) != value)
        {
            return Err(flaw("contradicts its own issuer"));
        }
        let Some(tenant) = &self.provider.tenant else {
            return Ok(variables);
        };
        let claim = text(&tenant.claim);
        if claim.is_empty() || variables.0.get(&tenant.claim).is_none_or(|value| value != claim) {
            return Err(flaw("contradicts its own issuer"));
        }
        let setting = self.credentials.setting(&tenant.setting).unwrap_or_default();
        if tenant.shared.iter().any(|shared| shared == setting) {
            return Ok(variables);
        }
        let wanted = tenant.same_as.get(setting).map_or(setting, String::as_str);
        let fits = if wanted.contains('.') {
            self.metadata(trace)
                .await?
                .is_some_and(|metadata| metadata.issuer == issuer)
        } else {
            claim.eq_ignore_ascii_case(wanted)
        };
        if fits {
            Ok(variables)
        } else {
            Err(flaw("is of another tenant"))
        }
    }

    async fn check_signature(
        &self,
        token: &Unverified<'_>,
        variables: &IssuerVariables,
        trace: &mut Trace,
    ) -> Result<(), Failure> {
        let values = Both(self.credentials.values(), variables);
        let url = self
            .endpoint(Endpoint::Jwks, self.provider.jwks_url.as_ref(), &values, trace)
            .await?;
        let (key, now) = (self.cache_key(&url), self.now());
        let ask = |keys: &Keys| keys.verify(token.algorithm, token.kid.as_deref(), token.message, &token.signature);
        let (keys, stale) = match self.inner.keys.get(&key, now) {
            Found::Fresh(keys) => (Some(keys), false),
            Found::Stale(keys) => (Some(keys), true),
            Found::Nothing => (None, false),
        };
        let mut verdict = keys.as_deref().map(ask);
        // An unknown key may be new, if the provider has rotated its keys.
        let forced = verdict == Some(Verdict::UnknownKey) && self.inner.keys.may_force(&key, now);
        if keys.is_none() || stale || forced {
            let step = trace.start("jwks");
            match self.fetch_json(url.clone(), "key set").await {
                Ok((document, _)) => {
                    let keys = Keys::read(&document);
                    step.ok(format!("{}: {} keys", location(&url), keys.len()));
                    verdict = Some(ask(&self.inner.keys.put(&key, keys, now)));
                }
                Err(error) => {
                    let error = step.fail(error);
                    if verdict.is_none() {
                        return Err(error.into());
                    }
                }
            }
        }
        match verdict {
            Some(Verdict::Good) => Ok(()),
            Some(Verdict::Bad) => Err(flaw("has a wrong signature")),
            _ => Err(flaw("is signed with a key that the provider does not publish")),
        }
    }
}

/// Audience, times, subject and nonce.
fn check_claims(claims: &Value, expected: &ExpectedClaims<'_>, now: i64) -> Result<(), String> {
    let audiences: Vec<&str> = match claims.get("aud") {
        Some(Value::String(audience)) => vec![audience],
        Some(Value::Array(audiences)) => audiences.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let ours = |client: &str| expected.audiences.iter().any(|audience| audience == client);
    if !audiences.iter().any(|audience| ours(audience)) {
        return Err("is for another client".into());
    }
    if audiences.len() > 1 && !claims.get("azp").and_then(Value::as_str).is_some_and(ours) {
        return Err("is for several clients and was not issued to this one".into());
    }
    let time = |name: &str| claims.get(name).and_then(Value::as_f64).map(|seconds| seconds as i64);
    let expires = time("exp").ok_or("has no expiry")?;
    if expires.saturating_add(LEEWAY) <= now {
        return Err("has expired".into());
    }
    let issued = time("iat").ok_or("does not say when it was issued")?;
    if issued.saturating_sub(LEEWAY) > now || time("nbf").is_some_and(|start| start.saturating_sub(LEEWAY) > now) {
        return Err("is not valid yet; does this server's clock go wrong?".into());
    }
    // OpenID Connect Core 2: `sub` is required, and is a string.
    if claims.get("sub").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err("has no subject".into());
    }
    match expected.nonce {
        Some(nonce) if claims.get("nonce").and_then(Value::as_str) != Some(nonce) => {
            Err("does not carry the nonce of this attempt".into())
        }
        _ => Ok(()),
    }
}

/// Values of the issuer pattern's variables.
#[derive(Default)]
struct IssuerVariables(std::collections::BTreeMap<String, String>);

struct Both<'a, F>(F, &'a IssuerVariables);

impl<F: Fill> Fill for Both<'_, F> {
    fn name(&self, name: &str) -> Option<String> {
        self.1.0.get(name).cloned().or_else(|| self.0.name(name))
    }

    fn expr(&self, expr: &crate::expression::Expr) -> Option<String> {
        self.0.expr(expr)
    }
}
