//! Users with their sessions, targets and memberships, read together and cached.
//!
//! Nearly every request needs its user. It is cached until an act changes the user; on several nodes the invalidation
//! is sent over the bus (see `db::Cache`).

use std::sync::Arc;

use db::{Cache, Database, Tx};
use kernel::Timestamp;
use kernel::permission::Roles;

use crate::error::UserError;
use crate::factors::authenticators;
use crate::ids::{SessionId, UserId};
use crate::memberships::{self, Membership};
use crate::sessions::{self, Session};
pub use crate::stale::{TOPIC, touch};
use crate::targets::{self, Target};
use crate::users::{self, User};
use crate::{Error, Result, roles};

/// A user, with all that a request needs.
#[derive(Debug, Clone)]
pub struct Person {
    /// The user.
    pub user: User,
    /// Targets of the user.
    pub targets: Vec<Target>,
    /// Confirmed memberships of the user.
    pub memberships: Vec<Membership>,
    /// Sessions of the user, oldest first.
    pub sessions: Vec<Session>,
    /// Whether the user has a verified authenticator app.
    pub totp: bool,
    /// Roles of the user for permissions.
    pub roles: Arc<Roles>,
}

impl Person {
    /// Reads a user with sessions, targets and memberships.
    pub fn read(tx: &mut Tx<'_>, id: &UserId) -> Result<Self> {
        let (user, memberships) = (users::find(tx, id)?, memberships::of_user(tx, id)?);
        Ok(Self {
            targets: targets::of_user(tx, id)?,
            sessions: sessions::of_user(tx, id)?,
            totp: authenticators::is_verified(tx, id)?,
            roles: Arc::new(Roles::new(roles::of(&user, &memberships))),
            user,
            memberships,
        })
    }

    /// The unexpired session with this secret.
    pub fn session_of_secret(&self, secret: &str, now: Timestamp) -> Option<&Session> {
        let digest = secrets::digest(secret);
        self.sessions
            .iter()
            .find(|session| secrets::same(&session.secret, &digest) && session.expire >= now)
    }

    /// The unexpired session with this ID.
    pub fn session(&self, id: &SessionId, now: Timestamp) -> Option<&Session> {
        self.sessions
            .iter()
            .find(|session| session.id == *id && session.expire >= now)
    }
}

/// Cache of recently active users of all projects.
#[derive(Debug, Clone)]
pub struct People(Arc<Cache<Person>>);

impl People {
    /// Creates a cache for up to `capacity` users.
    pub fn new(capacity: usize) -> Self {
        Self(Arc::new(Cache::new(capacity)))
    }

    /// A user, from the cache or the database; none if there is no such user.
    pub async fn get(&self, db: &Database, id: &UserId) -> Result<Option<Arc<Person>>> {
        let key = key(db.name(), id.as_str());
        if let Some(person) = self.0.get(&key) {
            return Ok(Some(person));
        }
        let ticket = self.0.ticket(&key);
        let id = id.clone();
        match db.read(move |tx| Person::read(tx, &id)).await {
            Ok(person) => {
                let person = Arc::new(person);
                self.0.put(ticket, key, Arc::clone(&person));
                Ok(Some(person))
            }
            Err(Error::User(UserError::NotFound) | Error::Db(db::Error::NoSuchDatabase { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Drops all entries; used if it is not known what changed.
    pub fn forget_all(&self) {
        self.0.forget_all();
    }

    /// Drops the users of a deleted database.
    pub fn forget_database(&self, database: &str) {
        self.0.forget_prefix(&key(database, ""));
    }

    /// Drops a user.
    pub fn forget(&self, database: &str, user: &str) {
        self.0.forget(&key(database, user));
    }
}

fn key(database: &str, user: &str) -> String {
    format!("{database}/{user}")
}
