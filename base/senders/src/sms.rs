//! SMS by the HTTP API of a gateway, configured with Appwrite's URL format: `sms://user:secret@twilio`.

mod mock;
mod msg91;
mod telesign;
mod textmagic;
mod twilio;
mod vonage;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use outbound::{Bytes, HeaderValue, Method, Outbound, Reach, Reply, Request, Url, header};
use percent_encoding::percent_decode_str;

use crate::SendError;
use crate::smtp::BadUrl;

/// An SMS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sms {
    /// The phone number, in E.164 format.
    pub to: String,
    /// The text.
    pub text: String,
}

/// Protocol of one SMS gateway: its request, and how it reports failure.
struct Adapter {
    /// The host of `sms://…@host`; hyphens are ignored.
    name: &'static str,
    /// URL of its API.
    endpoint: &'static str,
    request: fn(&Gateway, &Sms) -> Result<Request, SendError>,
    /// Error message in a reply with a success status, if any.
    error_in_reply: fn(&serde_json::Value) -> Option<String>,
}

const ADAPTERS: &[&Adapter] = &[
    &twilio::ADAPTER,
    &vonage::ADAPTER,
    &telesign::ADAPTER,
    &textmagic::ADAPTER,
    &msg91::ADAPTER,
    &mock::ADAPTER,
];

/// A gateway, with credentials and sender.
#[derive(Clone)]
pub struct Gateway {
    adapter: &'static Adapter,
    user: String,
    secret: String,
    /// The sender's number or name.
    from: String,
    /// Template ID, for gateways that require message templates.
    template: String,
    endpoint: Option<Url>,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gateway({}, from {})", self.adapter.name, self.from)
    }
}

impl Gateway {
    /// Parses `sms://user:secret@twilio?from=+4912345`. `endpoint` overrides the gateway's URL, and `templateId` is the
    /// message template of gateways that require one.
    pub fn parse(text: &str, from: &str) -> Result<Self, BadUrl> {
        let bad = |rule: &str| BadUrl(rule.to_owned());
        let url = Url::parse(text).map_err(|_| bad("expected sms://user:secret@gateway"))?;
        if url.scheme() != "sms" {
            return Err(bad("expected sms://user:secret@gateway"));
        }
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase().replace('-', "");
        let adapter = ADAPTERS.iter().find(|adapter| adapter.name == host).ok_or_else(|| {
            let known: Vec<_> = ADAPTERS.iter().map(|adapter| adapter.name).collect();
            BadUrl(format!("knows the gateways {}", known.join(", ")))
        })?;
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let mut gateway = Self {
            adapter,
            user: decoded(url.username()),
            secret: decoded(url.password().unwrap_or_default()),
            from: from.to_owned(),
            template: String::new(),
            endpoint: None,
        };
        for pair in url
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
        {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            // `+` is the prefix of a number here, not an encoded space.
            let value = decoded(value);
            match key {
                "from" => gateway.from = value,
                "templateId" => gateway.template = value,
                "endpoint" => gateway.endpoint = Some(Url::parse(&value).map_err(|_| bad("endpoint is no URL"))?),
                other => return Err(BadUrl(format!("knows from, templateId and endpoint, but not {other}"))),
            }
        }
        Ok(gateway)
    }

    pub(crate) fn is_mock(&self) -> bool {
        self.adapter.name == mock::ADAPTER.name
    }

    pub(crate) fn has_endpoint(&self) -> bool {
        self.endpoint.is_some()
    }

    /// Sends an SMS.
    pub async fn send(&self, sms: &Sms, outbound: &Outbound) -> Result<(), SendError> {
        let mut request = (self.adapter.request)(self, sms)?;
        request.reach = Reach::Operator;
        let reply = outbound
            .send(request)
            .await
            .map_err(|error| SendError::Failed(error.to_string()))?;
        self.read(&reply)
    }

    fn read(&self, reply: &Reply) -> Result<(), SendError> {
        let name = self.adapter.name;
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let excerpt = String::from_utf8_lossy(&reply.body[..reply.body.len().min(300)]);
        match reply.status {
            200..=299 => match (self.adapter.error_in_reply)(&body) {
                None => Ok(()),
                Some(error_in_reply) => Err(SendError::Refused(format!("{name} refused it: {error_in_reply}"))),
            },
            // Credentials may be corrected, and a retry may help; any other refusal is final.
            401 | 403 | 408 | 429 | 500..=599 => Err(SendError::Failed(format!(
                "{name} answered {}: {excerpt}",
                reply.status
            ))),
            status => Err(SendError::Refused(format!("{name} answered {status}: {excerpt}"))),
        }
    }

    /// URL of the request; `{user}` is replaced by the user name.
    fn address(&self) -> Result<Url, SendError> {
        match &self.endpoint {
            Some(endpoint) => Ok(endpoint.clone()),
            None => Url::parse(&self.adapter.endpoint.replace("{user}", &self.user))
                .map_err(|error| SendError::Refused(error.to_string())),
        }
    }

    /// A POST request with a form body.
    fn form(&self, fields: &[(&str, &str)]) -> Result<Request, SendError> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.post("application/x-www-form-urlencoded", body)
    }

    /// A POST request with a JSON body.
    fn json(&self, body: &serde_json::Value) -> Result<Request, SendError> {
        self.post("application/json", body.to_string())
    }

    fn post(&self, content_type: &'static str, body: String) -> Result<Request, SendError> {
        let mut request = Request::new(Method::POST, self.address()?);
        request
            .headers
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        request.body = Some(Bytes::from(body));
        Ok(request)
    }

    /// Adds user and secret as HTTP Basic authentication (RFC 7617).
    fn basic(&self, request: Request) -> Result<Request, SendError> {
        let credentials = STANDARD.encode(format!("{}:{}", self.user, self.secret));
        with_header(request, "authorization", &format!("Basic {credentials}"))
    }
}

/// Adds a header; fails if the configured text contains characters that are invalid in a header.
fn with_header(mut request: Request, name: &'static str, value: &str) -> Result<Request, SendError> {
    let value = HeaderValue::from_str(value)
        .map_err(|_| SendError::Refused(format!("the gateway's {name} cannot be sent as a header")))?;
    request.headers.insert(name, value);
    Ok(request)
}

/// For gateways that report errors by the status only.
fn content(_: &serde_json::Value) -> Option<String> {
    None
}
