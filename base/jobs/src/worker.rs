//! The worker: takes due jobs of all databases and runs their handlers.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use db::{Dialect, Engine, Error};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::slots::{Busy, DueTimes, Requests};
use crate::store::{self, Taken};
use crate::{Job, JobError, Options};

type JobFuture = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
type Handler = Arc<dyn Fn(Job) -> JobFuture + Send + Sync>;

/// A worker before its start: register handlers, then call [`Worker::start`].
pub struct Worker {
    engine: Engine,
    options: Options,
    handlers: HashMap<&'static str, Handler>,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("kinds", &self.handlers.keys())
            .finish_non_exhaustive()
    }
}

/// Handle to a running worker. Dropping it does not stop the worker; use [`Running::stop`].
#[derive(Debug)]
pub struct Running {
    requests: Arc<Requests>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Requests a check of a database, as a commit with jobs does.
    pub fn wake(&self, database: &str) {
        self.requests.request(database);
    }

    /// Stops taking jobs and waits for the running ones.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        self.requests.notify();
        let _ = self.task.await;
    }
}

impl Worker {
    /// A worker of an engine, without handlers yet.
    pub fn new(engine: Engine, options: Options) -> Self {
        Self {
            engine,
            options,
            handlers: HashMap::new(),
        }
    }

    /// Registers the handler of a kind. Jobs of a kind without a handler stay in the queue.
    #[must_use]
    pub fn handle<F, Fut>(mut self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(Job) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        self.handlers.insert(kind, Arc::new(move |job| Box::pin(handler(job))));
        self
    }

    /// Starts the worker: it checks every database once, and then those with new jobs.
    pub fn start(self) -> Running {
        let requests = Arc::<Requests>::default();
        let requests_ref = Arc::downgrade(&requests);
        self.engine.on_commit(move |commit| {
            if let (true, Some(requests)) = (commit.jobs, requests_ref.upgrade()) {
                requests.request(commit.database);
            }
        });
        let (stop, stopped) = watch::channel(false);
        let kinds: Vec<&'static str> = self.handlers.keys().copied().collect();
        let free = Arc::new(Semaphore::new(self.options.concurrency));
        let worker_loop = WorkerLoop {
            worker: Arc::new(self),
            kinds: kinds.into(),
            requests: requests.clone(),
            free,
            busy: Busy::default(),
            stopped,
        };
        Running {
            requests,
            stop,
            task: tokio::spawn(worker_loop.run()),
        }
    }
}

/// The loop of a worker.
struct WorkerLoop {
    worker: Arc<Worker>,
    kinds: Arc<[&'static str]>,
    requests: Arc<Requests>,
    free: Arc<Semaphore>,
    busy: Busy,
    stopped: watch::Receiver<bool>,
}

impl WorkerLoop {
    async fn run(self) {
        let mut due_times = DueTimes::default();
        let mut scan = tokio::time::interval(self.worker.options.scan.max(Duration::from_millis(1)));
        let shared = self.worker.engine.dialect() == Dialect::Postgres;
        let mut scanned = false;
        while !*self.stopped.borrow() {
            let wait = due_times.next().map(|due| {
                let millis = due
                    .millis()
                    .saturating_sub(self.worker.engine.clock().now().millis())
                    .max(0);
                Duration::from_millis(u64::try_from(millis).unwrap_or_default())
            });
            // If every slot is taken, only the end of a job matters, which wakes the loop.
            let wait = wait.filter(|_| self.free.available_permits() > 0);
            tokio::select! {
                () = self.requests.notified() => {}
                // SQLite files are used by one process; only PostgreSQL schemas may contain jobs of another process
                // that died.
                _ = scan.tick(), if shared || !scanned => {
                    scanned = true;
                    self.request_all().await;
                }
                () = tokio::time::sleep(wait.unwrap_or(Duration::from_secs(3600))), if wait.is_some() => {}
            }
            self.check_due(&mut due_times).await;
        }
        // If all slots are free, all jobs have ended.
        let all = u32::try_from(self.worker.options.concurrency).unwrap_or(u32::MAX);
        let _ = self.free.acquire_many(all).await;
    }

    async fn request_all(&self) {
        match self.worker.engine.names().await {
            Ok(names) => names.iter().for_each(|name| self.requests.request(name)),
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "databases cannot be listed"),
        }
    }

    /// Checks the requested databases and those with due jobs, while slots are free.
    async fn check_due(&self, due_times: &mut DueTimes) {
        while !*self.stopped.borrow() && self.free.available_permits() > 0 {
            let now = self.worker.engine.clock().now();
            let Some(database) = self.requests.take().or_else(|| due_times.take_due(now)) else {
                return;
            };
            match self.serve(&database).await {
                Ok(next) => due_times.set(&database, next),
                Err(Error::NoSuchDatabase(_)) => due_times.set(&database, None),
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, %database, "jobs cannot be taken");
                    due_times.set(&database, Some(now.plus(self.worker.options.backoff)));
                }
            }
        }
    }

    /// Starts the due jobs of a database; returns the due time of its next job.
    async fn serve(&self, name: &Arc<str>) -> Result<Option<kernel::Timestamp>, Error> {
        let database = self.worker.engine.database(name);
        loop {
            let own = self.worker.options.per_database.saturating_sub(self.busy.of(name));
            if own == 0 {
                // The end of one of its jobs requests a new check.
                return Ok(None);
            }
            let kinds = self.kinds.clone();
            let next = database.read(move |tx| store::next_due(tx, &kinds)).await?;
            let free = self.free.available_permits().min(own);
            let Some(due) = next.filter(|due| *due <= self.worker.engine.clock().now()) else {
                return Ok(next);
            };
            if free == 0 {
                return Ok(Some(due));
            }
            let (kinds, lease) = (self.kinds.clone(), self.worker.options.lease);
            let taken = database.write(move |tx| store::take(tx, &kinds, free, lease)).await?;
            if taken.is_empty() {
                // Another node is taking them.
                return Ok(Some(
                    due.max(self.worker.engine.clock().now()).plus(Duration::from_secs(1)),
                ));
            }
            for taken in taken {
                // There are at least as many free slots as taken jobs, because only this loop takes slots.
                let Ok(slot) = self.free.clone().try_acquire_owned() else {
                    break;
                };
                let (worker, database, requests) = (self.worker.clone(), database.clone(), self.requests.clone());
                let (name, permit) = (name.clone(), self.busy.enter(name));
                tokio::spawn(async move {
                    worker.work(&database, taken).await;
                    drop((slot, permit));
                    requests.request(&name);
                });
            }
        }
    }
}

impl Worker {
    /// Runs one job and records its outcome.
    async fn work(&self, database: &db::Database, taken: Taken) {
        let Taken {
            seq,
            kind,
            payload,
            attempts,
        } = taken;
        let attempt = u32::try_from(attempts).unwrap_or(u32::MAX);
        let job = Job {
            database: database.clone(),
            seq,
            kind: kind.clone(),
            payload,
            attempt,
        };
        let result = if attempt > self.options.tries {
            Err(JobError::permanent("the program ended each time while this job ran"))
        } else {
            self.run(job, attempts).await
        };
        let written = match result {
            Ok(()) => database.write(move |tx| store::done(tx, seq, attempts)).await,
            Err(error) => {
                let mut chance = [0];
                // If no random number is available, there is no jitter: jobs that failed together are retried together.
                let _ = getrandom::fill(&mut chance);
                let last = error.permanent || attempt >= self.options.tries;
                let wait = (!last).then(|| self.options.wait(attempt, chance[0]));
                tracing::warn!(database = database.name(), kind, seq, attempt, last, error = %error, "a job failed");
                database
                    .write(move |tx| store::failed(tx, seq, attempts, wait, &error.reason))
                    .await
            }
        };
        if let Err(error) = written {
            // The lease expires, and the job runs again.
            tracing::error!(
                error = &error as &dyn std::error::Error,
                kind,
                seq,
                "the end of a job cannot be written"
            );
        }
    }

    /// Runs the handler, and extends the lease until it ends.
    async fn run(&self, job: Job, attempts: i64) -> Result<(), JobError> {
        let (database, seq, lease) = (job.database.clone(), job.seq, self.options.lease);
        let Some(handler) = self.handlers.get(job.kind.as_str()) else {
            return Err(JobError::retry(format!("no handler of {}", job.kind)));
        };
        let mut running = tokio::spawn(handler(job));
        loop {
            tokio::select! {
                ended = &mut running => {
                    return ended.unwrap_or_else(|panic| Err(JobError::retry(format!("the handler panicked: {panic}"))));
                }
                () = tokio::time::sleep(lease / 3) => {
                    let held = database.write(move |tx| store::prolong(tx, seq, attempts, lease)).await;
                    if let Ok(false) = held {
                        // Another worker has taken it, or its database was removed: the handler must not continue.
                        running.abort();
                    }
                }
            }
        }
    }
}
