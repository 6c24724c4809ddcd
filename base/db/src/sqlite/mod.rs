//! SQLite: one file per database, one writer thread per open database, a few reader threads for all of them.

mod checkpoint;
mod connection;
mod deadline;
mod disk;
mod files;
mod functions;
mod open;
mod readers;
mod snapshots;
mod statement;
mod unique;
mod writer;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::act::Queued;
use crate::shared::Shared;
use crate::{Error, names};
use checkpoint::Checkpoints;
use open::Open;
use readers::Readers;

/// The folder of databases, and the open ones.
#[derive(Debug)]
pub(crate) struct Sqlite {
    folder: PathBuf,
    shared: Arc<Shared>,
    readers: Readers,
    opens: Arc<Mutex<Opens>>,
    checkpoints: Arc<Checkpoints>,
    closed: AtomicBool,
    /// One database is created at a time, so that two callers do not create the same file concurrently.
    creating: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Opens {
    by_name: HashMap<Arc<str>, Arc<Open>>,
    removing: HashSet<String>,
}

impl Sqlite {
    pub(crate) fn open(folder: PathBuf, shared: Arc<Shared>) -> Result<Arc<Self>, Error> {
        disk::make_folder(&folder)
            .map_err(|error| Error::Settings(format!("the folder {} cannot be made: {error}", folder.display())))?;
        let opens = Arc::<Mutex<Opens>>::default();
        let sweeping = opens.clone();
        let idle = shared.options.idle;
        // Readers with nothing to do close what nobody uses.
        let readers = Readers::new(&shared, move || sweeping.lock().make_room(usize::MAX, idle));
        Ok(Arc::new(Self {
            folder,
            shared,
            readers,
            opens,
            checkpoints: Arc::default(),
            closed: AtomicBool::new(false),
            creating: Default::default(),
        }))
    }

    pub(crate) fn read(&self, name: &str, queued: Queued) -> Result<(), Error> {
        loop {
            let open = self.get(name)?;
            if open.enter() {
                return self.readers.push(open, queued);
            }
        }
    }

    /// Reads on the caller's thread if a connection is free, otherwise on a reader thread.
    pub(crate) fn read_inline(&self, name: &str, queued: Queued) -> Result<(), Error> {
        loop {
            let open = self.get(name)?;
            if open.enter() {
                return match open.idle_reader() {
                    Some(connection) => {
                        readers::serve(&open, connection, queued);
                        Ok(())
                    }
                    None => self.readers.push(open, queued),
                };
            }
        }
    }

    pub(crate) fn write(&self, name: &str, mut queued: Queued) -> Result<(), Error> {
        loop {
            match self.get(name)?.push(queued)? {
                None => return Ok(()),
                // It was closed between the two steps; look it up again.
                Some(back) => queued = back,
            }
        }
    }

    pub(crate) async fn create(&self, name: &str) -> Result<(), Error> {
        let _alone = self.creating.lock().await;
        let (path, shared, folder, name) = (
            self.path(name),
            self.shared.clone(),
            self.folder.clone(),
            name.to_owned(),
        );
        on_thread(move || files::create(&folder, &path, &name, &shared)).await
    }

    pub(crate) async fn remove(&self, name: &str) -> Result<(), Error> {
        names::check(name).map_err(|_| Error::NoSuchDatabase(name.to_owned()))?;
        let _alone = self.creating.lock().await;
        let open = {
            let mut opens = self.opens.lock();
            opens.removing.insert(name.to_owned());
            opens.by_name.remove(name)
        };
        if let Some(open) = open {
            open.close().await;
        }
        let (folder, owned) = (self.folder.clone(), name.to_owned());
        let removed = on_thread(move || files::remove_all(&folder, &owned)).await;
        self.opens.lock().removing.remove(name);
        removed
    }

    pub(crate) fn names(&self) -> Result<Vec<String>, Error> {
        files::names(&self.folder)
    }

    pub(crate) async fn migrate_all(&self) -> Result<(), Error> {
        let _alone = self.creating.lock().await;
        let (folder, shared) = (self.folder.clone(), self.shared.clone());
        on_thread(move || files::migrate_all(&folder, &shared)).await
    }

    pub(crate) async fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        let opens: Vec<_> = self.opens.lock().by_name.drain().map(|(_, open)| open).collect();
        for open in &opens {
            open.start_closing();
        }
        for open in opens {
            open.close().await;
        }
        self.readers.close();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(names::to_file(name))
    }

    /// The open database of this name, opened if necessary.
    fn get(&self, name: &str) -> Result<Arc<Open>, Error> {
        let mut opens = self.opens.lock();
        if let Some(open) = opens.by_name.get(name)
            && !open.is_closed()
        {
            open.touch();
            return Ok(open.clone());
        }
        if self.closed.load(Ordering::SeqCst) {
            return Err(Error::Closed);
        }
        let path = self.path(name);
        // The name is checked first: an invalid name must never reach the file system.
        if names::check(name).is_err() || opens.removing.contains(name) || !path.exists() {
            return Err(Error::NoSuchDatabase(name.to_owned()));
        }
        opens.make_room(self.shared.options.open, self.shared.options.idle);
        let open = Open::new(name, path, self.shared.clone(), self.checkpoints.clone(), writer::start);
        opens.by_name.insert(open.name.clone(), open.clone());
        Ok(open)
    }
}

impl Opens {
    /// Closes databases that were idle for `idle`, and the least recently used ones if `max` or more are open.
    fn make_room(&mut self, max: usize, idle: std::time::Duration) {
        self.by_name
            .retain(|_, open| !(open.is_closed() || open.unused_for() >= idle && open.close_if_idle()));
        while self.by_name.len() >= max {
            let mut by_age: Vec<_> = self.by_name.values().cloned().collect();
            by_age.sort_by_key(|open| std::cmp::Reverse(open.unused_for()));
            // All are in use: the limit is exceeded rather than an act refused.
            let Some(closed) = by_age.iter().find(|open| open.close_if_idle()) else {
                break;
            };
            self.by_name.remove(&closed.name);
        }
    }
}

/// Runs rare, slow work on a separate thread.
async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    let (reply, answer) = oneshot::channel();
    std::thread::Builder::new()
        .name("db-files".to_owned())
        .spawn(move || drop(reply.send(work())))
        .map_err(|error| Error::engine("start a thread", error))?;
    answer.await.unwrap_or(Err(Error::Closed))
}
