//! A request as handlers and guards see it: headers read once, the client named.

use http::header::{HeaderName, ORIGIN, REFERER, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method};
use identity::Origin;
use kernel::Timestamp;
use std::net::IpAddr;

use crate::request_id;

/// The longest `User-Agent` that is kept.
const MAX_AGENT: usize = 512;

/// One request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, as sent.
    pub path: String,
    /// The query, as sent, without `?`.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as sent; empty where it has none or is too large.
    pub body: bytes::Bytes,
    /// Who sent it.
    pub ip: IpAddr,
    /// Whether it came by https.
    pub secure: bool,
    /// When it arrived.
    pub now: Timestamp,
    /// Its name in logs and in the answer's `X-Request-Id`.
    pub id: HeaderValue,
}

impl Request {
    /// A request from a peer. `X-Forwarded-*` count only when a proxy on this machine or a private network says them:
    /// anybody else could write what they like, and escape a rate limit.
    pub fn new(method: Method, path: String, query: String, headers: HeaderMap, peer: IpAddr, now: Timestamp) -> Self {
        let proxied = is_local(peer);
        let forwarded = |name: &str| {
            let value = headers.get(name).filter(|_| proxied)?.to_str().ok()?;
            // The nearest proxy writes last; what stands before it was written by the client.
            value
                .rsplit(',')
                .next()
                .map(str::trim)
                .filter(|value| !value.is_empty())
        };
        let ip = forwarded("x-forwarded-for")
            .and_then(|ip| ip.parse().ok())
            .unwrap_or(peer);
        let secure = forwarded("x-forwarded-proto") == Some("https");
        Self {
            id: request_id::of(&headers),
            method,
            path,
            query,
            headers,
            body: bytes::Bytes::new(),
            ip,
            secure,
            now,
        }
    }

    /// A header as text; none when it is absent, empty, or not text.
    pub fn header(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .filter(|value| !value.is_empty())
    }

    /// The page that sent it: `Origin`, else `Referer`. `null` is a page without an origin.
    pub fn origin(&self) -> Option<&str> {
        self.header(ORIGIN).or_else(|| self.header(REFERER))
    }

    /// Whether a browser navigates here, rather than a script calling.
    pub fn is_navigation(&self) -> bool {
        self.header(HeaderName::from_static("sec-fetch-mode")) == Some("navigate")
    }

    /// Whether the caller would read a page rather than JSON.
    pub fn wants_page(&self) -> bool {
        let accept = self.header(http::header::ACCEPT).unwrap_or_default();
        self.is_navigation() || (accept.contains("text/html") && !accept.contains("application/json"))
    }

    /// The values of every cookie of a name, in the order sent.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let headers = self
            .headers
            .get_all(http::header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        headers
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())
            .map(|(_, value)| value)
    }

    /// The client's `User-Agent`, cut to what is kept.
    pub fn user_agent(&self) -> String {
        let agent = self.header(USER_AGENT).unwrap_or_default();
        agent.chars().take(MAX_AGENT).collect()
    }

    /// Where it came from, as sessions and the audit log keep it. The country is looked up elsewhere.
    pub fn origin_of_client(&self, country: String, user_agent: String) -> Origin {
        Origin {
            ip: self.ip.to_string(),
            user_agent,
            country,
        }
    }
}

/// Whether an address is of this machine or a private network (RFC 1918, RFC 4193).
fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => {
            v6.is_loopback() || v6.is_unique_local() || v6.to_ipv4_mapped().is_some_and(|v4| is_local(v4.into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &str) -> IpAddr {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
        let peer = peer.parse().expect("an address");
        Request::new(
            Method::GET,
            "/".into(),
            String::new(),
            headers,
            peer,
            Timestamp::from_millis(0),
        )
        .ip
    }

    #[test]
    fn only_a_near_proxy_says_who_the_client_is() {
        assert_eq!(from("127.0.0.1", "6.6.6.6, 203.0.113.9").to_string(), "203.0.113.9");
        assert_eq!(from("198.51.100.7", "203.0.113.9").to_string(), "198.51.100.7");
        assert_eq!(from("10.0.0.1", "nonsense").to_string(), "10.0.0.1");
    }
}
