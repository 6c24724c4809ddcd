//! PostgreSQL: one schema per database, one thread per connection.

mod errors;
mod gate;
mod params;
mod placeholders;
mod schemas;
mod session;
mod statement;
mod url;
mod values;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::act::Queued;
use crate::shared::Shared;
use crate::{Error, names};
use gate::Gates;
use url::Address;
use worker::{Job, Workers};

/// The server, its worker threads and the use counts of its schemas.
#[derive(Debug)]
pub(crate) struct Postgres {
    address: Arc<Address>,
    shared: Arc<Shared>,
    gates: Arc<Gates>,
    workers: Workers,
}

impl Postgres {
    pub(crate) fn open(url: &str, connections: usize, shared: Arc<Shared>) -> Result<Arc<Self>, Error> {
        let address = Arc::new(Address::parse(url)?);
        let gates = Arc::<Gates>::default();
        let workers = Workers::new(address.clone(), gates.clone(), connections.max(1), shared.clone());
        Ok(Arc::new(Self {
            address,
            shared,
            gates,
            workers,
        }))
    }

    pub(crate) fn act(&self, name: &Arc<str>, write: bool, queued: Queued) -> Result<(), Error> {
        names::check(name).map_err(|_| Error::NoSuchDatabase(name.to_string()))?;
        self.gates.enter(name)?;
        let pushed = self.workers.push(Job {
            database: name.clone(),
            write,
            queued,
        });
        if pushed.is_err() {
            self.gates.leave(name);
        }
        pushed
    }

    pub(crate) async fn create(&self, name: &str) -> Result<(), Error> {
        let (address, shared, owned) = (self.address.clone(), self.shared.clone(), name.to_owned());
        let limit = self.shared.options.act;
        in_time(limit, on_thread(move || schemas::create(&address, &owned, &shared))).await
    }

    pub(crate) async fn remove(&self, name: &str) -> Result<(), Error> {
        names::check(name).map_err(|_| Error::NoSuchDatabase(name.to_owned()))?;
        self.gates.shut(name).await;
        let (address, owned) = (self.address.clone(), name.to_owned());
        let removed = on_thread(move || schemas::remove(&address, &owned)).await;
        self.workers.forget(name);
        self.gates.reopen(name);
        removed
    }

    pub(crate) async fn names(&self) -> Result<Vec<String>, Error> {
        let address = self.address.clone();
        in_time(self.shared.options.act, on_thread(move || schemas::names(&address))).await
    }

    pub(crate) async fn migrate_all(&self) -> Result<(), Error> {
        let (address, shared) = (self.address.clone(), self.shared.clone());
        on_thread(move || schemas::migrate_all(&address, &shared)).await
    }

    pub(crate) async fn close(&self) {
        self.workers.close().await;
    }
}

/// Fails with [`Error::Unreachable`] if the server does not answer in time.
async fn in_time<T>(limit: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let silent = |_| Err(Error::Unreachable(format!("no answer in {limit:?}")));
    tokio::time::timeout(limit, work).await.unwrap_or_else(silent)
}

/// Runs rare work on a separate thread and connection.
async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    let (reply, answer) = oneshot::channel();
    std::thread::Builder::new()
        .name("db-schemas".to_owned())
        .spawn(move || drop(reply.send(work())))
        .map_err(|error| Error::engine("start a thread", error))?;
    answer.await.unwrap_or(Err(Error::Closed))
}
