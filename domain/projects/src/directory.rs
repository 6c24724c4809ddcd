//! The directory: projects for requests, cached until an act changes them.

use std::sync::Arc;

use db::{Cache, Database};

use crate::Result;
use crate::error::Error;
use crate::ids::ProjectId;
use crate::project::{CONSOLE, Project};

/// Projects by ID.
#[derive(Debug, Clone)]
pub struct Directory {
    console: Arc<Project>,
    database: Database,
    cache: Arc<Cache<Project>>,
}

impl Directory {
    /// A directory over the console's database, with a cache for up to `capacity` projects.
    pub fn new(console: Project, database: Database, capacity: usize) -> Self {
        Self {
            console: Arc::new(console),
            database,
            cache: Arc::new(Cache::new(capacity)),
        }
    }

    /// The console.
    pub fn console(&self) -> &Arc<Project> {
        &self.console
    }

    /// The console's database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// A project by its ID; an empty ID and `console` mean the console.
    pub async fn get(&self, id: &str) -> Result<Arc<Project>> {
        if id.is_empty() || id == CONSOLE {
            return Ok(Arc::clone(&self.console));
        }
        if let Some(project) = self.cache.get(id) {
            return Ok(project);
        }
        let key = ProjectId::parse(id).ok_or(Error::ProjectNotFound)?;
        let ticket = self.cache.ticket(id);
        let project = Arc::new(self.database.read(move |tx| Project::read(tx, &key)).await?);
        self.cache.put(ticket, id.to_owned(), Arc::clone(&project));
        Ok(project)
    }

    /// Drops all entries; used if it is not known what changed.
    pub fn forget_all(&self) {
        self.cache.forget_all();
    }

    /// Drops a project.
    pub fn forget(&self, id: &str) {
        self.cache.forget(id);
    }
}
