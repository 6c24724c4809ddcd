//! Index from URLs to providers and endpoints.
//!
//! The index is built once from the records: every URL of every provider becomes a pattern with the role of the
//! endpoint. Records whose endpoints come from discovery get generated endpoints below the issuer, which the metadata
//! contains.
//!
//! Several records may match one URL: self-hosted providers have a variable host, and two records of an operator may
//! have the same URLs. So the index returns all matching records, the most specific first, and the caller selects one:
//! the callback contains the provider's ID, a code or a token belongs to one provider.

use std::cmp::Reverse;
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request};
use oauth::{Provider, Registry, Template};

use crate::form::Params;
use crate::pattern::{Captures, Pattern};

/// Path suffixes of metadata URLs (OpenID Connect Discovery 1.0 section 4, RFC 8414 section 3).
const WELL_KNOWN: [&str; 2] = [
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
];
/// Placeholder for the issuer in generated endpoints.
pub(crate) const BASE: &str = "base";

/// Role of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Authorize,
    Token,
    Refresh,
    /// Userinfo call with this index in the record.
    Userinfo(usize),
    Discovery,
    Jwks,
}

/// A record that matches a URL.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) provider: Arc<Provider>,
    pub(crate) role: Role,
    pub(crate) captures: Captures,
    /// Whether the host is fixed in the record.
    pub(crate) names_host: bool,
}

#[derive(Debug)]
struct Entry {
    provider: Arc<Provider>,
    role: Role,
    pattern: Pattern,
}

/// All endpoint URLs of all providers.
#[derive(Debug)]
pub(crate) struct Index(Vec<Entry>);

impl Index {
    /// Builds the index from the records. Test providers, which this server implements itself, are not included.
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
        // The sort is stable, so that equal entries stay in the order of provider IDs.
        entries.sort_by_key(|entry| Reverse((!entry.pattern.is_open(), entry.pattern.weight())));
        Self(entries)
    }

    /// The imitated providers, sorted by ID.
    pub(crate) fn providers(&self) -> Vec<&Arc<Provider>> {
        let mut providers: Vec<&Arc<Provider>> = self.0.iter().map(|entry| &entry.provider).collect();
        providers.sort_by(|one, other| one.id.cmp(&other.id));
        providers.dedup_by(|one, other| one.id == other.id);
        providers
    }

    /// All records that match a URL and have the same role as the first, the most specific first.
    pub(crate) fn find(&self, url: &str, request: &Request<Bytes>) -> Vec<Found> {
        // A URL configured completely by the project matches everything; its role is determined from the request.
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

/// All URLs of a record, with their roles.
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
    // A project may configure a URL completely, or only the metadata URL.
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

/// A generated endpoint, for records whose endpoints come from discovery.
pub(crate) fn own_endpoint(provider: &Provider, name: &str) -> Option<String> {
    let discovery = provider.discovery_url.as_ref()?.as_str();
    let base = if Pattern::url(discovery).is_open() {
        format!("{{{BASE}}}")
    } else {
        base_of(discovery).to_owned()
    };
    Some(format!("{base}/dev-{}/{name}", provider.id))
}

/// The metadata URL without its well-known suffix.
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

/// Whether the captured values are in the record's list of allowed ones (Zoho's data centres).
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
