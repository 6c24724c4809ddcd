//! A bounded pool of threads for blocking work, shared fairly between keys.
//!
//! Every job has a key: the project whose work it is. At most [`Options::per_key`] jobs of one key run at once, and at most
//! [`Options::queue_per_key`] of them are queued, so one project can neither take all threads nor fill the queue. Keys with
//! queued jobs take turns; jobs of one key start in the order in which they were pushed.
//!
//! Threads start on demand and end after [`Options::idle`] without a job. Each has a [`Worker`], which holds what lives as
//! long as the thread: a connection, a buffer.

mod queue;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

use crate::queue::Queue;

/// Bounds of a pool.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the threads.
    pub name: &'static str,
    /// Maximum number of threads.
    pub threads: usize,
    /// Maximum number of jobs of one key that run at once.
    pub per_key: usize,
    /// Maximum number of queued jobs.
    pub queue: usize,
    /// Maximum number of queued jobs of one key.
    pub queue_per_key: usize,
    /// Time without a job after which a thread ends.
    pub idle: Duration,
    /// Stack size of a thread, in bytes.
    pub stack: usize,
}

/// State of one thread: made on the thread when it starts, dropped on it when it ends.
pub trait Worker {
    /// A piece of work.
    type Job: Send + 'static;

    /// Does a piece of work. After a panic the thread goes on with a new worker.
    fn run(&mut self, job: Self::Job);
}

/// Why a job was not queued.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The queue, or the key's share of it, is full.
    #[error("the queue is full")]
    Full,
    /// The pool is closed.
    #[error("the pool is closed")]
    Closed,
    /// The first thread could not be started.
    #[error("a thread could not be started: {0}")]
    Thread(std::io::Error),
}

/// A pool of threads. Clones share it.
pub struct ThreadPool<W: Worker>(Arc<Inner<W>>);

struct Inner<W: Worker> {
    options: Options,
    start: Box<dyn Fn() -> W + Send + Sync>,
    state: Mutex<State<W::Job>>,
    work: Condvar,
}

struct State<J> {
    queue: Queue<J>,
    threads: usize,
    idle: usize,
    closed: bool,
    waiting_for_end: Vec<oneshot::Sender<()>>,
}

impl<W: Worker> Clone for ThreadPool<W> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<W: Worker> std::fmt::Debug for ThreadPool<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ThreadPool").field(&self.0.options).finish()
    }
}

impl<W: Worker + 'static> ThreadPool<W> {
    /// Creates a pool without threads; `start` makes the state of each thread.
    pub fn new(options: Options, start: impl Fn() -> W + Send + Sync + 'static) -> Self {
        let state = State {
            queue: Queue::new(options.per_key.max(1)),
            threads: 0,
            idle: 0,
            closed: false,
            waiting_for_end: Vec::new(),
        };
        Self(Arc::new(Inner {
            options,
            start: Box::new(start),
            state: Mutex::new(state),
            work: Condvar::new(),
        }))
    }

    /// Queues a job of a key.
    ///
    /// # Errors
    /// [`Refusal`]: the job is dropped.
    pub fn push(&self, key: &Arc<str>, job: W::Job) -> Result<(), Refusal> {
        let Inner { options, .. } = &*self.0;
        let mut state = self.0.state.lock();
        if state.closed {
            return Err(Refusal::Closed);
        }
        if state.queue.len() >= options.queue || state.queue.len_of(key) >= options.queue_per_key {
            return Err(Refusal::Full);
        }
        state.queue.push(key, job);
        let can_start = state.queue.has_ready();
        // An idle thread that was woken counts as idle until it runs: there is one for each queued job, or a new one.
        if can_start && state.idle < state.queue.len() && state.threads < options.threads.max(1) {
            state.threads += 1;
            drop(state);
            return self.start_thread();
        }
        let wake = can_start && state.idle > 0;
        drop(state);
        if wake {
            self.0.work.notify_one();
        }
        Ok(())
    }

    /// Accepts no more jobs. Queued jobs are still run, then the threads end.
    pub fn close(&self) {
        self.0.state.lock().closed = true;
        self.0.work.notify_all();
    }

    /// Closes the pool and waits until all threads have ended.
    pub async fn join(&self) {
        let (end, ended) = oneshot::channel();
        {
            let mut state = self.0.state.lock();
            state.closed = true;
            if state.threads == 0 {
                return;
            }
            state.waiting_for_end.push(end);
        }
        self.0.work.notify_all();
        // The sender is dropped unsent only if a thread panicked.
        let _ = ended.await;
    }

    /// Starts a thread that was counted. Where the system has none left, the jobs wait for those that run.
    fn start_thread(&self) -> Result<(), Refusal> {
        let inner = Arc::clone(&self.0);
        let spawned = std::thread::Builder::new()
            .name(self.0.options.name.to_owned())
            .stack_size(self.0.options.stack)
            .spawn(move || inner.run());
        let Err(error) = spawned else { return Ok(()) };
        let mut state = self.0.state.lock();
        state.threads -= 1;
        if state.threads > 0 {
            return Ok(());
        }
        state.queue.clear();
        Err(Refusal::Thread(error))
    }
}

/// Keeps the count of threads and of running jobs true, also when a job panics.
struct Running<'a, W: Worker> {
    inner: &'a Inner<W>,
    key: Option<Arc<str>>,
}

impl<W: Worker> Inner<W> {
    fn run(&self) {
        let mut running = Running { inner: self, key: None };
        let mut worker = (self.start)();
        while let Some(job) = running.next() {
            if catch_unwind(AssertUnwindSafe(|| worker.run(job))).is_err() {
                worker = (self.start)();
            }
        }
    }
}

impl<W: Worker> Running<'_, W> {
    /// Ends the job that ran, and takes the next; none when this thread is to end.
    fn next(&mut self) -> Option<W::Job> {
        let mut state = self.inner.state.lock();
        if let Some(key) = self.key.take() {
            state.queue.done(&key);
        }
        loop {
            if let Some((key, job)) = state.queue.pop() {
                self.key = Some(key);
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state.idle += 1;
            let timed_out = self
                .inner
                .work
                .wait_for(&mut state, self.inner.options.idle)
                .timed_out();
            state.idle -= 1;
            if timed_out && !state.queue.has_ready() {
                return None;
            }
        }
    }
}

impl<W: Worker> Drop for Running<'_, W> {
    fn drop(&mut self) {
        let mut state = self.inner.state.lock();
        if let Some(key) = self.key.take() {
            state.queue.done(&key);
        }
        state.threads -= 1;
        if state.threads == 0 {
            for end in state.waiting_for_end.drain(..) {
                let _ = end.send(());
            }
        }
    }
}
