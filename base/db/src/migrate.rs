//! Migrations of a database to the schema that this version expects. Forward only.

use crate::internal::INTERNAL;
use crate::{Error, Migration};

/// The databases that migrations apply to, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    Every,
    /// The one of this name.
    Only(&'static str),
    /// All but the one of this name.
    Except(&'static str),
}

impl Scope {
    fn includes(self, database: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Only(name) => database == name,
            Self::Except(name) => database != name,
        }
    }
}

/// All known migrations, with the databases that each applies to.
#[derive(Debug, Clone, Default)]
pub struct Migrations(Vec<(Scope, Migration)>);

impl Migrations {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds migrations for the databases of a scope.
    #[must_use]
    pub fn with(mut self, scope: Scope, migrations: &[Migration]) -> Self {
        self.0.extend(migrations.iter().map(|migration| (scope, *migration)));
        self.0.sort_by_key(|(_, migration)| migration.name);
        self
    }

    /// Migrations not yet applied to `database`, given the names of the applied ones.
    pub(crate) fn pending(&self, database: &str, applied: &[String]) -> Result<Vec<Migration>, Error> {
        let own = self.0.iter().filter(|(scope, _)| scope.includes(database));
        let known: Vec<Migration> = INTERNAL.iter().chain(own.map(|(_, own)| own)).copied().collect();
        let unknown = |name: &&String| known.iter().all(|migration| migration.name != **name);
        if let Some(name) = applied.iter().find(unknown) {
            return Err(Error::Newer {
                database: database.to_owned(),
                migration: name.clone(),
            });
        }
        Ok(known
            .into_iter()
            .filter(|one| applied.iter().all(|name| name != one.name))
            .collect())
    }
}
