//! The connections to Redis or Valkey: one for commands, kept open by a task, and one for the subscription.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::hub::Hub;
use crate::outbox::Outbox;
use crate::{Error, listener};

/// Time limit for connecting and for the reply to a command; after it the connection is considered dead.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Name prefix, and node id that precedes each payload, by which a node recognizes its own messages.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) prefix: Arc<str>,
    pub(crate) node: [u8; 16],
}

/// Connection state for other nodes. Dropping it aborts its tasks.
pub(crate) struct Remote {
    pub(crate) link: Arc<Link>,
    pub(crate) outbox: Outbox,
    pub(crate) identity: Identity,
    tasks: Vec<AbortHandle>,
}

impl Remote {
    pub(crate) fn open(url: &str, hub: &Arc<Hub>) -> Result<Self, Error> {
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| Error::NoRuntime)?;
        let client = redis::Client::open(url).map_err(|error| Error::Address(error.category().into()))?;
        let mut node = [0; 16];
        getrandom::fill(&mut node).map_err(|_| Error::NoRandomness)?;
        let database = client.get_connection_info().redis_settings().db();
        let identity = Identity {
            prefix: format!("ferrite:{database}:").into(),
            node,
        };

        let link = Arc::new(Link {
            connection: watch::Sender::new(None),
            client: client.clone(),
        });
        let (outbox, queue) = Outbox::new(identity.clone());
        let tasks = vec![
            runtime.spawn(keep_up(link.clone())).abort_handle(),
            runtime.spawn(queue.send_loop(link.clone())).abort_handle(),
            runtime
                .spawn(listener::listen(client, identity.clone(), hub.clone()))
                .abort_handle(),
        ];
        Ok(Self {
            link,
            outbox,
            identity,
            tasks,
        })
    }

    pub(crate) async fn check(&self) -> Result<(), Error> {
        let ping = async {
            // A separate connection, because its error contains the cause.
            let mut connection = self.link.client.get_multiplexed_async_connection().await?;
            redis::cmd("PING").query_async::<String>(&mut connection).await?;
            self.link.ready().await;
            Ok::<_, redis::RedisError>(())
        };
        match tokio::time::timeout(TIMEOUT, ping).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Error::Unreachable(error.to_string())),
            Err(_) => Err(Error::Unreachable("no answer in time".into())),
        }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// The command connection, if connected. Only the task that maintains it waits for connecting.
pub(crate) struct Link {
    connection: watch::Sender<Option<Live>>,
    client: redis::Client,
}

/// A connection, with a number that distinguishes it from later ones.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) connection: MultiplexedConnection,
    generation: u64,
}

impl Link {
    /// The current connection, if connected.
    pub(crate) fn current(&self) -> Option<Live> {
        self.connection.borrow().clone()
    }

    /// Waits for a connection.
    pub(crate) async fn ready(&self) -> Option<Live> {
        self.connection
            .subscribe()
            .wait_for(Option::is_some)
            .await
            .ok()?
            .clone()
    }

    /// Marks a connection as dead. A connection established since then is kept.
    pub(crate) fn lost(&self, dead: &Live) {
        self.connection.send_if_modified(|now| {
            let same = now.as_ref().is_some_and(|live| live.generation == dead.generation);
            if same {
                *now = None;
            }
            same
        });
    }
}

async fn keep_up(link: Arc<Link>) {
    let config = redis::AsyncConnectionConfig::new()
        .set_connection_timeout(Some(TIMEOUT))
        .set_response_timeout(Some(TIMEOUT));
    let mut gone = link.connection.subscribe();
    let mut generation = 0;
    while gone.wait_for(Option::is_none).await.is_ok() {
        // Avoids a busy loop with a server that accepts connections and closes them at once.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let connection = persist("commands", || {
            link.client.get_multiplexed_async_connection_with_config(&config)
        })
        .await;
        generation += 1;
        link.connection.send_replace(Some(Live { connection, generation }));
    }
}

/// Retries until success with exponential backoff: 100 ms, doubled up to 5 s, plus a random part so that nodes do not
/// reconnect at the same time. Logs a line on the first failure and on recovery.
pub(crate) async fn persist<T, F: Future<Output = redis::RedisResult<T>>>(
    what: &'static str,
    mut attempt: impl FnMut() -> F,
) -> T {
    let mut pause = Duration::from_millis(100);
    let mut failed = false;
    loop {
        let error = match tokio::time::timeout(TIMEOUT * 2, attempt()).await {
            Ok(Ok(connected)) => {
                if failed {
                    tracing::info!(connection = what, "the bus is connected again");
                }
                return connected;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".into(),
        };
        if !failed {
            tracing::warn!(
                connection = what,
                error,
                "the bus is not connected; trying again until it is"
            );
        }
        failed = true;
        let jitter = getrandom::u32().unwrap_or(0) % 100;
        tokio::time::sleep(pause + pause * jitter / 200).await;
        pause = (pause * 2).min(Duration::from_secs(5));
    }
}

/// Whether an error means that the connection is unusable, as opposed to a command refused by the server.
pub(crate) fn means_lost(error: &redis::RedisError) -> bool {
    matches!(error.kind(), redis::ErrorKind::Io | redis::ErrorKind::Parse) || error.is_unrecoverable_error()
}
