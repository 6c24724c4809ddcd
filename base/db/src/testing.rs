//! Engines for tests: each test runs on SQLite in a separate folder, and on PostgreSQL with a separate schema prefix if
//! `FERRITE_TEST_POSTGRES` contains a URL (`scripts/with-postgres` sets it; `make test` always does).

use std::sync::atomic::{AtomicU32, Ordering};

use kernel::{Clock, Timestamp};

use crate::log::{self, Position};
use crate::{Database, Engine, Error, Migrations, Options, Recorded, Settings};

/// Environment variable with the URL of PostgreSQL for tests.
pub const POSTGRES: &str = "FERRITE_TEST_POSTGRES";

/// An engine for one test, and its settings.
#[derive(Debug)]
pub struct Fixture {
    /// The engine, without any database yet.
    pub engine: Engine,
    /// Its clock, fixed at 2026-01-01T00:00:00Z until the test changes it.
    pub clock: Clock,
    settings: Settings,
    options: Options,
    // Held for its drop, which deletes the folder.
    folder: tempfile::TempDir,
}

impl Fixture {
    /// Opens another engine on the same data, as after a restart of the program.
    ///
    /// Fails like [`Engine::open`].
    pub fn reopen(&self, migrations: Migrations) -> Result<Engine, Error> {
        Engine::open_with(
            self.settings.clone(),
            self.options.clone(),
            self.clock.clone(),
            migrations,
        )
    }

    /// The engine's name, for messages.
    pub fn name(&self) -> &'static str {
        match self.settings {
            Settings::Sqlite { .. } => "SQLite",
            Settings::Postgres { .. } => "PostgreSQL",
        }
    }

    #[expect(clippy::expect_used, reason = "a test has nobody to hand the error to")]
    fn open(settings: Option<Settings>, options: Options, migrations: Migrations) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = settings.unwrap_or_else(|| Settings::Sqlite {
            folder: folder.path().to_owned(),
        });
        let clock = Clock::manual(Timestamp::from_millis(1_767_225_600_000));
        let engine = Engine::open_with(settings.clone(), options.clone(), clock.clone(), migrations);
        Self {
            engine: engine.expect("the engine of a test opens"),
            clock,
            settings,
            options,
            folder,
        }
    }

    /// Cleans up after a passed test; a failed test leaves its schemas for inspection.
    async fn clean_up(self) {
        for name in self.engine.names().await.unwrap_or_default() {
            let _ = self.engine.remove(&name).await;
        }
        self.engine.close().await;
    }

    /// The folder of SQLite's files, empty on PostgreSQL.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// Runs a test on each engine with the default options.
///
/// # Panics
/// If an engine cannot be opened.
pub async fn on_both(migrations: Migrations, test: impl AsyncFn(&Fixture)) {
    on_both_with(Options::default(), migrations, test).await;
}

/// Runs a test on each engine with the given options.
///
/// # Panics
/// If an engine cannot be opened.
pub async fn on_both_with(options: Options, migrations: Migrations, test: impl AsyncFn(&Fixture)) {
    for settings in each_engine() {
        let fixture = Fixture::open(settings, options.clone(), migrations.clone());
        test(&fixture).await;
        fixture.clean_up().await;
    }
}

/// Runs a test on all engines at the same time, to compare them: SQLite comes first.
///
/// # Panics
/// If an engine cannot be opened.
pub async fn on_all(migrations: Migrations, test: impl AsyncFn(&[Fixture])) {
    let open = |settings| Fixture::open(settings, Options::default(), migrations.clone());
    let fixtures: Vec<_> = each_engine().map(open).collect();
    test(&fixtures).await;
    for fixture in fixtures {
        fixture.clean_up().await;
    }
}

/// Every entry of a change log. On PostgreSQL an entry is readable when every transaction with a lower id has ended,
/// including those of other tests on the same server: this function waits for that.
///
/// # Panics
/// If the log cannot be read.
pub async fn change_log(database: &Database) -> Vec<Recorded> {
    loop {
        let (entries, all) = database
            .read(|tx| {
                let all: i64 = tx.sql_one("SELECT count(*) FROM _log", &[])?;
                let read = log::read(tx, Position::default(), i64::MAX)?;
                Ok::<_, Error>((read.entries, all))
            })
            .await
            .expect("the change log");
        if i64::try_from(entries.len()) == Ok(all) {
            return entries;
        }
        tokio::task::yield_now().await;
    }
}

/// None for SQLite, whose folder is created later, and the settings of PostgreSQL if it is configured.
fn each_engine() -> impl Iterator<Item = Option<Settings>> {
    let postgres = std::env::var(POSTGRES).ok().map(|url| Settings::Postgres {
        url: with_prefix(&url),
        connections: 8,
    });
    std::iter::once(None).chain(postgres.map(Some))
}

/// Adds a schema prefix that is unique among tests and processes.
fn with_prefix(url: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let join = if url.contains('?') { '&' } else { '?' };
    format!("{url}{join}schema_prefix=t{}x{number}_", std::process::id())
}
