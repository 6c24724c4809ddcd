//! Wiring: builds and starts a listening server from settings.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use api::service::{Declared, Service};
use api::{App, Proxies, Router};
use bus::Bus;
use db::{Engine, Migrations};
use identity::{People, Policy};
use kernel::Clock;
use notifications::Notifier;
use outbound::Outbound;
use projects::oauth::TestRouting;
use projects::{Directory, Project};
use secrets::{Hasher, Vault};
use senders::{Inbox, Post};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

use crate::background::Background;
use crate::settings::{Database, Settings};
use crate::{caches, http, pages, secret, services};

/// Maximum numbers of cached users and of cached projects.
const CACHED_USERS: usize = 10_000;
const CACHED_PROJECTS: usize = 1_000;

/// Error of a failed start.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum StartError {
    #[error("the data folder {0} cannot be used: {1}")]
    Data(String, std::io::Error),
    #[error("{0} cannot be listened on: {1}")]
    Listen(SocketAddr, std::io::Error),
    #[error("the database cannot be opened: {0}")]
    Database(#[from] db::Error),
    #[error("the bus cannot be reached: {0}")]
    Bus(#[from] bus::Error),
    #[error("an OAuth2 provider file cannot be used: {0}")]
    Providers(String),
    #[error("the file of countries cannot be used: {0}")]
    Countries(String),
    #[error("{0}")]
    Other(String),
}

/// A running server.
pub struct Running {
    /// Address that the server listens on.
    pub address: SocketAddr,
    /// Base URL for browsers.
    pub public_url: Url,
    /// Router with all endpoints, for tests.
    pub router: Arc<Router>,
    /// Shared application state, for tests.
    pub app: Arc<App>,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
    background: Background,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Starts a server.
///
/// # Errors
/// [`StartError`] names the part that cannot be used.
pub async fn start(settings: Settings, clock: Clock) -> Result<Running, StartError> {
    start_with(settings, clock, Vec::new()).await
}

/// Like [`start`], with additional services.
///
/// # Errors
/// As [`start`].
pub async fn start_with(settings: Settings, clock: Clock, more: Vec<Service>) -> Result<Running, StartError> {
    prepare_folder(&settings.data)?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|error| StartError::Listen(settings.listen, error))?;
    let address = listener
        .local_addr()
        .map_err(|error| StartError::Listen(settings.listen, error))?;
    let public_url = match &settings.public_url {
        Some(url) => url.clone(),
        None => Url::parse(&format!("http://localhost:{}", address.port()))
            .map_err(|error| StartError::Other(error.to_string()))?,
    };
    let secret = vault_secret(&settings)?;
    let vault = Arc::new(Vault::new(&secret, &settings.old_secrets));
    let bus = Bus::connect(settings.bus.clone())?;
    let registry = oauth::Registry::load(settings.oauth_providers.as_deref())
        .map_err(|error| StartError::Providers(error.to_string()))?;
    let outbound = Outbound::new(settings.outbound());
    let inbox = settings.dev.then(|| Arc::new(Inbox::new(clock.clone())));
    let parts = services::Parts {
        registry: Arc::new(registry),
        oauth: oauth::Client::new(outbound.clone(), clock.clone()),
        test_routing: test_routing(&settings, &public_url),
        bus: bus.clone(),
        records: records::Records::new(Arc::clone(&vault)),
        data: settings.data.clone(),
        pictures: Outbound::new(outbound::Settings {
            timeout: settings.image_timeout,
            max_body: svc_avatars::State::MAX_BODY,
            ..settings.outbound()
        }),
        browser: settings.browser.clone(),
    };
    let mut services = services::all(&parts);
    services.extend(more);
    if settings.dev {
        services.push(pages::development(&parts.registry, &clock, inbox.as_ref()));
    }
    services.push(pages::own(&services, &public_url));

    let memory = memory::Budget::new(settings.body_memory);
    let engine = open_engine(&settings, &clock, &memory, &services).await?;
    let console_database = engine.create(projects::CONSOLE).await?;
    projects::removals::finish_all(&engine, &console_database)
        .await
        .map_err(|error| StartError::Other(error.to_string()))?;
    let console = Project::console(console_settings(&settings), clock.now());
    let directory = Directory::new(console, console_database, CACHED_PROJECTS);
    let countries = user_agents::Countries::open(settings.geo.as_deref())
        .map_err(|error| StartError::Countries(error.to_string()))?;
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let hasher = Hasher::new(settings.password_hash, cores, 1024);
    let post = Post {
        smtp: settings.smtp.clone(),
        sms: settings.sms.clone(),
        inbox,
        outbound,
    };
    let app = Arc::new(App {
        settings: api::Settings {
            public_url: public_url.clone(),
            dev: settings.dev,
            rate_limits: settings.rate_limits,
            locale: settings.locale,
        },
        clock: clock.clone(),
        engine,
        notifier: Notifier::new(post, Arc::clone(&vault), directory.clone()),
        projects: directory,
        people: People::new(CACHED_USERS),
        counters: bus.counters(),
        vault,
        hasher,
        country_of: Arc::new(move |ip| countries.lookup(ip).0.into_owned()),
        memory,
        declared: Arc::new(Declared::of(&services)),
    });
    let router = Arc::new(Router::new(Arc::clone(&app), &services).map_err(StartError::Other)?);
    caches::watch(&app, &services, (settings.bus != bus::Settings::Local).then_some(&bus));
    let background = Background::start(&app, &services);
    let sockets = http::Options {
        proxies: Proxies::new(settings.trusted_proxies.clone()),
        idle: settings.idle_timeout,
        clock,
    };
    let (stop, stopped) = watch::channel(false);
    let accepting = tokio::spawn(http::serve(listener, Arc::clone(&router), sockets, stopped));
    Ok(Running {
        address,
        public_url,
        router,
        stop,
        accepting,
        background,
        app,
    })
}

/// Opens the engine with the migrations of the services, and migrates every database.
async fn open_engine(
    settings: &Settings,
    clock: &Clock,
    memory: &memory::Budget,
    services: &[Service],
) -> Result<Engine, StartError> {
    let options = db::Options {
        memory: memory.clone(),
        ..db::Options::default()
    };
    let migrations = api::service::migrations(services);
    let engine = Engine::open_with(database_settings(settings), options, clock.clone(), migrations)?;
    engine.migrate_all().await?;
    Ok(engine)
}

impl Running {
    /// Checks immediately whether a schedule is due; the scheduler itself notices within a minute.
    pub fn wake_schedules(&self) {
        self.background.wake_schedules();
    }

    /// Stops accepting connections and jobs, waits for running ones, and closes the databases.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.accepting.await;
        self.background.stop(&self.app).await;
        self.app.engine.close().await;
    }
}

/// Secret of the vault: from the settings, otherwise from the data folder, where it is generated if it is missing.
pub(crate) fn vault_secret(settings: &Settings) -> Result<String, StartError> {
    match &settings.secret {
        Some(secret) => Ok(secret.clone()),
        None => secret::load_or_create(&settings.data)
            .map_err(|error| StartError::Data(settings.data.display().to_string(), error)),
    }
}

/// Replacement addresses of OAuth2 providers with `--dev`; none otherwise.
fn test_routing(settings: &Settings, public_url: &Url) -> TestRouting {
    if !settings.dev {
        return TestRouting::default();
    }
    TestRouting {
        dev_origin: public_url.join(pages::DEV_IDP).ok(),
        test_origin: settings.oauth_test_origin.clone(),
        server: Some(public_url.clone()),
    }
}

fn prepare_folder(data: &Path) -> Result<(), StartError> {
    std::fs::create_dir_all(data).map_err(|error| StartError::Data(data.display().to_string(), error))
}

pub(crate) fn database_settings(settings: &Settings) -> db::Settings {
    match &settings.database {
        Database::Sqlite => db::Settings::Sqlite {
            folder: settings.data.join("projects"),
        },
        Database::Postgres(url) => db::Settings::Postgres {
            url: url.clone(),
            connections: db::Settings::CONNECTIONS,
        },
    }
}

/// Migrations of every service, for commands that open the databases without a server.
///
/// # Errors
/// [`StartError::Other`] when a built-in part cannot be created.
pub fn migrations() -> Result<Migrations, StartError> {
    let parts = services::Parts::for_commands().map_err(StartError::Other)?;
    Ok(api::service::migrations(&services::all(&parts)))
}

fn console_settings(settings: &Settings) -> projects::Settings {
    let user_limit = if settings.console_open { 0 } else { 1 };
    let policy = Policy {
        user_limit,
        invalidate_sessions: true,
        ..Policy::default()
    };
    projects::Settings {
        policy,
        ..projects::Settings::default()
    }
}
