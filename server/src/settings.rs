//! Settings: command line, environment, `ferrite.toml`, Appwrite's variables, defaults; the first that speaks is heard.
//!
//! A setting that cannot be read stops the start with one line that names it and says what it wants.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use url::Url;

/// How long a remote image may take, from the first word to the last byte.
const IMAGE_TIMEOUT: Duration = Duration::from_secs(15);

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {rule}")]
pub struct BadSetting {
    /// The setting's name, as the environment has it.
    pub name: &'static str,
    /// What is wrong, and what would be right.
    pub rule: String,
}

/// The settings as flags of `ferrite serve`. What is left out is looked for elsewhere.
#[derive(Debug, Clone, Default, Args)]
pub struct Flags {
    /// Address and port to listen on [FERRITE_LISTEN, default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Folder for databases, files and the secret [FERRITE_DATA, default: ./data]
    #[arg(long, value_name = "FOLDER")]
    data: Option<String>,
    /// Address that browsers reach the server under; sign-ins with providers come back to it [FERRITE_PUBLIC_URL, default:
    /// http://localhost:PORT]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Database, as `postgres://user:password@host/name` [FERRITE_DATABASE_URL, default: SQLite files in the data folder]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// What several nodes speak over, as `redis://host:port` [FERRITE_BUS_URL, default: none, for one node]
    #[arg(long, value_name = "URL")]
    bus: Option<String>,
    /// Whether too many calls are refused [FERRITE_RATE_LIMITS, default: on; off with --dev]
    #[arg(long, value_name = "ON|OFF")]
    rate_limits: Option<String>,
    /// Who may sign up to the console: `first`, only the first account; `open`, everybody [FERRITE_CONSOLE_SIGNUP, default:
    /// first]
    #[arg(long, value_name = "FIRST|OPEN")]
    console_signup: Option<String>,
    /// File or folder of OAuth2 providers of your own, or changes to built-in ones [FERRITE_OAUTH_PROVIDERS, default:
    /// oauth in the data folder, if it is there]
    #[arg(long, value_name = "PATH")]
    oauth_providers: Option<String>,
    /// Private networks that the server may connect to for its users, as `10.0.0.0/8,192.168.1.7/32`
    /// [FERRITE_OUTBOUND_ALLOW, default: none; this machine with --dev]
    #[arg(long, value_name = "CIDRS")]
    outbound_allow: Option<String>,
    /// File in MaxMind's format (`.mmdb`) that knows the countries of addresses [FERRITE_GEO, default: none]
    #[arg(long, value_name = "FILE")]
    geo: Option<String>,
    /// Language of names, where a caller asks for none [FERRITE_LOCALE, default: en]
    #[arg(long, value_name = "LOCALE")]
    locale: Option<String>,
    /// For trying it out: a development identity provider, no rate limits; never on the internet [FERRITE_DEV, default: off]
    #[arg(long)]
    dev: bool,
}

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// Files in the data folder.
    Sqlite,
    /// A PostgreSQL server.
    Postgres(String),
}

/// Every setting, read and checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Folder for databases, files and the secret.
    pub data: PathBuf,
    /// Address that browsers reach the server under; none until the port is known.
    pub public_url: Option<Url>,
    /// Where the data is.
    pub database: Database,
    /// Where the bus runs.
    pub bus: bus::Settings,
    /// The server's secret; none: made at the first start and kept in the data folder.
    pub secret: Option<String>,
    /// Earlier secrets, which still open what they sealed.
    pub old_secrets: Vec<String>,
    /// Whether rate limits are enforced.
    pub rate_limits: bool,
    /// Whether everybody may sign up to the console.
    pub console_open: bool,
    /// OAuth2 providers of the operator's own.
    pub oauth_providers: Option<PathBuf>,
    /// Private networks that may be connected to.
    pub outbound_allow: Vec<outbound::Cidr>,
    /// Stands for every provider in tests.
    pub oauth_test_origin: Option<Url>,
    /// Countries of addresses.
    pub geo: Option<PathBuf>,
    /// The language of names, where a caller asks for none.
    pub locale: places::Locale,
    /// Whether the server is being tried out.
    pub dev: bool,
    /// The cost of a password's hash.
    pub password_hash: secrets::Argon2Params,
    /// How long a remote image may take.
    pub image_timeout: Duration,
}

/// The places that settings come from, the strongest first.
#[derive(Debug, Default)]
pub struct Sources {
    flags: Flags,
    environment: HashMap<String, String>,
    file: toml::Table,
}

impl Sources {
    /// Flags, an environment, and the text of `ferrite.toml`.
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

    /// The value of a setting, and the name that it was found under.
    fn find(
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

    /// Reads and checks everything.
    pub fn resolve(&self) -> Result<Settings, BadSetting> {
        let flags = &self.flags;
        let find = |flag: &Option<String>, name, appwrite: &[&'static str]| self.find(flag.as_ref(), name, appwrite);
        let dev = flags.dev
            || match self.find(None, "FERRITE_DEV", &["_APP_ENV"]) {
                Some(("_APP_ENV", value)) => value == "development",
                Some((name, value)) => switch(name, &value)?,
                None => false,
            };
        let listen = match find(&flags.listen, "FERRITE_LISTEN", &[]) {
            Some((name, value)) => value
                .parse()
                .map_err(|_| bad(name, "wants an address and a port, as 127.0.0.1:8080"))?,
            None => SocketAddr::from(([127, 0, 0, 1], 8080)),
        };
        let data = PathBuf::from(
            find(&flags.data, "FERRITE_DATA", &[]).map_or_else(|| "./data".to_owned(), |(_, value)| value),
        );
        let oauth_folder = data.join("oauth");
        let settings = Settings {
            listen,
            public_url: self.public_url()?,
            database: match find(&flags.database, "FERRITE_DATABASE_URL", &[]) {
                None => Database::Sqlite,
                Some((_, url)) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                    Database::Postgres(url)
                }
                Some((name, _)) => return Err(bad(name, "wants postgres://user:password@host:port/database")),
            },
            bus: self.bus()?,
            secret: self
                .find(None, "FERRITE_SECRET", &["_APP_OPENSSL_KEY_V1"])
                .map(|(_, value)| value),
            old_secrets: self
                .find(None, "FERRITE_SECRET_OLD", &[])
                .map(|(_, value)| value.split(',').map(str::to_owned).collect())
                .unwrap_or_default(),
            rate_limits: match find(&flags.rate_limits, "FERRITE_RATE_LIMITS", &["_APP_OPTIONS_ABUSE"]) {
                Some((name, value)) => switch(name, &value)?,
                None => !dev,
            },
            console_open: match find(
                &flags.console_signup,
                "FERRITE_CONSOLE_SIGNUP",
                &["_APP_CONSOLE_WHITELIST_ROOT"],
            ) {
                None => false,
                Some(("_APP_CONSOLE_WHITELIST_ROOT", value)) => value == "disabled",
                Some((_, value)) if value == "first" => false,
                Some((_, value)) if value == "open" => true,
                Some((name, _)) => return Err(bad(name, "is first or open")),
            },
            oauth_providers: match find(&flags.oauth_providers, "FERRITE_OAUTH_PROVIDERS", &[]) {
                Some((name, path)) => {
                    let path = PathBuf::from(path);
                    if !path.exists() {
                        return Err(bad(name, "names no file or folder that is there"));
                    }
                    Some(path)
                }
                None => oauth_folder.is_dir().then_some(oauth_folder),
            },
            outbound_allow: self.outbound_allow(dev)?,
            oauth_test_origin: self.test_origin(dev)?,
            geo: find(&flags.geo, "FERRITE_GEO", &[]).map(|(_, path)| PathBuf::from(path)),
            locale: match find(&flags.locale, "FERRITE_LOCALE", &["_APP_LOCALE"]) {
                Some((name, tag)) => {
                    places::Locale::find(&tag).ok_or_else(|| bad(name, "wants a locale, as en or pt-br"))?
                }
                None => places::Locale::default(),
            },
            dev,
            data,
            password_hash: secrets::Argon2Params::default(),
            image_timeout: IMAGE_TIMEOUT,
        };
        Ok(settings)
    }

    fn public_url(&self) -> Result<Option<Url>, BadSetting> {
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
            .ok_or_else(|| bad(name, "wants an origin, as https://api.example.com"))
    }

    fn bus(&self) -> Result<bus::Settings, BadSetting> {
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
            Some(_) => Err(bad("FERRITE_BUS_URL", "wants redis://host:port")),
        }
    }

    fn outbound_allow(&self, dev: bool) -> Result<Vec<outbound::Cidr>, BadSetting> {
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
                    .map_err(|_| bad(name, "wants networks as 10.0.0.0/8, separated by commas"))?,
            );
        }
        Ok(cidrs)
    }

    fn test_origin(&self, dev: bool) -> Result<Option<Url>, BadSetting> {
        const NAME: &str = "FERRITE_OAUTH_TEST_ORIGIN";
        let Some((_, value)) = self.find(None, NAME, &["_APP_OAUTH2_TEST_ORIGIN"]) else {
            return Ok(None);
        };
        if !dev {
            return Err(bad(NAME, "is taken with --dev only"));
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
            .ok_or_else(|| bad(NAME, "is an origin on this machine, as http://127.0.0.1:9000"))
    }
}

/// The names in `ferrite.toml`.
const FILE_KEYS: &[&str] = &[
    "listen",
    "data",
    "public_url",
    "database",
    "bus",
    "secret",
    "secret_old",
    "rate_limits",
    "console_signup",
    "oauth_providers",
    "outbound_allow",
    "geo",
    "locale",
    "dev",
];

fn bad(name: &'static str, rule: impl Into<String>) -> BadSetting {
    BadSetting {
        name,
        rule: rule.into(),
    }
}

/// Whether a URL says where, and nothing else.
fn is_origin(url: &Url) -> bool {
    let bare =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    matches!(url.scheme(), "http" | "https") && url.has_host() && url.path() == "/" && bare
}

fn switch(name: &'static str, value: &str) -> Result<bool, BadSetting> {
    match value.to_ascii_lowercase().as_str() {
        "on" | "true" | "1" | "enabled" => Ok(true),
        "off" | "false" | "0" | "disabled" => Ok(false),
        _ => Err(bad(name, "is on or off")),
    }
}

impl Settings {
    /// Settings for trying things out in a folder, on a port that the system chooses.
    pub fn for_folder(data: PathBuf) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data,
            public_url: None,
            database: Database::Sqlite,
            bus: bus::Settings::Local,
            secret: None,
            old_secrets: Vec::new(),
            rate_limits: true,
            console_open: false,
            oauth_providers: None,
            outbound_allow: Vec::new(),
            oauth_test_origin: None,
            geo: None,
            locale: places::Locale::default(),
            dev: false,
            password_hash: secrets::Argon2Params::default(),
            image_timeout: IMAGE_TIMEOUT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(environment: &[(&str, &str)], file: &str) -> Result<Settings, String> {
        let environment = environment
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Sources::new(Flags::default(), environment, file)
            .and_then(|s| s.resolve())
            .map_err(|e| e.to_string())
    }

    #[test]
    fn the_environment_is_stronger_than_the_file_and_both_than_appwrites_names() {
        let file = "listen = \"127.0.0.1:1\"\nrate_limits = \"off\"";
        let settings = resolve(
            &[("FERRITE_LISTEN", "127.0.0.1:2"), ("_APP_OPTIONS_ABUSE", "enabled")],
            file,
        )
        .expect("valid");
        assert_eq!(settings.listen.port(), 2);
        assert!(!settings.rate_limits);
        let settings = resolve(
            &[
                ("_APP_DOMAIN", "api.example.com"),
                ("_APP_OPTIONS_FORCE_HTTPS", "enabled"),
            ],
            "",
        )
        .expect("valid");
        assert_eq!(
            settings.public_url.map(String::from).as_deref(),
            Some("https://api.example.com/")
        );
        assert!(resolve(&[("_APP_ENV", "development")], "").expect("valid").dev);
    }

    #[test]
    fn a_setting_that_cannot_be_read_is_named() {
        for (name, value) in [
            ("FERRITE_LISTEN", "8080"),
            ("FERRITE_PUBLIC_URL", "example.com"),
            ("FERRITE_RATE_LIMITS", "perhaps"),
            ("FERRITE_DATABASE_URL", "mysql://x"),
            ("FERRITE_OAUTH_PROVIDERS", "/nowhere/at/all"),
            ("FERRITE_OUTBOUND_ALLOW", "everything"),
            ("FERRITE_LOCALE", "tlh"),
            ("FERRITE_OAUTH_TEST_ORIGIN", "http://127.0.0.1:1"),
        ] {
            let error = resolve(&[(name, value)], "").expect_err(name);
            assert!(error.starts_with(name), "{error}");
        }
        let far = [
            ("FERRITE_DEV", "on"),
            ("FERRITE_OAUTH_TEST_ORIGIN", "http://evil.example"),
        ];
        assert!(
            resolve(&far, "")
                .expect_err("far")
                .starts_with("FERRITE_OAUTH_TEST_ORIGIN")
        );
        assert!(resolve(&[], "lisen = 1").expect_err("a typo").contains("`lisen`"));
    }
}
