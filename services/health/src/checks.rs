//! Health checks.

use std::sync::Arc;

use api::{Call, Result};
use kernel::{Fault, Kind, Timestamp};

use crate::State;
use crate::model::{Antivirus, Status, StatusList, Time, Version};

/// Errors of checks.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("The {0} is not responding.")]
    Down(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        Kind::Unavailable("general_server_error")
    }
}

pub(crate) async fn version(_: Call<State>, (): ()) -> Result<Version> {
    Ok(Version { version: api::VERSION })
}

/// There is no scanner: files are not scanned.
pub(crate) async fn antivirus(_: Call<State>, (): ()) -> Result<Antivirus> {
    Ok(Antivirus {
        version: "",
        status: "disabled",
    })
}

pub(crate) async fn http(call: Call<State>, (): ()) -> Result<Status> {
    Ok(passed(&call, "http", call.now()))
}

pub(crate) async fn db(call: Call<State>, (): ()) -> Result<StatusList> {
    let began = call.app.clock.now();
    let console = call.app.projects.database();
    let answer: std::result::Result<i64, db::Error> = console.read(|tx| tx.sql_one("SELECT 1", &[])).await;
    answer.map_err(|error| Error::Down("database", error.into()))?;
    Ok(list(passed(&call, "database", began)))
}

pub(crate) async fn cache(call: Call<State>, (): ()) -> Result<StatusList> {
    let began = call.app.clock.now();
    ask_bus(&call, "cache").await?;
    Ok(list(passed(&call, "cache", began)))
}

pub(crate) async fn pubsub(call: Call<State>, (): ()) -> Result<StatusList> {
    let began = call.app.clock.now();
    ask_bus(&call, "bus").await?;
    Ok(list(passed(&call, "pubsub", began)))
}

pub(crate) async fn storage(call: Call<State>, (): ()) -> Result<Status> {
    let began = call.app.clock.now();
    if let Some(folder) = call.state.storage.clone() {
        let probe = folder.join(format!(".probe-{}", kernel::id::generate(began)));
        let tried = tokio::task::spawn_blocking(move || {
            std::fs::write(&probe, b"probe")?;
            std::fs::remove_file(&probe)
        })
        .await;
        let tried = tried.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        tried.map_err(|error| Error::Down("storage", error.into()))?;
    }
    Ok(passed(&call, "storage", began))
}

/// Runs the checks declared by services. A failed check is reported as `fail`; the other checks still run.
pub(crate) async fn services(call: Call<State>, (): ()) -> Result<StatusList> {
    let mut statuses = Vec::new();
    for one in &call.app.declared.health {
        let began = call.app.clock.now();
        let outcome = (one.check)(Arc::clone(&call.app)).await;
        if let Err(error) = &outcome {
            tracing::warn!(check = one.name, error, "a health check failed");
        }
        let status = if outcome.is_ok() { "pass" } else { "fail" };
        statuses.push(Status {
            status,
            ..passed(&call, one.name, began)
        });
    }
    Ok(StatusList {
        total: i64::try_from(statuses.len()).unwrap_or(i64::MAX),
        statuses,
    })
}

pub(crate) async fn time(call: Call<State>, (): ()) -> Result<Time> {
    // No time server is queried: the server only depends on its clock and the database's clock being equal.
    let console = call.app.projects.database();
    let answer: std::result::Result<Timestamp, db::Error> =
        console.read(|tx| tx.sql_one("SELECT CURRENT_TIMESTAMP", &[])).await;
    let remote_time = answer.map_err(|error| Error::Down("database", error.into()))?.seconds();
    let local_time = call.app.clock.now().seconds();
    Ok(Time {
        remote_time,
        local_time,
        diff: remote_time - local_time,
    })
}

async fn ask_bus(call: &Call<State>, name: &'static str) -> Result<()> {
    let answer = call.state.bus.check().await;
    answer.map_err(|error| Error::Down(name, error.into()).into())
}

fn passed(call: &Call<State>, name: &'static str, began: Timestamp) -> Status {
    Status {
        name,
        ping: call.app.clock.now().millis() - began.millis(),
        status: "pass",
    }
}

fn list(status: Status) -> StatusList {
    StatusList {
        total: 1,
        statuses: vec![status],
    }
}
