//! The client, with its requests and replies.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method};
use url::{Host, Url};

use crate::resolver::{Resolver, Rule};
use crate::{Authorities, Cidr, Error, tls};

/// Settings of the client; each crate that sends requests has its own.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Non-public networks that may be reached, also over plain http (`--outbound-allow`).
    pub allow: Vec<Cidr>,
    /// Additional trusted certificate authorities (`--outbound-ca`).
    pub authorities: Authorities,
    /// Time limit from the start of the request to the last byte of the reply.
    pub timeout: Duration,
    /// Maximum size of a reply body, in bytes.
    pub max_body: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            authorities: Authorities::default(),
            timeout: Duration::from_secs(10),
            max_body: 1 << 20,
        }
    }
}

/// Origin of a request's host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// A user or external data: https and public addresses only, plus networks allowed by the operator.
    #[default]
    Checked,
    /// A user, for public content: like `Checked`, and also over plain http.
    Web,
    /// The operator of this server, in its settings: any address, also over plain http.
    Operator,
}

/// One request.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Target URL.
    pub url: Url,
    /// Headers in addition to `User-Agent`, which is always sent.
    pub headers: HeaderMap,
    /// The body; `None` sends none.
    pub body: Option<Bytes>,
    /// Origin of the host.
    pub reach: Reach,
}

impl Request {
    /// A request without headers and body, to a host that a user chose.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: None,
            reach: Reach::Checked,
        }
    }
}

/// Prints only host and path of the URL, and no headers, which may contain secrets.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Request({} {}{})",
            self.method,
            self.url.host_str().unwrap_or_default(),
            self.url.path()
        )
    }
}

/// One reply, whatever its status; redirects are not followed.
#[derive(Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// Prints only status and size: a body may contain secrets.
impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reply({}, {} bytes)", self.status, self.body.len())
    }
}

/// The client. Clones share connections; TLS and pools are created on the first request, to keep an idle server small.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    timeout: Duration,
    max_body: usize,
    allow: Arc<[Cidr]>,
    authorities: Authorities,
    /// Client for public and allowed addresses.
    secure: OnceLock<reqwest::Client>,
    /// Client without the address guard, for hosts chosen by the operator.
    plain: OnceLock<reqwest::Client>,
    operator: OnceLock<reqwest::Client>,
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbound")
            .field("timeout", &self.0.timeout)
            .field("allow", &self.0.allow)
            .finish_non_exhaustive()
    }
}

impl Outbound {
    /// A client with these settings.
    pub fn new(settings: Settings) -> Self {
        Self(Arc::new(Inner {
            timeout: settings.timeout,
            max_body: settings.max_body,
            allow: settings.allow.into(),
            authorities: settings.authorities,
            secure: OnceLock::new(),
            plain: OnceLock::new(),
            operator: OnceLock::new(),
        }))
    }

    /// Sends the request and reads the whole reply.
    pub async fn send(&self, request: Request) -> Result<Reply, Error> {
        let host = self.check(&request.url, request.reach)?;
        let client = self.client(&request.url, request.reach)?;
        let mut builder = client.request(request.method, request.url).headers(request.headers);
        if let Some(body) = request.body {
            builder = builder.body(body);
        }
        let mut response = builder.send().await.map_err(|error| Error::from_client(&host, error))?;
        let too_large = || Error::TooLarge(host.clone(), self.0.max_body);
        if response
            .content_length()
            .is_some_and(|length| length > self.0.max_body as u64)
        {
            return Err(too_large());
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| Error::from_client(&host, error))?
        {
            if body.len() + chunk.len() > self.0.max_body {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply {
            status: response.status().as_u16(),
            headers: std::mem::take(response.headers_mut()),
            body: body.freeze(),
        })
    }

    /// Checks a URL without resolving its host, as before each request; returns the host. Also used before a browser is
    /// redirected to a URL, and before a URL is stored.
    pub fn check(&self, url: &Url, reach: Reach) -> Result<String, Error> {
        let host = match url.host() {
            Some(host) if !url.host_str().is_some_and(str::is_empty) => host,
            _ => return Err(Error::NotHttp),
        };
        let name = host.to_string();
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::UserInfo(name));
        }
        let rule = self.rule(url, reach)?;
        // An IP address in the URL is not checked by the resolver.
        let address = match host {
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
            Host::Domain(_) => None,
        };
        let Some(address) = address else {
            let nothing_permitted = reach == Reach::Checked && !rule.public && rule.allow.is_empty();
            return if nothing_permitted {
                Err(Error::NotSecure(name))
            } else {
                Ok(name)
            };
        };
        match rule.permits(address) {
            true => Ok(name),
            false if !rule.public && crate::is_public(address) => Err(Error::NotSecure(name)),
            false => Err(Error::Forbidden(name)),
        }
    }

    /// The allowed addresses of a host, for protocols other than HTTP; at least one.
    pub async fn resolve(&self, host: &str, port: u16, reach: Reach) -> Result<Vec<SocketAddr>, Error> {
        let rule = Rule {
            reach,
            public: true,
            allow: self.0.allow.clone(),
        };
        let found = tokio::net::lookup_host((host, port)).await;
        let found: Vec<SocketAddr> = found.map_err(|_| Error::Unresolved(host.to_owned()))?.collect();
        if found.is_empty() {
            return Err(Error::Unresolved(host.to_owned()));
        }
        let permitted: Vec<SocketAddr> = found.into_iter().filter(|found| rule.permits(found.ip())).collect();
        if permitted.is_empty() {
            Err(Error::Forbidden(host.to_owned()))
        } else {
            Ok(permitted)
        }
    }

    /// Additional trusted certificate authorities, for protocols other than HTTP.
    pub fn authorities(&self) -> &Authorities {
        &self.0.authorities
    }

    fn rule(&self, url: &Url, reach: Reach) -> Result<Rule, Error> {
        let public = match url.scheme() {
            "https" => true,
            "http" => reach == Reach::Web,
            _ => return Err(Error::NotHttp),
        };
        Ok(Rule {
            reach,
            public,
            allow: self.0.allow.clone(),
        })
    }

    fn client(&self, url: &Url, reach: Reach) -> Result<&reqwest::Client, Error> {
        let rule = self.rule(url, reach)?;
        let slot = match (reach, rule.public) {
            (Reach::Operator, _) => &self.0.operator,
            (Reach::Checked | Reach::Web, true) => &self.0.secure,
            (Reach::Checked | Reach::Web, false) => &self.0.plain,
        };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(&self.0.authorities)?)
            .dns_resolver(Arc::new(Resolver(rule)))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .timeout(self.0.timeout)
            .connect_timeout(self.0.timeout)
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(4)
            .user_agent(concat!("Ferrite/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Error::Setup(error.to_string()))?;
        Ok(slot.get_or_init(|| client))
    }
}
