//! User profile: the userinfo calls, and the values that the record reads from all replies.

use outbound::Url;
use serde_json::Value;
use url::form_urlencoded;

use crate::client::{Call, ProviderCall, location};
use crate::credentials::Values;
use crate::error::Error;
use crate::expression::Documents;
use crate::metadata::Endpoint;
use crate::provider::{Encoding, Provider, Userinfo};
use crate::reply;
use crate::template::TemplateError;
use crate::text::{clean, is_email};
use crate::tokens::{Profile, Tokens};
use crate::trace::Trace;

/// Maximum length of a display name, in characters; longer names are truncated.
const MAX_NAME: usize = 128;
/// Maximum number of authentication methods.
const MAX_AMR: usize = 32;
/// Maximum length of a user id.
const MAX_UID: usize = 512;

impl ProviderCall<'_> {
    /// Makes the userinfo calls in order, then reads the profile.
    pub(crate) async fn profile(
        &self,
        tokens: &Tokens,
        documents: &mut Documents,
        trace: &mut Trace,
    ) -> Result<Profile, Error> {
        for call in &self.provider.userinfo {
            if let Some(reply) = self.userinfo(call, tokens, documents, trace).await? {
                documents.add(&call.role, reply);
            }
        }
        let step = trace.start("profile");
        match read(self.provider, documents) {
            Ok(profile) => {
                step.ok(describe(&profile));
                Ok(profile)
            }
            Err(error) => Err(step.fail(error)),
        }
    }

    async fn userinfo(
        &self,
        call: &Userinfo,
        tokens: &Tokens,
        documents: &Documents,
        trace: &mut Trace,
    ) -> Result<Option<Value>, Error> {
        let values = self
            .credentials
            .values()
            .with("access_token", &tokens.access_token)
            .with_extras(&tokens.extras)
            .with_documents(documents);
        if self.has_no_endpoint(call, &values, documents, trace).await? {
            return Ok(None);
        }
        let mut url: Url = self
            .endpoint(Endpoint::Userinfo, call.url.as_ref(), &values, trace)
            .await?;
        let location = location(&url);
        let query: Vec<(&str, String)> = values.fill(&call.query).collect();
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(&query);
        }
        let headers = values
            .fill(&call.headers)
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let form: Vec<(&str, String)> = values.fill(&call.body).collect();
        let body = (!form.is_empty()).then(|| {
            let form = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&form)
                .finish();
            ("application/x-www-form-urlencoded", form)
        });
        let secrets = [tokens.access_token.as_str(), self.credentials.secret()];
        let step = trace.start("userinfo");
        let reply = match self
            .send(Call {
                method: call.method,
                url,
                headers,
                body,
            })
            .await
        {
            Ok(reply) => reply,
            Err(error) => return Err(step.fail(error)),
        };
        let document = reply::read(&reply, Encoding::Json);
        if call.optional && matches!(reply.status, 403 | 404) {
            step.ok(format!("{location}: refused with {}, and not needed", reply.status));
            return Ok(None);
        }
        let document = match document {
            Some(document) if (200..300).contains(&reply.status) && !reply::is_error(&document) => document,
            document => {
                let reason = reply::reason(document.as_ref(), reply.status, &secrets);
                return Err(step.fail(self.problem(format!("{location} answered {}: {reason}", reply.status))));
            }
        };
        // OpenID Connect Core 5.3.2: the `sub` values must match, to prevent token substitution.
        let subject = |document: Option<&Value>| {
            document
                .and_then(|document| document.get("sub"))
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        if let (Some(claimed), Some(verified)) = (subject(Some(&document)), subject(documents.reply("id_token")))
            && claimed != verified
        {
            return Err(step.fail(self.problem(format!("{location} speaks of another user than the id_token"))));
        }
        step.ok(location);
        Ok(Some(document))
    }

    /// A server may have no userinfo endpoint and return all claims in the id_token (OpenID Connect Discovery 1.0
    /// section 3).
    async fn has_no_endpoint(
        &self,
        call: &Userinfo,
        values: &Values<'_>,
        documents: &Documents,
        trace: &mut Trace,
    ) -> Result<bool, Error> {
        let known = call
            .url
            .as_ref()
            .is_some_and(|url| !matches!(url.url(values), Err(TemplateError::Missing(_))));
        if known || documents.reply("id_token").is_none() {
            return Ok(false);
        }
        Ok(self
            .metadata(trace)
            .await?
            .is_some_and(|metadata| metadata.userinfo_endpoint.is_empty()))
    }
}

/// Reads the profile by the record's rules.
pub(crate) fn read(provider: &Provider, documents: &Documents) -> Result<Profile, Error> {
    let problem = |problem: &str| Error::Provider {
        provider: provider.name.clone(),
        problem: problem.into(),
    };
    let uid = provider.uid.eval(documents, None).ok_or(Error::MissingId)?;
    if uid.len() > MAX_UID || uid.chars().any(char::is_control) {
        return Err(problem("the user's id is no id"));
    }
    if provider
        .refuse
        .as_ref()
        .is_some_and(|refuse| refuse.eval(documents, None))
    {
        return Err(problem("the account is locked there"));
    }
    let email = provider
        .email
        .as_ref()
        .and_then(|email| email.eval(documents, None))
        .filter(|email| is_email(email));
    let vouched = |email: &str| {
        provider
            .email_verified
            .as_ref()
            .is_some_and(|rule| rule.eval(documents, Some(email)))
    };
    let name = provider
        .display_name
        .as_ref()
        .and_then(|name| name.eval(documents, email.as_deref()));
    // The reply of this name is always a verified token.
    let amr = documents.reply("id_token").and_then(|claims| claims.get("amr"));
    let amr = amr.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Ok(Profile {
        uid,
        amr: amr
            .iter()
            .filter_map(Value::as_str)
            .take(MAX_AMR)
            .map(str::to_owned)
            .collect(),
        email_verified: email.as_deref().is_some_and(vouched),
        email,
        name: name.map(|name| clean(&name, MAX_NAME)).filter(|name| !name.is_empty()),
    })
}

/// Names of the profile's fields without their values: a trace contains no personal data.
pub(crate) fn describe(profile: &Profile) -> String {
    let email = match (&profile.email, profile.email_verified) {
        (None, _) => "no e-mail address",
        (Some(_), true) => "a verified e-mail address",
        (Some(_), false) => "an e-mail address that the provider does not vouch for",
    };
    format!(
        "an id, {email}, {}",
        if profile.name.is_some() { "a name" } else { "no name" }
    )
}
