//! A request for handlers and guards, with parsed headers and the resolved client address.

use http::header::{HeaderName, ORIGIN, REFERER, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method};
use identity::Origin;
use kernel::Timestamp;
use outbound::Cidr;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::request_id;
use crate::upgrade::Upgrade;

/// Maximum length of a stored `User-Agent`, in characters.
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
    /// Address of the client.
    pub ip: IpAddr,
    /// Whether it arrived by https.
    pub secure: bool,
    /// Time of arrival.
    pub now: Timestamp,
    /// The connection, for a request that upgrades to another protocol.
    pub upgrade: Option<Arc<Upgrade>>,
    /// Request ID for logs and the reply's `X-Request-Id`.
    pub id: HeaderValue,
}

impl Request {
    /// A request from a peer. `X-Forwarded-*` headers are read from trusted proxies only; otherwise a client could
    /// choose its address and evade every limit by address.
    pub fn new(
        method: Method,
        path: String,
        query: String,
        headers: HeaderMap,
        (peer, proxies): (IpAddr, &Proxies),
        now: Timestamp,
    ) -> Self {
        let (ip, secure) = proxies.resolve(peer, &headers);
        Self {
            id: request_id::of(&headers),
            method,
            path,
            query,
            headers,
            upgrade: None,
            ip,
            secure,
            now,
        }
    }

    /// The network of the client, by which callers are counted: an IPv4 address, or the /64 that one customer of an IPv6
    /// provider usually has.
    pub fn network(&self) -> String {
        network_of(self.ip)
    }

    /// A header as text; none if it is absent, empty or not text.
    pub fn header(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .filter(|value| !value.is_empty())
    }

    /// The origin of the calling page: `Origin`, else `Referer`. `null` is a page without an origin.
    pub fn origin(&self) -> Option<&str> {
        self.header(ORIGIN).or_else(|| self.header(REFERER))
    }

    /// Whether a browser navigates to this address (`Sec-Fetch-Mode`), as opposed to a script's request.
    pub fn is_navigation(&self) -> bool {
        self.header(HeaderName::from_static("sec-fetch-mode")) == Some("navigate")
    }

    /// Whether a browser sent it: it navigates, accepts pages, or calls itself Mozilla, as all browsers do. Browsers send
    /// `Sec-Fetch-Mode` only to hosts with TLS and to `localhost`, and Safari only since 16.4.
    pub fn is_of_browser(&self) -> bool {
        self.is_navigation()
            || self
                .header(http::header::ACCEPT)
                .is_some_and(|accept| accept.contains("text/html"))
            || self
                .header(USER_AGENT)
                .is_some_and(|agent| agent.starts_with("Mozilla/"))
    }

    /// Whether it has a `Sec-Fetch-*` header. Besides browsers, `fetch` of Node.js sends one.
    pub fn has_fetch_metadata(&self) -> bool {
        self.headers.keys().any(|name| name.as_str().starts_with("sec-fetch-"))
    }

    /// Whether the client prefers a page to JSON.
    pub fn wants_page(&self) -> bool {
        let accept = self.header(http::header::ACCEPT).unwrap_or_default();
        self.is_navigation() || (accept.contains("text/html") && !accept.contains("application/json"))
    }

    /// The value of the first cookie of a name.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies(name).first().copied()
    }

    /// The values of all cookies of a name, in the order of the request: a host can have several, of different paths and
    /// domains. Other cookies of the host may contain any bytes.
    pub fn cookies(&self, name: &str) -> Vec<&str> {
        let headers = self.headers.get_all(http::header::COOKIE).iter();
        headers
            .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
            .filter_map(|pair| std::str::from_utf8(pair).ok())
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(key, value)| key.trim_end().eq_ignore_ascii_case(name) && !value.is_empty())
            .map(|(_, value)| value.trim_matches('"'))
            .collect()
    }

    /// The client's `User-Agent`, cut to the stored length.
    pub fn user_agent(&self) -> String {
        let agent = self.header(USER_AGENT).unwrap_or_default();
        agent.chars().take(MAX_AGENT).collect()
    }

    /// The origin of the request, as sessions and the audit log store it. The country is looked up by the caller.
    pub fn origin_of_client(&self, country: String, user_agent: String) -> Origin {
        Origin {
            ip: self.ip.to_string(),
            user_agent,
            country,
        }
    }
}

/// The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are trusted.
#[derive(Debug, Default)]
pub struct Proxies {
    trusted: Vec<Cidr>,
    /// Set once a forwarded header of an untrusted address has been logged, so that it is logged once.
    warned: AtomicBool,
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

impl Proxies {
    /// Trusts the proxies in some networks.
    pub fn new(trusted: Vec<Cidr>) -> Self {
        Self {
            trusted,
            warned: AtomicBool::new(false),
        }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }

    /// The client's address, and whether the request arrived by https.
    fn resolve(&self, peer: IpAddr, headers: &HeaderMap) -> (IpAddr, bool) {
        if !self.trusts(peer) {
            if headers.contains_key(FORWARDED_FOR) && !self.warned.swap(true, Ordering::Relaxed) {
                tracing::warn!(
                    %peer,
                    "X-Forwarded-For is ignored: the sender is not a trusted proxy; if it is yours, name it: \
                     --trusted-proxies (FERRITE_TRUSTED_PROXIES). This is logged once"
                );
            }
            return (peer, false);
        }
        // Each proxy appends the address of its peer: the last address that is not a trusted proxy is the client.
        let lines = headers.get_all(FORWARDED_FOR);
        let named: Vec<&str> = lines
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .collect();
        let mut client = peer;
        for name in named.into_iter().rev() {
            let Some(address) = address_of(name) else { break };
            client = address;
            if !self.trusts(address) {
                break;
            }
        }
        let proto = headers.get_all(FORWARDED_PROTO).iter().next_back();
        let proto = proto
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.rsplit(',').next());
        (
            client,
            proto.is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https")),
        )
    }
}

fn network_of(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// An address as proxies write it, with or without port or brackets.
fn address_of(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').split(']').next().unwrap_or_default();
    text.parse()
        .ok()
        .or_else(|| text.parse().map(|socket: std::net::SocketAddr| socket.ip()).ok())
        .or_else(|| bare.parse().ok())
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&str]) -> (String, bool) {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().expect("a header"));
        }
        headers.insert(FORWARDED_PROTO, "https".parse().expect("a header"));
        let trusted = ["10.0.0.0/8", "::1"].map(|network| network.parse().expect("a network"));
        let proxies = Proxies::new(trusted.to_vec());
        let (ip, secure) = proxies.resolve(peer.parse().expect("an address"), &headers);
        (ip.to_string(), secure)
    }

    #[test]
    fn addresses_of_one_customer_are_one_network() {
        let network = |text: &str| network_of(text.parse().expect("an address"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn client_address_comes_from_trusted_proxies_only() {
        let seen = |address: &str, secure| (address.to_owned(), secure);
        assert_eq!(from("127.0.0.1", &["203.0.113.9"]), seen("127.0.0.1", false));
        assert_eq!(from("10.0.0.1", &["203.0.113.9"]), seen("203.0.113.9", true));
        assert_eq!(
            from("10.0.0.1", &["6.6.6.6, 203.0.113.9, 10.0.0.7"]),
            seen("203.0.113.9", true)
        );
        assert_eq!(
            from("10.0.0.1", &["6.6.6.6", "203.0.113.9"]),
            seen("203.0.113.9", true),
            "two lines"
        );
        assert_eq!(from("10.0.0.1", &["6.6.6.6, nonsense"]), seen("10.0.0.1", true));
        assert_eq!(from("10.0.0.1", &["[2001:db8::1]:443"]), seen("2001:db8::1", true));
        assert_eq!(from("::1", &["203.0.113.9:4711"]), seen("203.0.113.9", true));
        assert_eq!(from("::ffff:10.0.0.1", &["203.0.113.9"]), seen("203.0.113.9", true));
    }
}
