//! Sources of settings, and the parsers of compound values.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use url::Url;

use super::{BadSetting, Flags};

/// Sources of settings, in descending precedence.
#[derive(Debug, Default)]
pub struct Sources {
    pub(super) flags: Flags,
    pub(super) environment: HashMap<String, String>,
    file: toml::Table,
}

impl Sources {
    /// Sources from flags, environment variables and the text of `ferrite.toml`. Fails on an unknown key in the file.
    pub fn new(flags: Flags, environment: HashMap<String, String>, file: &str) -> Result<Self, BadSetting> {
        let file: toml::Table = file.parse().map_err(|error: toml::de::Error| BadSetting {
            name: "ferrite.toml",
            rule: error.message().to_owned(),
        })?;
        let sources = Self {
            flags,
            environment,
            file,
        };
        match sources.file.keys().find(|key| !FILE_KEYS.contains(&key.as_str())) {
            Some(key) => Err(BadSetting {
                name: "ferrite.toml",
                rule: format!("there is no setting `{key}`; there are {}", FILE_KEYS.join(", ")),
            }),
            None => Ok(sources),
        }
    }

    /// The value of a setting and the variable name to report for it. Empty variables count as unset.
    pub(super) fn find(
        &self,
        flag: Option<&String>,
        name: &'static str,
        appwrite: &[&'static str],
    ) -> Option<(&'static str, String)> {
        if let Some(value) = flag {
            return Some((name, value.clone()));
        }
        if let Some(value) = self.environment.get(name).filter(|value| !value.is_empty()) {
            return Some((name, value.clone()));
        }
        let key = name
            .trim_start_matches("FERRITE_")
            .trim_end_matches("_URL")
            .to_ascii_lowercase();
        let key = if name == "FERRITE_PUBLIC_URL" {
            "public_url"
        } else {
            &key
        };
        if let Some(value) = self.file.get(key) {
            return Some((name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        }
        let found = appwrite
            .iter()
            .find_map(|name| Some((*name, self.environment.get(*name)?)));
        found
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name, value.clone()))
    }

    pub(super) fn public_url(&self) -> Result<Option<Url>, BadSetting> {
        let found = self.find(self.flags.public_url.as_ref(), "FERRITE_PUBLIC_URL", &["_APP_DOMAIN"]);
        let Some((name, value)) = found else { return Ok(None) };
        let text = if name == "_APP_DOMAIN" {
            let https = self
                .environment
                .get("_APP_OPTIONS_FORCE_HTTPS")
                .is_some_and(|value| value == "enabled");
            format!("{}://{value}", if https { "https" } else { "http" })
        } else {
            value
        };
        let url = Url::parse(&text).ok().filter(is_origin);
        url.map(Some)
            .ok_or_else(|| bad(name, "must be an origin, such as https://api.example.com"))
    }

    pub(super) fn bus(&self) -> Result<bus::Settings, BadSetting> {
        let redis = match self.environment.get("_APP_REDIS_HOST").filter(|host| !host.is_empty()) {
            Some(host) => {
                let port = self.environment.get("_APP_REDIS_PORT").map_or("6379", String::as_str);
                Some(format!("redis://{host}:{port}"))
            }
            None => None,
        };
        match self
            .find(self.flags.bus.as_ref(), "FERRITE_BUS_URL", &[])
            .map(|(_, url)| url)
            .or(redis)
        {
            None => Ok(bus::Settings::Local),
            Some(url) if url.starts_with("redis://") => Ok(bus::Settings::Redis { url }),
            Some(_) => Err(bad("FERRITE_BUS_URL", "must be redis://host:port")),
        }
    }

    pub(super) fn outbound_allow(&self, dev: bool) -> Result<Vec<outbound::Cidr>, BadSetting> {
        let found = self.find(self.flags.outbound_allow.as_ref(), "FERRITE_OUTBOUND_ALLOW", &[]);
        let (name, list) = found.unwrap_or(("FERRITE_OUTBOUND_ALLOW", String::new()));
        let mut cidrs = Vec::new();
        let loopback = if dev { "127.0.0.0/8,::1/128," } else { "" };
        for cidr in format!("{loopback}{list}")
            .split(',')
            .map(str::trim)
            .filter(|cidr| !cidr.is_empty())
        {
            cidrs.push(
                cidr.parse()
                    .map_err(|_| bad(name, "must be networks such as 10.0.0.0/8, separated by commas"))?,
            );
        }
        Ok(cidrs)
    }

    pub(super) fn trusted_proxies(&self) -> Result<Vec<outbound::Cidr>, BadSetting> {
        let found = self.find(self.flags.trusted_proxies.as_ref(), "FERRITE_TRUSTED_PROXIES", &[]);
        let Some((name, list)) = found else {
            return Ok(Vec::new());
        };
        let networks = list.split(',').map(str::trim).filter(|network| !network.is_empty());
        networks
            .map(|network| {
                network
                    .parse()
                    .map_err(|_| bad(name, "must be networks such as 10.0.0.0/8, separated by commas"))
            })
            .collect()
    }

    pub(super) fn body_memory(&self) -> Result<usize, BadSetting> {
        let Some((name, size)) = self.find(self.flags.body_memory.as_ref(), "FERRITE_BODY_MEMORY", &[]) else {
            return Ok(super::BODY_MEMORY);
        };
        let (number, unit) = size.split_at(size.find(|c: char| !c.is_ascii_digit()).unwrap_or(size.len()));
        let shift = match unit.trim().to_ascii_lowercase().as_str() {
            "" => Some(0),
            "kib" | "k" => Some(10),
            "mib" | "m" => Some(20),
            "gib" | "g" => Some(30),
            _ => None,
        };
        let bytes = shift.and_then(|shift| number.parse::<usize>().ok()?.checked_mul(1 << shift));
        bytes
            .filter(|bytes| *bytes >= 8 << 20)
            .ok_or_else(|| bad(name, "must be a size of at least 8MiB, such as 64MiB"))
    }

    pub(super) fn idle_timeout(&self) -> Result<Duration, BadSetting> {
        let Some((name, seconds)) = self.find(self.flags.idle_timeout.as_ref(), "FERRITE_IDLE_TIMEOUT", &[]) else {
            return Ok(super::IDLE_TIMEOUT);
        };
        let seconds = seconds.parse().ok().filter(|seconds| (1..=3600).contains(seconds));
        seconds
            .map(Duration::from_secs)
            .ok_or_else(|| bad(name, "must be 1 to 3600 seconds"))
    }

    pub(super) fn outbound_ca(&self) -> Result<outbound::Authorities, BadSetting> {
        match self.find(self.flags.outbound_ca.as_ref(), "FERRITE_OUTBOUND_CA", &[]) {
            Some((name, file)) => outbound::Authorities::read(Path::new(&file))
                .map_err(|error| bad(name, format!("must be a file of certificates in PEM: {error}"))),
            None => Ok(outbound::Authorities::default()),
        }
    }

    pub(super) fn test_origin(&self, dev: bool) -> Result<Option<Url>, BadSetting> {
        const NAME: &str = "FERRITE_OAUTH_TEST_ORIGIN";
        let Some((_, value)) = self.find(None, NAME, &["_APP_OAUTH2_TEST_ORIGIN"]) else {
            return Ok(None);
        };
        if !dev {
            return Err(bad(NAME, "requires --dev"));
        }
        let url = Url::parse(&value).ok().filter(is_origin);
        let loopback = |url: &Url| match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        url.filter(loopback)
            .map(Some)
            .ok_or_else(|| bad(NAME, "must be an origin on this machine, such as http://127.0.0.1:9000"))
    }
}

/// Keys of `ferrite.toml`.
const FILE_KEYS: &[&str] = &[
    "listen",
    "data",
    "public_url",
    "database",
    "bus",
    "smtp",
    "sms",
    "secret",
    "secret_old",
    "rate_limits",
    "console_signup",
    "oauth_providers",
    "outbound_allow",
    "outbound_ca",
    "trusted_proxies",
    "body_memory",
    "idle_timeout",
    "geo",
    "browser",
    "locale",
    "dev",
];

pub(super) fn bad(name: &'static str, rule: impl Into<String>) -> BadSetting {
    BadSetting {
        name,
        rule: rule.into(),
    }
}

/// Whether a URL is an HTTP origin: no credentials, path, query or fragment.
fn is_origin(url: &Url) -> bool {
    let bare =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    matches!(url.scheme(), "http" | "https") && url.has_host() && url.path() == "/" && bare
}

pub(super) fn switch(name: &'static str, value: &str) -> Result<bool, BadSetting> {
    match value.to_ascii_lowercase().as_str() {
        "on" | "true" | "1" | "enabled" => Ok(true),
        "off" | "false" | "0" | "disabled" => Ok(false),
        _ => Err(bad(name, "must be on or off")),
    }
}
