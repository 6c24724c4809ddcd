//! Command-line flags.

use clap::Args;

/// The settings as flags of `ferrite serve`. A missing flag falls back to the environment and `ferrite.toml`.
#[derive(Debug, Clone, Default, Args)]
pub struct Flags {
    /// Address and port to listen on [FERRITE_LISTEN, default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub(super) listen: Option<String>,
    /// Folder for databases, files and the secret [FERRITE_DATA, default: ./data]
    #[arg(long, value_name = "FOLDER")]
    pub(super) data: Option<String>,
    /// Public base URL of the server, used for redirect URIs and links [FERRITE_PUBLIC_URL, default:
    /// http://localhost:PORT]
    #[arg(long, value_name = "URL")]
    pub(super) public_url: Option<String>,
    /// Database, as `postgres://user:password@host/name` [FERRITE_DATABASE_URL, default: SQLite files in the data folder]
    #[arg(long, value_name = "URL")]
    pub(super) database: Option<String>,
    /// Message bus between nodes, as `redis://host:port` [FERRITE_BUS_URL, default: none, for one node]
    #[arg(long, value_name = "URL")]
    pub(super) bus: Option<String>,
    /// Mail server, as `smtp://user:password@host:587?from=me@example.com&name=Me`, or `smtps://` for implicit TLS;
    /// `tls` is none, offered (the default) or required [FERRITE_SMTP_URL, default: none; an inbox at /dev/mail with
    /// --dev]
    #[arg(long, value_name = "URL")]
    pub(super) smtp: Option<String>,
    /// SMS gateway, as `sms://user:secret@twilio?from=+4912345`: twilio, vonage, telesign, textmagic, msg91
    /// [FERRITE_SMS_URL, default: none; the inbox with --dev]
    #[arg(long, value_name = "URL")]
    pub(super) sms: Option<String>,
    /// Whether rate limits are enforced [FERRITE_RATE_LIMITS, default: on; off with --dev]
    #[arg(long, value_name = "ON|OFF")]
    pub(super) rate_limits: Option<String>,
    /// Who may sign up to the console: `first`, only the first account; `open`, anyone [FERRITE_CONSOLE_SIGNUP,
    /// default: first]
    #[arg(long, value_name = "FIRST|OPEN")]
    pub(super) console_signup: Option<String>,
    /// File or folder of custom OAuth2 providers, or changes to built-in ones [FERRITE_OAUTH_PROVIDERS, default: oauth
    /// in the data folder, if it exists]
    #[arg(long, value_name = "PATH")]
    pub(super) oauth_providers: Option<String>,
    /// Private networks that the server may connect to on behalf of users, as `10.0.0.0/8,192.168.1.7/32`
    /// [FERRITE_OUTBOUND_ALLOW, default: none; this machine with --dev]
    #[arg(long, value_name = "CIDRS")]
    pub(super) outbound_allow: Option<String>,
    /// PEM file of certificate authorities trusted in addition to the public ones, for providers and mail servers of a
    /// private network [FERRITE_OUTBOUND_CA, default: none]
    #[arg(long, value_name = "FILE")]
    pub(super) outbound_ca: Option<String>,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are trusted, as `10.0.0.0/8,127.0.0.1`
    /// [FERRITE_TRUSTED_PROXIES, default: none]
    #[arg(long, value_name = "CIDRS")]
    pub(super) trusted_proxies: Option<String>,
    /// Memory for requests and replies in flight, as `64MiB`; a request beyond it waits, then fails with 503
    /// [FERRITE_BODY_MEMORY, default: 64MiB]
    #[arg(long, value_name = "SIZE")]
    pub(super) body_memory: Option<String>,
    /// Idle timeout of connections in seconds; longer than that of a load balancer [FERRITE_IDLE_TIMEOUT, default: 75]
    #[arg(long, value_name = "SECONDS")]
    pub(super) idle_timeout: Option<String>,
    /// Time limit of stopping in seconds: running requests and jobs have two thirds of it, then jobs are returned to the
    /// queue [FERRITE_STOP_TIMEOUT, default: 30]
    #[arg(long, value_name = "SECONDS")]
    pub(super) stop_timeout: Option<String>,
    /// Age at which entries of projects' audit logs are deleted, as 90d or 12h [FERRITE_AUDIT_AGE, default: 90d]
    #[arg(long, value_name = "AGE")]
    pub(super) audit_age: Option<String>,
    /// Age at which entries of the console's audit log are deleted [FERRITE_CONSOLE_AUDIT_AGE, default: 180d]
    #[arg(long, value_name = "AGE")]
    pub(super) console_audit_age: Option<String>,
    /// Country database of IP addresses in MaxMind's format (`.mmdb`) [FERRITE_GEO, default: none]
    #[arg(long, value_name = "FILE")]
    pub(super) geo: Option<String>,
    /// Browser service for screenshots of pages, compatible with Appwrite's, as `http://localhost:3000/v1`
    /// [FERRITE_BROWSER_URL, default: none]
    #[arg(long, value_name = "URL")]
    pub(super) browser: Option<String>,
    /// Default language of names and notifications [FERRITE_LOCALE, default: en]
    #[arg(long, value_name = "LOCALE")]
    pub(super) locale: Option<String>,
    /// Development mode: an identity provider without credentials, an inbox for mail, no rate limits; never on the
    /// internet [FERRITE_DEV, default: off]
    #[arg(long)]
    pub(super) dev: bool,
}
