//! Migrations: how a database grows into the shape that this version expects. Forward only.

use crate::{Error, Schema};

/// One step of a schema. It lives with its noun, and is never changed once released: widen, move the code, then narrow.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Dated and unique: `2026-11-21-users`. Steps are applied in the order of their names.
    pub name: &'static str,
    /// Function that applies the migration.
    pub up: fn(&mut Schema<'_>) -> Result<(), Error>,
}

/// Kind of a database, which decides its set of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The database named `console`: its users are the console's users, and projects are rows in it.
    Console,
    /// Every other: one project of a user.
    Project,
}

impl Kind {
    /// The kind of a database, by its name.
    pub fn of(database: &str) -> Self {
        if database == "console" {
            Self::Console
        } else {
            Self::Project
        }
    }
}

/// Every migration that the program knows, by the kind of database that it belongs to.
#[derive(Debug, Clone, Default)]
pub struct Migrations {
    console: Vec<Migration>,
    project: Vec<Migration>,
}

impl Migrations {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds migrations of databases of one kind.
    #[must_use]
    pub fn with(mut self, kind: Kind, migrations: &[Migration]) -> Self {
        let set = match kind {
            Kind::Console => &mut self.console,
            Kind::Project => &mut self.project,
        };
        set.extend_from_slice(migrations);
        set.sort_by_key(|migration| migration.name);
        self
    }

    /// Adds migrations of every database.
    #[must_use]
    pub fn with_all(self, migrations: &[Migration]) -> Self {
        self.with(Kind::Console, migrations).with(Kind::Project, migrations)
    }

    /// Those that `database` lacks, given the names of those that it has.
    pub(crate) fn pending(&self, database: &str, applied: &[String]) -> Result<Vec<Migration>, Error> {
        let own = match Kind::of(database) {
            Kind::Console => &self.console,
            Kind::Project => &self.project,
        };
        let known: Vec<Migration> = crate::schema::INTERNAL.iter().chain(own).copied().collect();
        match applied
            .iter()
            .find(|name| known.iter().all(|migration| migration.name != **name))
        {
            Some(stranger) => Err(Error::Newer {
                database: database.to_owned(),
                migration: stranger.clone(),
            }),
            None => Ok(known
                .into_iter()
                .filter(|one| applied.iter().all(|name| name != one.name))
                .collect()),
        }
    }
}
