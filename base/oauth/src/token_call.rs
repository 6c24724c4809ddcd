//! The call to the token endpoint (RFC 6749 4.1.3, 6): parameters, client authentication, reply.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use outbound::{Reply, Url};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::client::{Call, ProviderCall};
use crate::credentials::{Values, unusable};
use crate::error::Error;
use crate::jws;
use crate::provider::{ClientAuth, Encoding, Method};
use crate::reply;
use crate::template::Template;
use crate::tokens::Tokens;
use crate::trace::Trace;

/// A token reply: the tokens, and the whole document for expressions.
pub(crate) struct TokenReply {
    pub(crate) tokens: Tokens,
    pub(crate) document: Value,
}

/// Grant sent to the token endpoint.
pub(crate) struct Grant<'a> {
    pub(crate) url: Url,
    /// Standard parameters.
    pub(crate) params: Vec<(&'a str, String)>,
    /// Additional parameters of the record.
    pub(crate) more: &'a BTreeMap<String, Template>,
    pub(crate) values: Values<'a>,
    /// Secrets that must not appear in an error.
    pub(crate) secrets: Vec<&'a str>,
}

impl ProviderCall<'_> {
    /// Sends the request and parses the tokens of its reply.
    pub(crate) async fn token_call(&self, grant: Grant<'_>, trace: &mut Trace) -> Result<TokenReply, Error> {
        let secrets = grant.secrets.clone();
        let reply = self.send_token_request(grant, trace).await?;
        self.parse_reply(&reply, secrets)
    }

    /// Sends the request.
    pub(crate) async fn send_token_request(&self, grant: Grant<'_>, trace: &mut Trace) -> Result<Reply, Error> {
        let auth = self.client_auth(trace).await?;
        let (provider, credentials) = (self.provider, self.credentials);
        let mut params = grant.params;
        for (name, template) in grant.more {
            params.retain(|(known, _)| known != name);
            if let Some(value) = template.fill(&grant.values).filter(|value| !value.is_empty()) {
                params.push((name, value));
            }
        }
        let mut headers: Vec<(String, String)> = grant
            .values
            .fill(&provider.token_headers)
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let id = (provider.client_id_param.as_str(), credentials.client_id.clone());
        match auth {
            ClientAuth::Basic => headers.push(("Authorization".into(), basic(&id.1, credentials.secret()))),
            ClientAuth::BearerSecret => {
                headers.push(("Authorization".into(), format!("Bearer {}", credentials.secret())));
                params.push(id);
            }
            ClientAuth::Body | ClientAuth::Query | ClientAuth::PerDiscovery => {
                params.extend([id, ("client_secret", credentials.secret().to_owned())]);
            }
            ClientAuth::BodyJwt => params.extend([id, ("client_secret", self.client_jwt(&grant.values)?)]),
            ClientAuth::None => params.push(id),
        }
        let call = self.encode(grant.url, params, headers, auth == ClientAuth::Query);
        self.send(call).await
    }

    /// Parses a reply: tokens, or an error of any status (RFC 6749 5.1, 5.2). `secrets` are removed from errors.
    pub(crate) fn parse_reply<'s>(&'s self, reply: &Reply, mut secrets: Vec<&'s str>) -> Result<TokenReply, Error> {
        let provider = self.provider;
        let document = reply::read(reply, provider.token_reply);
        secrets.push(self.credentials.secret());
        let refused = |document: Option<&Value>| {
            let reason = reply::reason(document, reply.status, &secrets);
            let known = |text: &str| text == "invalid_grant" || provider.dead_grant.iter().any(|dead| dead == text);
            let dead = known(&reason.error) || reason.description.as_deref().is_some_and(known);
            Error::Token {
                provider: provider.name.clone(),
                status: reply.status,
                reason,
                dead,
            }
        };
        let document = match document {
            Some(document) if (200..300).contains(&reply.status) && !reply::is_error(&document) => document,
            document => return Err(refused(document.as_ref())),
        };
        let fields = document
            .pointer(&provider.token_path)
            .filter(|fields| fields.is_object());
        let tokens = fields.and_then(|fields| self.read_tokens(fields));
        let tokens = tokens.ok_or_else(|| refused(Some(&json!({ "error": "no access token in the reply" }))))?;
        Ok(TokenReply { tokens, document })
    }

    fn encode(
        &self,
        mut url: Url,
        params: Vec<(&str, String)>,
        headers: Vec<(String, String)>,
        in_query: bool,
    ) -> Call {
        let method = self.provider.token_method;
        let body = if method == Method::Get || in_query {
            url.query_pairs_mut().extend_pairs(&params);
            None
        } else if self.provider.token_request == Encoding::Json {
            let object: Map<String, Value> = params
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect();
            Some(("application/json", Value::Object(object).to_string()))
        } else {
            let form = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&params)
                .finish();
            Some(("application/x-www-form-urlencoded", form))
        };
        Call {
            method,
            url,
            headers,
            body,
        }
    }

    /// Method of client authentication; from the metadata if the record says `per-discovery`. The default of
    /// `token_endpoint_auth_methods_supported` is Basic (OpenID Connect Discovery 1.0 section 3).
    async fn client_auth(&self, trace: &mut Trace) -> Result<ClientAuth, Error> {
        if self.provider.client_auth != ClientAuth::PerDiscovery {
            return Ok(self.provider.client_auth);
        }
        let metadata = self.metadata(trace).await?;
        let Some(methods) = metadata.and_then(|metadata| metadata.auth_methods.clone()) else {
            return Ok(ClientAuth::Basic);
        };
        let offers = |name: &str| methods.iter().any(|method| method == name);
        Ok(if offers("client_secret_basic") {
            ClientAuth::Basic
        } else if offers("client_secret_post") {
            ClientAuth::Body
        } else if offers("none") && self.credentials.secret().is_empty() {
            ClientAuth::None
        } else {
            ClientAuth::Basic
        })
    }

    /// The client secret as a JWT for this call.
    fn client_jwt(&self, values: &Values<'_>) -> Result<String, Error> {
        let Some(jwt) = &self.provider.client_jwt else {
            return Ok(String::new());
        };
        let fill = |template: &Template| {
            template.fill(values).ok_or_else(|| {
                let key = template.names().next().unwrap_or_default();
                unusable(self.provider, self.provider.settings.parameter_of(key), "must be set")
            })
        };
        let issued = self.now().seconds();
        let claims = json!({
            "iss": fill(&jwt.iss)?,
            "iat": issued,
            "exp": issued + i64::from(jwt.lifetime),
            "aud": fill(&jwt.aud)?,
            "sub": fill(&jwt.sub)?,
        });
        jws::sign_es256(&fill(&jwt.key)?, &fill(&jwt.kid)?, &claims).map_err(|rule| {
            let key = jwt.key.names().next().unwrap_or_default();
            unusable(self.provider, self.provider.settings.parameter_of(key), rule)
        })
    }

    fn read_tokens(&self, fields: &Value) -> Option<Tokens> {
        let field = |name: &str| {
            let name = self.provider.token_fields.get(name).map_or(name, String::as_str);
            fields.get(name)
        };
        let text = |name: &str| {
            field(name)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let seconds = match field("expires_in") {
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(value) => value.as_f64(),
            None => None,
        };
        Some(Tokens {
            access_token: text("access_token")?,
            refresh_token: text("refresh_token"),
            // Limited to about a century, to avoid overflows.
            expires_in: seconds
                .filter(|seconds| *seconds >= 1.0)
                .map(|seconds: f64| seconds.min(3.2e9) as u64),
            id_token: text("id_token"),
            extras: BTreeMap::new(),
        })
    }
}

/// HTTP Basic with both parts form-encoded first (RFC 6749 2.3.1).
fn basic(id: &str, secret: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", encode(id), encode(secret)))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_encodes_both_parts_first() {
        // The first one is the example of RFC 6749 2.3.1.
        assert_eq!(
            basic("s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw"),
            "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"
        );
        assert_eq!(
            basic("a:b", "c d+é"),
            format!("Basic {}", STANDARD.encode("a%3Ab:c+d%2B%C3%A9"))
        );
    }
}
