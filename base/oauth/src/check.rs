//! Check of a provider's settings before the first sign-in: findings and fixes.

use kernel::Timestamp;
use outbound::Url;
use serde::{Deserialize, Serialize};
use time::PrimitiveDateTime;
use time::macros::format_description;

use crate::client::{Client, ProviderCall, location};
use crate::credentials::Credentials;
use crate::jwks::Keys;
use crate::metadata::{Endpoint, Metadata};
use crate::provider::{Provider, ProviderKind, RedirectForm};
use crate::trace::Trace;

/// Result of the checks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Report {
    /// Checks, in order.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// `settings`, `redirect_uri`, `discovery`, `keys`, `clock` or `credentials`.
    pub name: String,
    /// State.
    pub state: State,
    /// Finding.
    pub found: String,
    /// Suggested fix.
    pub fix: Option<String>,
}

/// State of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Correct.
    Ok,
    /// Sign-in will fail.
    Failed,
    /// It could not be checked.
    Unknown,
}

impl Report {
    /// Whether any check failed.
    pub fn failed(&self) -> bool {
        self.checks.iter().any(|check| check.state == State::Failed)
    }

    pub(crate) fn add(&mut self, name: &str, state: State, found: impl Into<String>, fix: Option<&str>) {
        let (name, found, fix) = (name.to_owned(), found.into(), fix.map(str::to_owned));
        self.checks.push(Check {
            name,
            state,
            found,
            fix,
        });
    }
}

impl Client {
    /// Checks a configuration: redirect URI, discovery, keys, clock and credentials. Caches are not used.
    pub async fn check(
        &self,
        provider: &Provider,
        credentials: &Credentials,
        redirect_uri: &str,
        trace: &mut Trace,
    ) -> Report {
        self.provider_call(provider, credentials)
            .check(redirect_uri, trace)
            .await
    }
}

impl ProviderCall<'_> {
    async fn check(&self, redirect_uri: &str, trace: &mut Trace) -> Report {
        let mut report = Report::default();
        report.add("settings", State::Ok, "everything that the provider needs is set", None);
        check_redirect(self.provider, redirect_uri, &mut report);
        let mut dates = vec![self.check_discovery(&mut report, trace).await];
        dates.push(self.check_keys(&mut report, trace).await);
        dates.push(self.check_credentials(redirect_uri, &mut report, trace).await);
        if let Some(date) = dates.into_iter().flatten().next() {
            self.check_clock(&date, &mut report);
        }
        report
    }

    async fn check_discovery(&self, report: &mut Report, trace: &mut Trace) -> Option<String> {
        let url = self
            .provider
            .discovery_url
            .as_ref()?
            .url(&self.credentials.values())
            .ok()?;
        let step = trace.start("discovery");
        let (document, date) = match self.fetch_json(url.clone(), "discovery document").await {
            Ok(found) => found,
            Err(error) => {
                let error = step.fail(error);
                report.add(
                    "discovery",
                    State::Failed,
                    error.to_string(),
                    Some("Compare the domain in the settings with the provider's."),
                );
                return None;
            }
        };
        step.ok(location(&url));
        let metadata = Metadata::read(&document);
        match self.configured_issuer() {
            Some(pattern) if !self.is_issuer(&pattern, &metadata.issuer) => {
                let found = format!(
                    "{} is of the issuer {}, not of {pattern}",
                    location(&url),
                    metadata.issuer
                );
                report.add(
                    "discovery",
                    State::Failed,
                    found,
                    Some("Set the domain exactly as the provider's issuer has it."),
                );
            }
            // OpenID Connect Discovery 4.3; some servers let each tenant choose its issuer, so this is only reported,
            // not failed.
            None if !url.as_str().starts_with(metadata.issuer.trim_end_matches('/')) || metadata.issuer.is_empty() => {
                let found = format!(
                    "{} names the issuer `{}`, which is not its own address",
                    location(&url),
                    metadata.issuer
                );
                report.add(
                    "discovery",
                    State::Unknown,
                    found,
                    Some("Make sure that this is the provider that you mean."),
                );
            }
            _ => report.add(
                "discovery",
                State::Ok,
                format!("{} names the right issuer", location(&url)),
                None,
            ),
        }
        date
    }

    async fn check_keys(&self, report: &mut Report, trace: &mut Trace) -> Option<String> {
        if self.provider.kind != ProviderKind::Oidc {
            return None;
        }
        let values = self.credentials.values();
        // A URL with variables from a token cannot be checked beforehand.
        let url = self
            .endpoint(Endpoint::Jwks, self.provider.jwks_url.as_ref(), &values, trace)
            .await
            .ok()?;
        let step = trace.start("jwks");
        match self.fetch_json(url.clone(), "key set").await {
            Ok((document, date)) => {
                let keys = Keys::read(&document);
                step.ok(format!("{}: {} keys", location(&url), keys.len()));
                match keys.len() {
                    0 => report.add(
                        "keys",
                        State::Failed,
                        "the provider publishes no key for RS256, PS256 or ES256",
                        Some("Let the provider sign id_tokens with RS256 or ES256."),
                    ),
                    count => report.add("keys", State::Ok, format!("{count} usable keys"), None),
                }
                date
            }
            Err(error) => {
                let error = step.fail(error);
                report.add(
                    "keys",
                    State::Failed,
                    error.to_string(),
                    Some("Without the keys no id_token can be verified."),
                );
                None
            }
        }
    }

    fn check_clock(&self, date: &str, report: &mut Report) {
        // RFC 9110 5.6.7, the preferred format.
        let format =
            format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
        let Ok(theirs) = PrimitiveDateTime::parse(date, format) else {
            return;
        };
        let skew = self.now().seconds() - Timestamp::from(theirs.assume_utc()).seconds();
        match skew.abs() {
            0..=30 => report.add(
                "clock",
                State::Ok,
                "this server's clock agrees with the provider's",
                None,
            ),
            _ => report.add(
                "clock",
                State::Failed,
                format!(
                    "this server's clock is {} seconds {}",
                    skew.abs(),
                    if skew > 0 { "ahead" } else { "behind" }
                ),
                Some("Let the system keep its clock by NTP: tokens count by the minute."),
            ),
        }
    }
}

fn check_redirect(provider: &Provider, redirect_uri: &str, report: &mut Report) {
    let Ok(url) = Url::parse(redirect_uri) else {
        report.add(
            "redirect_uri",
            State::Failed,
            "the redirect URI is no URL",
            Some("Set the public URL of this server."),
        );
        return;
    };
    let forms = &provider.redirect_accepts;
    if forms.is_empty() || forms.iter().any(|form| takes(*form, &url)) {
        report.add(
            "redirect_uri",
            State::Ok,
            format!("register {redirect_uri} at the provider"),
            None,
        )
    } else {
        report.add(
            "redirect_uri",
            State::Failed,
            format!(
                "{} does not take {redirect_uri}: {}",
                provider.name,
                provider.redirect.join("; ")
            ),
            Some("Give this server a public URL that the provider takes."),
        )
    }
}

fn takes(form: RedirectForm, url: &Url) -> bool {
    use url::Host;
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    let domain = matches!(url.host(), Some(Host::Domain(name)) if name.contains('.') && !name.ends_with(".localhost"));
    match form {
        RedirectForm::Https => url.scheme() == "https",
        RedirectForm::HttpsDomain => url.scheme() == "https" && domain,
        RedirectForm::HttpLocalhost => url.scheme() == "http" && url.host_str() == Some("localhost"),
        RedirectForm::HttpLoopback => url.scheme() == "http" && loopback,
        RedirectForm::Http => url.scheme() == "http",
    }
}
