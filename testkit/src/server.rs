//! Test server.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kernel::{Clock, Timestamp};
use senders::Mail;
use serde_json::json;
use server::settings::Database;
use server::{Running, Settings};
use tempfile::TempDir;

use crate::actor::Actor;

/// Options of a test server.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Like `--dev`.
    pub dev: bool,
    /// Like `--rate-limits on`; off by default.
    pub rate_limits: bool,
    /// Like `--console-signup open`.
    pub console_open: bool,
    /// Like `--geo`.
    pub geo: Option<PathBuf>,
    /// Like `--locale`; English by default.
    pub locale: &'static str,
    /// Like `--outbound-allow`.
    pub outbound_allow: Vec<&'static str>,
    /// Like `--trusted-proxies`.
    pub trusted_proxies: Vec<&'static str>,
    /// Like `--body-memory`, in bytes; the server's default if `None`.
    pub body_memory: Option<usize>,
    /// Like `--browser`.
    pub browser: Option<url::Url>,
    /// Time limit for fetching a remote image; the server's default if `None`.
    pub image_timeout: Option<Duration>,
}

/// A server on a free port with a fresh database; its data folder is deleted on drop.
#[derive(Debug)]
pub struct Server {
    /// The running server.
    pub running: Running,
    /// Manual clock of the server.
    pub clock: Clock,
    http: reqwest::Client,
    settings: Settings,
    _folder: TempDir,
}

impl Server {
    /// Starts a server with the default options.
    pub async fn start() -> Self {
        Self::with(Options::default()).await
    }

    /// Starts a server with options.
    ///
    /// # Panics
    /// If the server does not start.
    pub async fn with(options: Options) -> Self {
        Self::with_services(options, Vec::new()).await
    }

    /// Starts a server with additional services.
    ///
    /// # Panics
    /// If the server does not start.
    pub async fn with_services(options: Options, services: Vec<api::Service>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Clock::manual(Timestamp::parse("2026-11-21T12:00:00.000+00:00").expect("a date"));
        let settings = Settings {
            database: database(),
            dev: options.dev,
            rate_limits: options.rate_limits,
            console_open: options.console_open,
            geo: options.geo,
            browser: options.browser,
            outbound_allow: options
                .outbound_allow
                .iter()
                .copied()
                // As with `--dev`.
                .chain(options.dev.then_some("127.0.0.0/8"))
                .map(|cidr| cidr.parse().expect("a network"))
                .collect(),
            password_hash: secrets::Argon2Params {
                memory: 64,
                time: 1,
                threads: 1,
            },
            ..Settings::for_folder(folder.path().to_owned())
        };
        let settings = Settings {
            locale: locale_data::Locale::find(options.locale).unwrap_or_default(),
            image_timeout: options.image_timeout.unwrap_or(settings.image_timeout),
            body_memory: options.body_memory.unwrap_or(settings.body_memory),
            trusted_proxies: options
                .trusted_proxies
                .iter()
                .map(|cidr| cidr.parse().expect("a network"))
                .collect(),
            ..settings
        };
        let running = server::start_with(settings.clone(), clock.clone(), services)
            .await
            .expect("the server starts");
        // Requests use plain HTTP on loopback, but the client still needs a TLS provider, since it is built without a
        // default one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            running,
            clock,
            http,
            settings,
            _folder: folder,
        }
    }

    /// Stops the server and starts it again on the same data. The port changes, so existing [`Actor`]s cannot be used
    /// any more.
    ///
    /// # Panics
    /// If the server does not start.
    #[must_use]
    pub async fn restarted(self) -> Self {
        let Self {
            running,
            clock,
            http,
            settings,
            _folder,
        } = self;
        running.stop().await;
        let running = server::start(settings.clone(), clock.clone())
            .await
            .expect("the server starts again");
        Self {
            running,
            clock,
            http,
            settings,
            _folder,
        }
    }

    /// Waits for a mail to an address and returns the last one. Mails are sent by a job, after the reply. Requires
    /// `dev`.
    ///
    /// # Panics
    /// If none arrives within 10 seconds.
    pub async fn mail_to(&self, address: &str) -> Mail {
        let inbox = self.running.app.notifier.post().inbox.clone().expect("an inbox");
        let last = || {
            inbox
                .mails()
                .into_iter()
                .map(|(_, _, mail)| mail)
                .rfind(|mail| mail.to.address == address)
        };
        wait_for(&format!("a mail to {address}"), last).await
    }

    /// Waits for an SMS to a number and returns the text of the last one. Requires `dev`.
    ///
    /// # Panics
    /// If none arrives within 10 seconds.
    pub async fn sms_to(&self, number: &str) -> String {
        let inbox = self.running.app.notifier.post().inbox.clone().expect("an inbox");
        let last = || {
            inbox
                .sms()
                .into_iter()
                .map(|(_, _, sms)| sms)
                .rfind(|sms| sms.to == number)
                .map(|sms| sms.text)
        };
        wait_for(&format!("an SMS to {number}"), last).await
    }

    /// Deletes all received mails and SMS.
    pub fn empty_inbox(&self) {
        if let Some(inbox) = &self.running.app.notifier.post().inbox {
            inbox.clear();
        }
    }

    /// Base URL for clients.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.running.address.port())
    }

    /// Advances the clock.
    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// A client of a project without a session or key.
    pub fn guest(&self, project: &str) -> Actor {
        Actor::new(self.http.clone(), self.url(), project)
    }

    /// Creates a console user and signs in. The first one can always sign up.
    pub async fn console_user(&self, name: &str) -> Actor {
        self.user("console", name).await
    }

    /// Creates a user of a project as `<name>@example.com` and signs in.
    pub async fn user(&self, project: &str, name: &str) -> Actor {
        let mut user = self.guest(project);
        let email = format!("{name}@example.com");
        let account = json!({"userId": name, "email": email, "password": PASSWORD, "name": name});
        user.post("/v1/account", account).await.assert_status(201);
        user.sign_in(&email, PASSWORD).await.assert_status(201);
        user
    }

    /// Creates a project with this ID, owned by a new organization of `owner`.
    pub async fn project(&self, owner: &Actor, id: &str) {
        let team = format!("team-of-{id}");
        owner
            .post("/v1/teams", json!({"teamId": team, "name": "Team"}))
            .await
            .assert_status(201);
        owner
            .post("/v1/projects", json!({"projectId": id, "name": id, "teamId": team}))
            .await
            .assert_status(201);
    }

    /// Creates an API key of a project with these scopes.
    pub async fn key(&self, owner: &Actor, project: &str, scopes: &[&str]) -> Actor {
        let path = format!("/v1/projects/{project}/keys");
        let reply = owner.post(&path, json!({"name": "key", "scopes": scopes})).await;
        reply.assert_status(201);
        self.guest(project).with_header("x-appwrite-key", reply.text("secret"))
    }
}

/// Polls `poll` every 2 ms until it returns a value.
///
/// # Panics
/// If there is no value after 10 seconds.
pub async fn wait_for<T>(name: &str, mut poll: impl FnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(found) = poll() {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "{name} did not come");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Password of all users created by [`Server::user`].
pub const PASSWORD: &str = "correct horse battery";

/// SQLite, or schemas of a PostgreSQL database with a prefix unique to this server.
fn database() -> Database {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    match std::env::var("FERRITE_TEST_DATABASE") {
        Ok(url) => {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let join = if url.contains('?') { '&' } else { '?' };
            Database::Postgres(format!("{url}{join}schema_prefix=t{}_{count}_", std::process::id()))
        }
        Err(_) => Database::Sqlite,
    }
}
