//! Putting it together: from settings to a server that listens.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use api::{App, Proxies, Router};
use bus::{Bus, Delivery};
use db::{Engine, Kind, Migrations, Note};
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

use crate::settings::{Database, Settings};
use crate::{http, log_trimmer, pages, secret, services};

/// How many people and projects are remembered.
const REMEMBERED_PEOPLE: usize = 10_000;
const REMEMBERED_PROJECTS: usize = 1_000;
/// How many jobs on tables run at once; each may hold a file in memory.
const TABLES: usize = 8;
/// How often counts of what was read and written are written down.
const USAGE: Duration = Duration::from_secs(60);
/// The topic on which nodes tell each other what changed.
const STALE: &str = "stale";

/// Why the server did not start.
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

/// A server that listens.
#[derive(Debug)]
pub struct Running {
    /// The address that it listens on.
    pub address: SocketAddr,
    /// The address that browsers reach it under.
    pub public_url: Url,
    /// Its endpoints, for those who examine them.
    pub router: Arc<Router>,
    /// The shared parts, for those who examine them.
    pub app: Arc<App>,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
    jobs: [jobs::Running; 2],
    records: records::Records,
    counting: JoinHandle<()>,
    trimming: JoinHandle<()>,
}

/// Starts a server.
pub async fn start(settings: Settings, clock: Clock) -> Result<Running, StartError> {
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
    let memory = memory::Budget::new(settings.body_memory);
    let options = db::Options {
        memory: memory.clone(),
        ..db::Options::default()
    };
    let engine = Engine::open_with(database_settings(&settings), options, clock.clone(), migrations())?;
    engine.migrate_all().await?;
    let console_database = engine.create(projects::CONSOLE).await?;
    projects::removals::finish_all(&engine, &console_database)
        .await
        .map_err(|error| StartError::Other(error.to_string()))?;
    let console = Project::console(console_settings(&settings), clock.now());
    let bus = Bus::connect(settings.bus.clone())?;
    let people = People::new(REMEMBERED_PEOPLE);
    let directory = Directory::new(console, console_database, REMEMBERED_PROJECTS);
    forget_what_changes(&engine, &bus, &people, &directory, settings.bus != bus::Settings::Local);
    let countries = user_agents::Countries::open(settings.geo.as_deref())
        .map_err(|error| StartError::Countries(error.to_string()))?;
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let hasher =
        Hasher::start(settings.password_hash, cores, 1024).map_err(|error| StartError::Other(error.to_string()))?;
    let outbound = Outbound::new(settings.outbound());
    let vault = Arc::new(Vault::new(&secret, &settings.old_secrets));
    let post = Post {
        smtp: settings.smtp.clone(),
        sms: settings.sms.clone(),
        inbox: settings.dev.then(|| Arc::new(Inbox::new(clock.clone()))),
        outbound: outbound.clone(),
    };
    let notifier = Notifier::new(post, Arc::clone(&vault), directory.clone());
    let app = Arc::new(App {
        settings: api::Settings {
            public_url: public_url.clone(),
            dev: settings.dev,
            rate_limits: settings.rate_limits,
            locale: settings.locale,
        },
        clock: clock.clone(),
        engine,
        projects: directory,
        people,
        counters: bus.counters(),
        vault,
        hasher,
        notifier,
        country_of: Arc::new(move |ip| countries.lookup(ip).0.into_owned()),
        memory,
    });
    let registry = oauth::Registry::load(settings.oauth_providers.as_deref())
        .map_err(|error| StartError::Providers(error.to_string()))?;
    let parts = services::Parts {
        registry: Arc::new(registry),
        oauth: oauth::Client::new(outbound, clock.clone()),
        test_routing: test_routing(&settings, &public_url),
        bus,
        records: records::Records::new(Arc::clone(&app.vault)),
        data: settings.data.clone(),
        pictures: Outbound::new(outbound::Settings {
            timeout: settings.image_timeout,
            max_body: svc_avatars::State::MAX_BODY,
            ..settings.outbound()
        }),
        browser: settings.browser.clone(),
    };
    let router = Router::new(Arc::clone(&app), services::all(&parts)).map_err(StartError::Other)?;
    let router = Arc::new(pages::mount(router, &app, &parts));
    let worker = |options| jobs::Worker::new(app.engine.clone(), options);
    // Letters have places of their own: indexes being built would otherwise hold a code up that somebody waits for.
    let notifier = notifications::register(worker(jobs::Options::default()), &app.notifier).start();
    let options = jobs::Options {
        concurrency: TABLES,
        per_database: TABLES / 2,
        ..Default::default()
    };
    let tables = records::work::register(worker(options), &parts.records);
    let tables = records::transfer::work::register(tables, &parts.records).start();
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
        jobs: [notifier, tables],
        counting: tokio::spawn(write_usage_down(parts.records.clone(), app.engine.clone())),
        records: parts.records,
        trimming: log_trimmer::start(&app.engine),
        app,
    })
}

impl Running {
    /// Takes no more connections and no more jobs, finishes what runs, and closes the databases.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.accepting.await;
        let [notifier, tables] = self.jobs;
        tokio::join!(notifier.stop(), tables.stop());
        self.counting.abort();
        self.trimming.abort();
        self.records.meter().flush_all(&self.app.engine).await;
        self.app.engine.close().await;
    }
}

/// The secret that seals what is sealed: the one that was set, or the one that lies in the data folder.
pub(crate) fn vault_secret(settings: &Settings) -> Result<String, StartError> {
    match &settings.secret {
        Some(secret) => Ok(secret.clone()),
        None => secret::load_or_create(&settings.data)
            .map_err(|error| StartError::Data(settings.data.display().to_string(), error)),
    }
}

/// Writes down by and by how much was read and written.
async fn write_usage_down(records: records::Records, engine: Engine) {
    loop {
        tokio::time::sleep(USAGE).await;
        records.meter().flush_all(&engine).await;
    }
}

/// Where calls to OAuth2 providers go instead, while the server is being tried out.
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

/// Every table of every noun.
pub fn migrations() -> Migrations {
    Migrations::new()
        .with_all(identity::migrations::MIGRATIONS)
        .with(Kind::Console, projects::migrations::MIGRATIONS)
        .with(Kind::Project, records::migrations::MIGRATIONS)
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

/// Drops what is remembered of a thing when an act changes it, on this node at once and on the others by the bus.
fn forget_what_changes(engine: &Engine, bus: &Bus, people: &People, directory: &Directory, several_nodes: bool) {
    let forget = {
        let (people, directory) = (people.clone(), directory.clone());
        move |database: &str, topic: &str, key: &str| match topic {
            identity::people::TOPIC => people.forget(database, key),
            projects::project::TOPIC => directory.forget(key),
            projects::removals::TOPIC => people.forget_database(key),
            _ => {}
        }
    };
    let (here, tell) = (forget.clone(), several_nodes.then(|| bus.clone()));
    engine.on_commit(move |commit| {
        for Note { topic, key } in commit.notes {
            here(commit.database, topic, key);
            if let Some(bus) = &tell {
                bus.publish(STALE, format!("{}\n{topic}\n{key}", commit.database).as_bytes());
            }
        }
    });
    if !several_nodes {
        return;
    }
    let mut news = bus.subscribe(STALE);
    let (people, directory) = (people.clone(), directory.clone());
    tokio::spawn(async move {
        while let Some(delivery) = news.recv().await {
            match delivery {
                Delivery::Message(message) => {
                    let text = String::from_utf8_lossy(&message);
                    let mut parts = text.splitn(3, '\n');
                    if let (Some(database), Some(topic), Some(key)) = (parts.next(), parts.next(), parts.next()) {
                        forget(database, topic, key);
                    }
                }
                // What was missed is unknown, so nothing that is remembered can be trusted.
                Delivery::Gap => {
                    people.forget_all();
                    directory.forget_all();
                }
            }
        }
    });
}
