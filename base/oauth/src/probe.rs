//! Test of credentials: a token call with a made-up code, to which providers reply differently for known and unknown
//! clients.

use crate::check::{Check, Report, State};
use crate::client::{Client, ProviderCall, location};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::metadata::Endpoint;
use crate::provider::{Pkce, Provider};
use crate::token_call::Grant;
use crate::trace::Trace;

impl Client {
    /// Tests the credentials with a made-up code: a provider that refuses only the code has accepted the client.
    pub async fn probe(
        &self,
        provider: &Provider,
        credentials: &Credentials,
        redirect_uri: &str,
        trace: &mut Trace,
    ) -> Check {
        let mut report = Report::default();
        self.provider_call(provider, credentials)
            .check_credentials(redirect_uri, &mut report, trace)
            .await;
        report.checks.remove(0)
    }
}

impl ProviderCall<'_> {
    /// Tests the credentials; returns the reply's `Date` header.
    pub(crate) async fn check_credentials(
        &self,
        redirect_uri: &str,
        report: &mut Report,
        trace: &mut Trace,
    ) -> Option<String> {
        let code = format!("ferrite-check-{}", crate::random(16));
        let verifier = (self.provider.pkce != Pkce::None).then(|| crate::random(64));
        match self.try_code(&code, verifier.as_deref(), redirect_uri, trace).await {
            Err(error) => {
                report.add(
                    "credentials",
                    State::Unknown,
                    error.to_string(),
                    Some("The token endpoint must be reachable from this server."),
                );
                None
            }
            Ok((outcome, date)) => {
                let (state, found, fix) = self.conclude(outcome);
                report.add("credentials", state, found, fix);
                date
            }
        }
    }

    async fn try_code(
        &self,
        code: &str,
        verifier: Option<&str>,
        redirect_uri: &str,
        trace: &mut Trace,
    ) -> Result<(Option<Error>, Option<String>), Error> {
        let extras = self.extras(|_| None)?;
        let values = self
            .credentials
            .values()
            .with("redirect_uri", redirect_uri)
            .with("code", code)
            .with_extras(&extras);
        let url = self
            .endpoint(Endpoint::Token, self.provider.token_url.as_ref(), &values, trace)
            .await?;
        let mut params = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", redirect_uri.to_owned()),
        ];
        params.extend(verifier.map(|verifier| ("code_verifier", verifier.to_owned())));
        let location = location(&url);
        let grant = Grant {
            url,
            params,
            more: &self.provider.token_params,
            values,
            secrets: Vec::new(),
        };
        let mut inner = Trace::default();
        let step = trace.start("token");
        match self.send_token_request(grant, &mut inner).await {
            Ok(reply) => {
                step.ok(format!("{location} answered {} to a made-up code", reply.status));
                let date = reply
                    .headers
                    .get("date")
                    .and_then(|date| date.to_str().ok())
                    .map(str::to_owned);
                let secrets = [Some(code), verifier].into_iter().flatten().collect();
                Ok((self.parse_reply(&reply, secrets).err(), date))
            }
            Err(error) => Err(step.fail(error)),
        }
    }

    /// Conclusion from the reply to a made-up code (RFC 6749 5.2, and the record's own rules).
    fn conclude(&self, outcome: Option<Error>) -> (State, String, Option<&'static str>) {
        let Some(Error::Token { status, reason, .. }) = outcome else {
            return (State::Unknown, "the provider accepts any code".into(), None);
        };
        let probe = &self.provider.probe;
        let claimed = |known: &[String], standard: &[&str]| {
            known.contains(&reason.error) || standard.contains(&reason.error.as_str())
        };
        if claimed(&probe.right, &["invalid_grant"]) {
            (
                State::Ok,
                "the provider knows this client and refused only the made-up code".into(),
                None,
            )
        } else if claimed(&[], &["redirect_uri_mismatch"]) {
            let fix = "Register exactly this redirect URI at the provider.";
            (
                State::Failed,
                format!("the provider refuses the redirect URI: {reason}"),
                Some(fix),
            )
        } else if claimed(&probe.wrong, &["invalid_client", "unauthorized_client"]) || status == 401 {
            let fix = "Copy the client id and the client secret again from the provider's console.";
            (
                State::Failed,
                format!("the provider refuses the credentials: {reason}"),
                Some(fix),
            )
        } else {
            (
                State::Unknown,
                format!("the provider's answer to a made-up code does not tell: {reason}"),
                None,
            )
        }
    }
}
