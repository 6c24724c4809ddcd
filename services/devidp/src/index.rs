//! Which provider answers at an address, and as what.
//!
//! The index is made once from the records: every URL of every provider becomes a pattern with the part that the URL plays.
//! Records whose endpoints are told by discovery get endpoints of ours below the issuer, which the metadata then names.
//!
//! Several records may fit one address: self-hosted providers leave the host open, two records of an operator may name
//! the same URLs. So the index answers with every record that fits, the most specific first, and the caller decides by what
//! else it knows: the callback names the provider, a code or a token belongs to one.

use std::cmp::Reverse;
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request};
use oauth::{Provider, Registry, Template};

use crate::form::Params;
use crate::pattern::{Captures, Pattern};

/// The tail of metadata addresses (OpenID Connect Discovery 1.0 section 4, RFC 8414 section 3).
const WELL_KNOWN: [&str; 2] = [
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
];
/// The place for the issuer in endpoints of ours.
pub(crate) const BASE: &str = "base";

/// The part that an address plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Authorize,
    Token,
    Refresh,
    /// The call of this number in the record.
    Userinfo(usize),
    Discovery,
    Jwks,
}

/// A record that fits an address.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) provider: Arc<Provider>,
    pub(crate) role: Role,
    pub(crate) captures: Captures,
    /// Whether the record itself names the host.
    pub(crate) names_host: bool,
}

#[derive(Debug)]
struct Entry {
    provider: Arc<Provider>,
    role: Role,
    pattern: Pattern,
}

/// All addresses of all providers.
#[derive(Debug)]
pub(crate) struct Index(Vec<Entry>);

impl Index {
    /// Reads the records. The test providers, which this server is itself, are not imitated.
    pub(crate) fn new(registry: &Registry) -> Self {
        let mut entries: Vec<Entry> = registry
            .iter()
            .flat_map(|provider| {
                addresses(provider)
                    .into_iter()
                    .filter(|(_, text)| !text.starts_with("{server}"))
                    .map(|(role, text)| Entry {
                        provider: provider.clone(),
                        role,
                        pattern: Pattern::url(&text),
                    })
            })
            .collect();
        // Stable, so that equal ones stay in the order of their ids.
        entries.sort_by_key(|entry| Reverse((!entry.pattern.is_open(), entry.pattern.weight())));
        Self(entries)
    }

    /// The providers that are imitated, by id.
    pub(crate) fn providers(&self) -> Vec<&Arc<Provider>> {
        let mut providers: Vec<&Arc<Provider>> = self.0.iter().map(|entry| &entry.provider).collect();
        providers.sort_by(|one, other| one.id.cmp(&other.id));
        providers.dedup_by(|one, other| one.id == other.id);
        providers
    }

    /// Every record that fits an address, the most specific first; all play the same part as the first.
    pub(crate) fn find(&self, url: &str, request: &Request<Bytes>) -> Vec<Found> {
        // An address that a project gives whole may be any: there the request itself tells the part.
        let shape = shape(request);
        let mut found: Vec<Found> = self
            .0
            .iter()
            .filter(|entry| !entry.pattern.is_open() || shape.is_some_and(|shape| same_part(shape, entry.role)))
            .filter_map(|entry| {
                let captures = entry.pattern.read(url)?;
                is_allowed(&entry.provider, &captures).then(|| Found {
                    provider: entry.provider.clone(),
                    role: entry.role,
                    names_host: entry.pattern.weight().0,
                    captures,
                })
            })
            .collect();
        if let Some(first) = found.first().map(|first| first.role) {
            found.retain(|other| same_part(first, other.role));
        }
        found
    }
}

/// Every address of a record, with its part.
fn addresses(provider: &Provider) -> Vec<(Role, String)> {
    let text = |template: &Option<Template>| template.as_ref().map(|template| template.as_str().to_owned());
    let own = |name: &str| own_endpoint(provider, name);
    let mut found = vec![
        (
            Role::Authorize,
            text(&provider.authorize_url).or_else(|| own("authorize")),
        ),
        (Role::Token, text(&provider.token_url).or_else(|| own("token"))),
        (Role::Refresh, text(&provider.refresh_url)),
        (Role::Discovery, text(&provider.discovery_url)),
        (Role::Jwks, text(&provider.jwks_url).or_else(|| own("jwks"))),
    ];
    for (at, call) in provider.userinfo.iter().enumerate() {
        found.push((Role::Userinfo(at), text(&call.url).or_else(|| own("userinfo"))));
    }
    // A project may give an address whole, or leave it to the metadata that it names.
    if text(&provider.discovery_url).is_some_and(|url| Pattern::url(&url).is_open()) {
        for (role, name) in [
            (Role::Authorize, "authorize"),
            (Role::Token, "token"),
            (Role::Userinfo(0), "userinfo"),
            (Role::Jwks, "jwks"),
        ] {
            found.push((role, own(name)));
        }
        found.extend(WELL_KNOWN.map(|tail| (Role::Discovery, Some(format!("{{{BASE}}}{tail}")))));
    }
    found
        .into_iter()
        .filter_map(|(role, text)| Some((role, text?)))
        .collect()
}

/// An endpoint of ours, for records that leave it to discovery.
pub(crate) fn own_endpoint(provider: &Provider, name: &str) -> Option<String> {
    let discovery = provider.discovery_url.as_ref()?.as_str();
    let base = if Pattern::url(discovery).is_open() {
        format!("{{{BASE}}}")
    } else {
        base_of(discovery).to_owned()
    };
    Some(format!("{base}/dev-{}/{name}", provider.id))
}

/// The address to which the metadata's tail was added.
pub(crate) fn base_of(discovery: &str) -> &str {
    WELL_KNOWN
        .iter()
        .find_map(|tail| discovery.strip_suffix(tail))
        .unwrap_or(discovery)
        .trim_end_matches('/')
}

fn same_part(one: Role, other: Role) -> bool {
    match (one, other) {
        (Role::Token | Role::Refresh, Role::Token | Role::Refresh) | (Role::Userinfo(_), Role::Userinfo(_)) => true,
        (one, other) => one == other,
    }
}

/// Tells whether captured parts are on the record's list (Zoho's data centres).
fn is_allowed(provider: &Provider, captures: &Captures) -> bool {
    provider.callback_params.iter().all(|(name, param)| {
        captures
            .get(name)
            .is_none_or(|value| param.allow.is_empty() || param.allow.contains(value))
    })
}

fn shape(request: &Request<Bytes>) -> Option<Role> {
    let path = request.uri().path();
    if request.method() == Method::POST && Params::form(request.body()).get("grant_type").is_some() {
        Some(Role::Token)
    } else if request.headers().contains_key(http::header::AUTHORIZATION) {
        Some(Role::Userinfo(0))
    } else if crate::form::query(request).get("response_type").is_some() {
        Some(Role::Authorize)
    } else if path.contains("/.well-known/openid") || path.contains("/.well-known/oauth") {
        Some(Role::Discovery)
    } else if ["jwks", "keys", "certs"].iter().any(|word| path.contains(word)) {
        Some(Role::Jwks)
    } else {
        None
    }
}
