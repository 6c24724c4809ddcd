//! Checks of the connections that the server uses and of its public address.

use std::net::TcpListener;
use std::time::Duration;

use bus::Bus;
use db::Engine;
use kernel::{Clock, Timestamp};
use url::Host;

use super::{Finding, fail, ok, warn};
use crate::serve::{database_settings, migrations};
use crate::settings::{Database, Settings};

/// Time limit for a reply of the database or the bus.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum time that the newest event, possibly written by another node, may be ahead of this clock.
const MAX_LAG: Duration = Duration::from_secs(60);
/// Lower bound of a plausible system time: a date before this version was made.
const RELEASED: &str = "2026-11-01T00:00:00.000+00:00";

/// Warns when no proxy is trusted though the public URL is HTTPS: all clients would have the proxy's address and would
/// share the rate limits by address.
pub(super) fn proxies(settings: &Settings) -> Finding {
    let is_public = settings.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    match settings.trusted_proxies.as_slice() {
        [] if is_public => warn(
            "trusted proxies: none, so X-Forwarded-For is ignored",
            "name the proxy that ends TLS: --trusted-proxies 127.0.0.1 (FERRITE_TRUSTED_PROXIES)",
        ),
        [] => ok("trusted proxies: none"),
        some => {
            let networks: Vec<String> = some.iter().map(ToString::to_string).collect();
            ok(format!("trusted proxies: {}", networks.join(", ")))
        }
    }
}

pub(super) async fn database_and_clock(settings: &Settings, clock: &Clock) -> Vec<Finding> {
    let unused = settings.database == Database::Sqlite && !settings.data.join("projects").exists();
    if unused {
        // Opening the engine would create its folder.
        return vec![ok("database: SQLite, created at the first start"), plausible(clock)];
    }
    let answer = tokio::time::timeout(TIMEOUT, newest(settings, clock)).await;
    let (name, fix) = match &settings.database {
        Database::Sqlite => (
            "SQLite",
            "run as the user who owns the data folder; restore a damaged file from a backup",
        ),
        Database::Postgres(_) => (
            "PostgreSQL",
            "check FERRITE_DATABASE_URL, and that the server runs and accepts connections from this host",
        ),
    };
    match answer {
        Ok(Ok(newest)) => vec![ok(format!("database: {name} answers")), compare_clock(clock, newest)],
        Ok(Err(error)) => vec![
            fail(format!("database: {name}: {}", chain(&error)), fix),
            plausible(clock),
        ],
        Err(_) => vec![fail(format!("database: {name} does not answer"), fix), plausible(clock)],
    }
}

/// Time of the newest event of the console's database.
async fn newest(settings: &Settings, clock: &Clock) -> Result<Option<Timestamp>, db::Error> {
    let engine = Engine::open(
        database_settings(settings),
        clock.clone(),
        migrations().map_err(|error| db::Error::Settings(error.to_string()))?,
    )?;
    let there = engine.names().await?.iter().any(|name| name == projects::CONSOLE);
    let newest = if there {
        let console = engine.database(projects::CONSOLE);
        console
            .read(|tx| tx.sql_optional("SELECT time FROM _log ORDER BY seq DESC LIMIT 1", &[]))
            .await
    } else {
        Ok(None)
    };
    engine.close().await;
    newest
}

fn plausible(clock: &Clock) -> Finding {
    let now = clock.now();
    if Timestamp::parse(RELEASED).is_some_and(|released| now < released) {
        fail(
            format!("clock: {now}"),
            "set it, and keep it with NTP: sessions, tokens and OAuth2 depend on it",
        )
    } else {
        ok(format!("clock: {now}"))
    }
}

fn compare_clock(clock: &Clock, newest: Option<Timestamp>) -> Finding {
    match newest.filter(|newest| *newest > clock.now().plus(MAX_LAG)) {
        Some(newest) => fail(
            format!("clock: {}, but the data has {newest}", clock.now()),
            "set it, and keep it with NTP; the data was written by a clock that is ahead of this one",
        ),
        None => plausible(clock),
    }
}

pub(super) async fn bus(settings: &Settings) -> Finding {
    if settings.bus == bus::Settings::Local {
        return ok("bus: in this process, for one node");
    }
    let fix = "check FERRITE_BUS_URL, and that Redis or Valkey runs and accepts connections from this host";
    match Bus::connect(settings.bus.clone()) {
        Err(error) => fail(format!("bus: {}", chain(&error)), fix),
        Ok(bus) => match tokio::time::timeout(TIMEOUT, bus.check()).await {
            Ok(Ok(())) => ok("bus: Redis answers"),
            Ok(Err(error)) => fail(format!("bus: {}", chain(&error)), fix),
            Err(_) => fail("bus: Redis does not answer", fix),
        },
    }
}

pub(super) fn listen(settings: &Settings) -> Finding {
    let what = format!("address {}", settings.listen);
    match TcpListener::bind(settings.listen) {
        Ok(_) => ok(format!("{what}: free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => warn(
            format!("{what}: in use"),
            "all is well if that is Ferrite; another program must go, or set FERRITE_LISTEN",
        ),
        Err(error) => fail(
            format!("{what}: {error}"),
            "set FERRITE_LISTEN to an address of this machine and a port from 1024 up",
        ),
    }
}

pub(super) fn public_url(settings: &Settings) -> Finding {
    let Some(url) = &settings.public_url else {
        return if settings.dev {
            ok("public URL: http://localhost, for this machine alone")
        } else {
            warn(
                "public URL: none, so that only this machine can sign in",
                "set FERRITE_PUBLIC_URL to the address that browsers use",
            )
        };
    };
    let what = format!("public URL {}", url.as_str().trim_end_matches('/'));
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if is_local {
        // No proxy is in front of a local URL, so its port must be the listening port.
        return if url.port_or_known_default() == Some(settings.listen.port()) {
            ok(what)
        } else {
            warn(
                format!("{what}: the server listens on port {}", settings.listen.port()),
                "name the same port in both, unless a proxy is in front",
            )
        };
    }
    if url.scheme() != "https" && !settings.dev {
        return warn(
            format!("{what}: not encrypted"),
            "passwords and sessions can be read on the way; put a proxy with TLS in front, and https://… into FERRITE_PUBLIC_URL",
        );
    }
    ok(what)
}

pub(super) fn providers(settings: &Settings) -> Finding {
    let own = settings.oauth_providers.as_deref();
    match (oauth::Registry::load(own), own) {
        (Err(error), _) => fail(
            format!("OAuth2 providers: {}", chain(&error)),
            "correct the file that is named; the built-in records are examples",
        ),
        (Ok(_), Some(path)) => ok(format!("OAuth2 providers: built in, and those of {}", path.display())),
        (Ok(_), None) => ok("OAuth2 providers: built in"),
    }
}

pub(super) fn countries(settings: &Settings) -> Finding {
    match (user_agents::Countries::open(settings.geo.as_deref()), &settings.geo) {
        (Err(error), _) => fail(
            format!("countries: {}", chain(&error)),
            "set FERRITE_GEO to a file in MaxMind's format, or to nothing",
        ),
        (Ok(_), Some(path)) => ok(format!("countries: {}", path.display())),
        (Ok(_), None) => ok("countries: no file, so sessions show none"),
    }
}

/// Connects to the mail server and authenticates. Sends no mail.
pub(super) async fn mail(settings: &Settings) -> Finding {
    let Some(server) = &settings.smtp else {
        return if settings.dev {
            ok("mail: the inbox at /dev/mail")
        } else {
            warn(
                "mail: no server, so nobody can verify an address or reset a password",
                "set FERRITE_SMTP_URL, or give projects servers of their own",
            )
        };
    };
    let at = format!("{}:{}", server.smtp.host, server.smtp.port);
    let outbound = outbound::Outbound::new(settings.outbound());
    let greeted = server
        .smtp
        .verify_connection(&server.sender.address, &outbound, outbound::Reach::Operator);
    match greeted.await {
        Ok(()) => ok(format!("mail: {at} accepts the login, from {}", server.sender.address)),
        Err(error) => fail(
            format!("mail: {at} refuses the login: {error}"),
            "correct FERRITE_SMTP_URL: host, port, tls, user and password",
        ),
    }
}

pub(super) fn dev_settings(settings: &Settings) -> Vec<Finding> {
    let mut found = Vec::new();
    if settings.dev {
        let what = "dev mode: on, with a development identity provider";
        found.push(if settings.listen.ip().is_loopback() {
            warn(what, "never on the internet: anybody could sign in as anybody")
        } else {
            fail(
                format!("{what}, on an address that others reach"),
                "drop --dev and FERRITE_DEV, or listen on 127.0.0.1",
            )
        });
    }
    if let Some(origin) = &settings.oauth_test_origin {
        found.push(warn(
            format!("OAuth2 test origin: {origin} replaces every provider"),
            "unset FERRITE_OAUTH_TEST_ORIGIN outside of tests",
        ));
    }
    if !settings.rate_limits && !settings.dev {
        found.push(warn(
            "rate limits: off",
            "set FERRITE_RATE_LIMITS to on: passwords can be guessed without them",
        ));
    }
    found
}

/// The messages of an error and its sources, separated by colons.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
