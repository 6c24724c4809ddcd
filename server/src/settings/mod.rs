//! Settings, in order of precedence: command line, environment, `ferrite.toml`, Appwrite's variables, defaults.
//!
//! An invalid setting stops the start with one line that names it and the rule that it breaks.

mod flags;
mod post;
mod sources;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use senders::{Gateway, SmtpServer};
use url::Url;

pub use flags::Flags;
pub use sources::Sources;
use sources::{bad, switch};

/// Time limit for fetching a remote image.
const IMAGE_TIMEOUT: Duration = Duration::from_secs(15);

/// Memory for requests and replies in flight, in bytes.
const BODY_MEMORY: usize = 64 << 20;
/// Default idle timeout: longer than the 60 s of most load balancers, which could otherwise send on a closing
/// connection.
const IDLE_TIMEOUT: Duration = Duration::from_secs(75);

/// Invalid setting.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {rule}")]
pub struct BadSetting {
    /// Name of the environment variable.
    pub name: &'static str,
    /// Rule that the value breaks.
    pub rule: String,
}

/// Database location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// Files in the data folder.
    Sqlite,
    /// A PostgreSQL server.
    Postgres(String),
}

/// All settings, parsed and validated.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Folder for databases, files and the secret.
    pub data: PathBuf,
    /// Base URL for browsers; if none, `http://localhost` with the port that the server listens on.
    pub public_url: Option<Url>,
    /// Database location.
    pub database: Database,
    /// Settings of the bus.
    pub bus: bus::Settings,
    /// The operator's mail server.
    pub smtp: Option<SmtpServer>,
    /// The operator's SMS gateway.
    pub sms: Option<Gateway>,
    /// The server's secret; if none, it is generated at the first start and stored in the data folder.
    pub secret: Option<String>,
    /// Earlier secrets, still used to open data sealed under them.
    pub old_secrets: Vec<String>,
    /// Whether rate limits are enforced.
    pub rate_limits: bool,
    /// Whether anyone may sign up to the console, not only the first account.
    pub console_open: bool,
    /// File or folder of the operator's OAuth2 providers.
    pub oauth_providers: Option<PathBuf>,
    /// Private networks that outbound connections may reach.
    pub outbound_allow: Vec<outbound::Cidr>,
    /// Certificate authorities trusted in addition to the public ones.
    pub outbound_ca: outbound::Authorities,
    /// Proxies whose `X-Forwarded-*` headers are trusted.
    pub trusted_proxies: Vec<outbound::Cidr>,
    /// Memory for requests and replies in flight, in bytes.
    pub body_memory: usize,
    /// Time limit for idle connections and for the head of a request.
    pub idle_timeout: Duration,
    /// Origin that replaces those of all OAuth2 providers in tests.
    pub oauth_test_origin: Option<Url>,
    /// Country database of IP addresses (`.mmdb`).
    pub geo: Option<PathBuf>,
    /// URL of the browser service for screenshots.
    pub browser: Option<Url>,
    /// Default language of names and notifications.
    pub locale: locale_data::Locale,
    /// Development mode (`--dev`).
    pub dev: bool,
    /// Cost parameters of password hashes.
    pub password_hash: secrets::Argon2Params,
    /// Time limit for fetching a remote image.
    pub image_timeout: Duration,
}

impl Sources {
    /// Parses and validates all settings.
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
                .map_err(|_| bad(name, "must be an address and a port, such as 127.0.0.1:8080"))?,
            None => SocketAddr::from(([127, 0, 0, 1], 8080)),
        };
        let data = PathBuf::from(
            find(&flags.data, "FERRITE_DATA", &[]).map_or_else(|| "./data".to_owned(), |(_, value)| value),
        );
        let oauth_folder = data.join("oauth");
        let public_url = self.public_url()?;
        let settings = Settings {
            listen,
            smtp: self.smtp(public_url.as_ref())?,
            sms: self.sms()?,
            public_url,
            database: match find(&flags.database, "FERRITE_DATABASE_URL", &[]) {
                None => Database::Sqlite,
                Some((_, url)) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                    Database::Postgres(url)
                }
                Some((name, _)) => return Err(bad(name, "must be postgres://user:password@host:port/database")),
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
                Some((name, _)) => return Err(bad(name, "must be first or open")),
            },
            oauth_providers: match find(&flags.oauth_providers, "FERRITE_OAUTH_PROVIDERS", &[]) {
                Some((name, path)) => {
                    let path = PathBuf::from(path);
                    if !path.exists() {
                        return Err(bad(name, "does not exist"));
                    }
                    Some(path)
                }
                None => oauth_folder.is_dir().then_some(oauth_folder),
            },
            outbound_allow: self.outbound_allow(dev)?,
            outbound_ca: self.outbound_ca()?,
            trusted_proxies: self.trusted_proxies()?,
            body_memory: self.body_memory()?,
            idle_timeout: self.idle_timeout()?,
            oauth_test_origin: self.test_origin(dev)?,
            geo: find(&flags.geo, "FERRITE_GEO", &[]).map(|(_, path)| PathBuf::from(path)),
            browser: match find(&flags.browser, "FERRITE_BROWSER_URL", &["_APP_BROWSER_HOST"]) {
                Some((name, url)) => {
                    let url = Url::parse(&url)
                        .ok()
                        .filter(|url| matches!(url.scheme(), "http" | "https"));
                    Some(url.ok_or_else(|| {
                        bad(
                            name,
                            "must be the URL of a browser service, such as http://localhost:3000/v1",
                        )
                    })?)
                }
                None => None,
            },
            locale: match find(&flags.locale, "FERRITE_LOCALE", &["_APP_LOCALE"]) {
                Some((name, tag)) => {
                    locale_data::Locale::find(&tag).ok_or_else(|| bad(name, "must be a locale, such as en or pt-br"))?
                }
                None => locale_data::Locale::default(),
            },
            dev,
            data,
            password_hash: secrets::Argon2Params::default(),
            image_timeout: IMAGE_TIMEOUT,
        };
        Ok(settings)
    }
}

impl Settings {
    /// Default settings for a data folder, on a loopback port that the system chooses.
    pub fn for_folder(data: PathBuf) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data,
            public_url: None,
            database: Database::Sqlite,
            bus: bus::Settings::Local,
            smtp: None,
            sms: None,
            secret: None,
            old_secrets: Vec::new(),
            rate_limits: true,
            console_open: false,
            oauth_providers: None,
            outbound_allow: Vec::new(),
            outbound_ca: outbound::Authorities::default(),
            trusted_proxies: Vec::new(),
            body_memory: BODY_MEMORY,
            idle_timeout: IDLE_TIMEOUT,
            oauth_test_origin: None,
            geo: None,
            browser: None,
            locale: locale_data::Locale::default(),
            dev: false,
            password_hash: secrets::Argon2Params::default(),
            image_timeout: IMAGE_TIMEOUT,
        }
    }

    /// Settings of outbound connections.
    pub fn outbound(&self) -> outbound::Settings {
        outbound::Settings {
            allow: self.outbound_allow.clone(),
            authorities: self.outbound_ca.clone(),
            ..Default::default()
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
    fn mail_is_set_up_by_a_url_or_in_appwrites_words() {
        let own = [
            ("FERRITE_SMTP_URL", "smtp://mail.example.com"),
            ("FERRITE_PUBLIC_URL", "https://api.example.com"),
        ];
        let server = resolve(&own, "").expect("valid").smtp.expect("a mail server");
        assert_eq!(
            (server.smtp.port, server.sender.address.as_str()),
            (587, "noreply@api.example.com")
        );
        let theirs = [
            ("_APP_SMTP_HOST", "maildev"),
            ("_APP_SMTP_PORT", "1025"),
            ("_APP_SYSTEM_EMAIL_ADDRESS", "team@example.com"),
            ("_APP_SYSTEM_EMAIL_NAME", "The+Team"),
            ("_APP_SMS_PROVIDER", "sms://u:p@mock"),
            ("_APP_SMS_FROM", "+15550100"),
        ];
        let settings = resolve(&theirs, "").expect("valid");
        let server = settings.smtp.expect("a mail server");
        assert_eq!((server.smtp.host.as_str(), server.smtp.port), ("maildev", 1025));
        assert_eq!(server.sender, senders::Mailbox::new("The Team", "team@example.com"));
        assert!(format!("{:?}", settings.sms).contains("+15550100"));
        let error = resolve(&[("_APP_SMTP_HOST", "x"), ("_APP_SMTP_PORT", "mail")], "").expect_err("no port");
        assert!(error.starts_with("_APP_SMTP_PORT"), "{error}");
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
            ("FERRITE_OUTBOUND_CA", "/nowhere/at/all"),
            ("FERRITE_OUTBOUND_CA", "Cargo.toml"),
            ("FERRITE_TRUSTED_PROXIES", "everybody"),
            ("FERRITE_BODY_MEMORY", "much"),
            ("FERRITE_BODY_MEMORY", "1MiB"),
            ("FERRITE_IDLE_TIMEOUT", "0"),
            ("FERRITE_LOCALE", "tlh"),
            ("FERRITE_BROWSER_URL", "chromium"),
            ("FERRITE_SMTP_URL", "mail.example.com"),
            ("FERRITE_SMS_URL", "sms://user:secret@pigeon"),
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
