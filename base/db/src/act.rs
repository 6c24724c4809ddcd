//! A queued act: a closure over a transaction, and the channel to the waiting caller.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

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

/// A queued act and the time at which it was queued.
pub(crate) struct Queued {
    pub(crate) act: Box<dyn Act>,
    pub(crate) since: Instant,
}

/// Boxes an act that runs once; the receiver gets its result.
pub(crate) fn boxed<T, E, F>(act: F) -> (Queued, oneshot::Receiver<Result<T, E>>)
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
pub(crate) fn boxed_repeated<T, E, F>(act: F) -> (Queued, oneshot::Receiver<Result<T, E>>)
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    boxed_as(true, act)
}

fn boxed_as<T, E, F>(repeats: bool, act: F) -> (Queued, oneshot::Receiver<Result<T, E>>)
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
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
        },
        answer,
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
