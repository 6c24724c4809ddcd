//! A queued act: a closure over a transaction, and the channel to the waiting caller.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::panics::message;
use crate::{Error, Tx};

/// A type-erased act, as queues and database threads handle it.
pub(crate) trait Act: Send {
    /// Runs the act. Returns whether to commit.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;

    /// Whether it may be run again after a rollback.
    fn repeats(&self) -> bool;

    /// Replies to the caller with the act's own result, or with the error for which it was rolled back.
    fn answer(self: Box<Self>, outcome: Result<(), Error>);
}

/// A queued act.
pub(crate) struct Queued {
    act: Box<dyn Act>,
    since: Instant,
    progress: Arc<AtomicU8>,
    /// Time limit of its statements; none for jobs, whose time is limited by their queue.
    pub(crate) limit: Option<Duration>,
}

/// Values of `progress`.
const QUEUED: u8 = 0;
const BEGUN: u8 = 1;
const GIVEN_UP: u8 = 2;

impl Queued {
    /// The act, to be run now. Fails with [`Error::Busy`], and replies so, if it was queued for longer than `wait`.
    pub(crate) fn begin(self, wait: Duration) -> Option<Box<dyn Act>> {
        let begun = self.since.elapsed() <= wait
            && self
                .progress
                .compare_exchange(QUEUED, BEGUN, Ordering::SeqCst, Ordering::SeqCst)
                .is_ok();
        if begun {
            return Some(self.act);
        }
        self.act.answer(Err(Error::Busy));
        None
    }

    /// Replies with an error instead of running the act.
    pub(crate) fn refuse(self, error: Error) {
        self.act.answer(Err(error));
    }
}

/// The result of an act, once it is there.
pub(crate) struct Pending<T, E> {
    result: oneshot::Receiver<Result<T, E>>,
    progress: Arc<AtomicU8>,
}

/// Time limits of waiting for a result.
pub(crate) struct Limits {
    /// In the queue.
    pub(crate) queued: Duration,
    /// From the moment at which the act was found to have left the queue, and the error if it takes longer.
    pub(crate) running: Option<(Duration, Error)>,
}

impl<T, E: From<Error>> Pending<T, E> {
    /// Waits for the result. An act that has not begun in time is withdrawn: it fails with [`Error::Busy`].
    pub(crate) async fn within(mut self, limits: Limits) -> Result<T, E> {
        let closed = |_| Err(E::from(Error::Closed));
        if let Ok(result) = tokio::time::timeout(limits.queued, &mut self.result).await {
            return result.unwrap_or_else(closed);
        }
        let withdrawn = self
            .progress
            .compare_exchange(QUEUED, GIVEN_UP, Ordering::SeqCst, Ordering::SeqCst);
        if withdrawn.is_ok() {
            return Err(E::from(Error::Busy));
        }
        match limits.running {
            None => self.result.await.unwrap_or_else(closed),
            Some((limit, error)) => match tokio::time::timeout(limit, self.result).await {
                Ok(result) => result.unwrap_or_else(closed),
                Err(_) => Err(E::from(error)),
            },
        }
    }
}

/// Boxes an act that runs once; its result is pending.
pub(crate) fn boxed<T, E, F>(act: F) -> (Queued, Pending<T, E>)
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let mut once = Some(act);
    boxed_as(false, move |tx| match once.take() {
        Some(act) => act(tx),
        None => Err(E::from(Error::Closed)),
    })
}

/// Like [`boxed`], for an act that may be run again.
pub(crate) fn boxed_repeated<T, E, F>(act: F) -> (Queued, Pending<T, E>)
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    boxed_as(true, act)
}

fn boxed_as<T, E, F>(repeats: bool, act: F) -> (Queued, Pending<T, E>)
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (reply, result) = oneshot::channel();
    let progress = Arc::<AtomicU8>::default();
    let boxed = BoxedAct {
        act,
        repeats,
        result: None,
        reply,
    };
    (
        Queued {
            act: Box::new(boxed),
            since: Instant::now(),
            progress: Arc::clone(&progress),
            limit: None,
        },
        Pending { result, progress },
    )
}

struct BoxedAct<F, T, E> {
    act: F,
    repeats: bool,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Act for BoxedAct<F, T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let result = catch_unwind(AssertUnwindSafe(|| (self.act)(tx))).unwrap_or_else(|panic| {
            tracing::error!(message = message(&*panic), "a database act panicked");
            Err(E::from(Error::Panicked(message(&*panic).to_owned())))
        });
        let result = match (result, tx.aborted()) {
            (Ok(_), Some(first)) => Err(E::from(Error::Aborted(first.to_owned()))),
            (result, _) => result,
        };
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn repeats(&self) -> bool {
        self.repeats
    }

    fn answer(self: Box<Self>, outcome: Result<(), Error>) {
        let result = match (outcome, self.result) {
            (Err(error), _) => Err(E::from(error)),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(E::from(Error::Closed)),
        };
        // The caller may have been dropped; the act is not undone.
        let _ = self.reply.send(result);
    }
}
