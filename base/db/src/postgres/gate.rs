//! Use counts of schemas, so that a database is removed only when no act runs in it.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::Error;

/// Number of running or queued acts, by database.
#[derive(Debug, Default)]
pub(crate) struct Gates(Mutex<HashMap<Arc<str>, Gate>>);

#[derive(Debug, Default)]
struct Gate {
    inside: usize,
    shut: bool,
    queued: Vec<oneshot::Sender<()>>,
}

impl Gates {
    /// Increments the count; refused while the database is being removed. Each success must be followed by one `leave`.
    pub(crate) fn enter(&self, name: &Arc<str>) -> Result<(), Error> {
        let mut gates = self.0.lock();
        let gate = gates.entry(name.clone()).or_default();
        if gate.shut {
            return Err(Error::NoSuchDatabase(name.to_string()));
        }
        gate.inside += 1;
        Ok(())
    }

    /// Decrements the count.
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

    /// Refuses new acts and waits until the count is 0.
    pub(crate) async fn shut(&self, name: &str) {
        let emptied = {
            let mut gates = self.0.lock();
            let gate = gates.entry(name.into()).or_default();
            gate.shut = true;
            if gate.inside == 0 {
                return;
            }
            let (end, emptied) = oneshot::channel();
            gate.queued.push(end);
            emptied
        };
        let _ = emptied.await;
    }

    /// Admits acts again; they will find no such database or a new one.
    pub(crate) fn reopen(&self, name: &str) {
        self.0.lock().remove(name);
    }
}
