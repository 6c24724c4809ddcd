//! Use counts of schemas, so that a database is removed only when no act runs in it.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::Error;

/// A count for each database that anyone is in.
#[derive(Debug, Default)]
pub(crate) struct Gates(Mutex<HashMap<Arc<str>, Gate>>);

#[derive(Debug, Default)]
struct Gate {
    inside: usize,
    shut: bool,
    queued: Vec<oneshot::Sender<()>>,
}

impl Gates {
    /// Enters; refused while the database is being removed. Each success is followed by one `leave`.
    pub(crate) fn enter(&self, name: &Arc<str>) -> Result<(), Error> {
        let mut gates = self.0.lock();
        let gate = gates.entry(name.clone()).or_default();
        if gate.shut {
            return Err(Error::NoSuchDatabase(name.to_string()));
        }
        gate.inside += 1;
        Ok(())
    }

    /// Leaves.
    pub(crate) fn leave(&self, name: &str) {
        let mut gates = self.0.lock();
        let Some(gate) = gates.get_mut(name) else { return };
        gate.inside -= 1;
        if gate.inside == 0 {
            for queued in gate.queued.drain(..) {
                let _ = queued.send(());
            }
            if !gate.shut {
                gates.remove(name);
            }
        }
    }

    /// Lets nobody in, and waits until all have left.
    pub(crate) async fn shut(&self, name: &str) {
        let after_commit = {
            let mut gates = self.0.lock();
            let gate = gates.entry(name.into()).or_default();
            gate.shut = true;
            if gate.inside == 0 {
                return;
            }
            let (end, after_commit) = oneshot::channel();
            gate.queued.push(end);
            after_commit
        };
        let _ = after_commit.await;
    }

    /// Lets acts in again, who will find no such database or a new one.
    pub(crate) fn reopen(&self, name: &str) {
        self.0.lock().remove(name);
    }
}
