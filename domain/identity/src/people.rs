//! People as requests meet them: a user with sessions, targets and memberships, read at once and remembered.
//!
//! Nearly every request asks who calls. The answer is kept in memory until an act touches the user; on several nodes the
//! bus carries the word (see `db::Cache`).

use std::sync::Arc;

use db::{Cache, Database, Tx};
use kernel::Timestamp;
use kernel::permission::Roles;

use crate::factors::authenticators;
use crate::ids::{SessionId, UserId};
use crate::memberships::{self, Membership};
use crate::sessions::{self, Session};
pub use crate::stale::{TOPIC, touch};
use crate::targets::{self, Target};
use crate::users::{self, User};
use crate::{Error, Result, roles};

/// A user, and what every request needs to know of them.
#[derive(Debug, Clone)]
pub struct Person {
    /// The user.
    pub user: User,
    /// Targets of the user.
    pub targets: Vec<Target>,
    /// Their confirmed memberships.
    pub memberships: Vec<Membership>,
    /// Their sessions, the oldest first.
    pub sessions: Vec<Session>,
    /// Whether they have an authenticator app that works.
    pub totp: bool,
    /// The roles that they hold in permissions.
    pub roles: Arc<Roles>,
}

impl Person {
    /// Reads a user with all that belongs to them.
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

    /// The session that a secret opens and that has not expired.
    pub fn session_of_secret(&self, secret: &str, now: Timestamp) -> Option<&Session> {
        let digest = secrets::digest(secret);
        self.sessions
            .iter()
            .find(|session| secrets::same(&session.secret, &digest) && session.expire >= now)
    }

    /// The session of an id that has not expired.
    pub fn session(&self, id: &SessionId, now: Timestamp) -> Option<&Session> {
        self.sessions
            .iter()
            .find(|session| session.id == *id && session.expire >= now)
    }
}

/// The people of all projects that called lately.
#[derive(Debug, Clone)]
pub struct People(Arc<Cache<Person>>);

impl People {
    /// Remembers up to `capacity` people.
    pub fn new(capacity: usize) -> Self {
        Self(Arc::new(Cache::new(capacity)))
    }

    /// A person, from memory or from the database; none when there is no such user.
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
            Err(Error::UserNotFound | Error::Db(db::Error::NoSuchDatabase { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Forgets everything: for when it is not known what changed.
    pub fn forget_all(&self) {
        self.0.forget_all();
    }

    /// Forgets the people of a database that is gone.
    pub fn forget_database(&self, database: &str) {
        self.0.forget_prefix(&key(database, ""));
    }

    /// Forgets a person.
    pub fn forget(&self, database: &str, user: &str) {
        self.0.forget(&key(database, user));
    }
}

fn key(database: &str, user: &str) -> String {
    format!("{database}/{user}")
}
