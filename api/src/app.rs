//! Shared state of all services, built once by the server.

use std::net::IpAddr;
use std::sync::Arc;

use bus::Counters;
use identity::People;
use kernel::Clock;
use notifications::Notifier;
use projects::Directory;
use projects::origins::OwnHosts;
use secrets::{Hasher, Vault};
use url::Url;

use crate::service::Declared;

/// Settings of the API.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Public base URL of the server; callback URLs are built from it.
    pub public_url: Url,
    /// Development mode: see `--dev`.
    pub dev: bool,
    /// Locale of replies and mails for a request that names none.
    pub locale: locale_data::Locale,
    /// Whether rate limits are enforced. Their headers are sent in any case.
    pub rate_limits: bool,
}

/// Looks up the country of an address: its ISO 3166 code in lower case, `--` when unknown.
pub type CountryOf = Arc<dyn Fn(IpAddr) -> String + Send + Sync>;

/// State that all services share. State of a single service is that service's own (`Call::state`).
#[derive(Clone)]
pub struct App {
    /// Settings of the API.
    pub settings: Settings,
    /// The clock.
    pub clock: Clock,
    /// The databases.
    pub engine: db::Engine,
    /// The projects.
    pub projects: Directory,
    /// Cache of users, for identifying callers.
    pub people: People,
    /// Counters of rate limits.
    pub counters: Counters,
    /// The server's keys.
    pub vault: Arc<Vault>,
    /// Queue of mails and SMS.
    pub hasher: Hasher,
    /// Mails and SMS to people.
    pub notifier: Notifier,
    /// Countries by IP address.
    pub country_of: CountryOf,
    /// Memory budget of requests and replies in flight.
    pub memory: memory::Budget,
    /// Declarations of services that are looked up at run time.
    pub declared: Arc<Declared>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl App {
    /// The server's own address, which every project allows.
    pub fn own_hosts(&self) -> OwnHosts {
        OwnHosts::of(&self.settings.public_url)
    }
}
