//! Hashing and verification of passwords on a dedicated thread pool.
//!
//! A hash takes about 20 ms of a core by design. It runs on as many threads as there are cores, at a lower priority,
//! with a bounded queue: a burst of logins is queued and does not block other requests.
//!
//! New hashes use argon2id (`argon`). Imported hashes of other programs are supported too (`stored`), and replaced at
//! the first login.

use std::sync::Arc;
use std::time::Duration;

use thread_pool::{ThreadPool, Worker};
use tokio::sync::oneshot;

use crate::argon::{self, Argon2Hash, Argon2Params};
use crate::stored::Stored;

/// A stored hash: one text with its algorithm and parameters (see [`Stored`]).
pub type PasswordHash = String;

/// Why a password was not hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// The queue is full; nothing was done.
    #[error("too many passwords are being checked; try again shortly")]
    Busy,
    /// Hashing failed at the configured cost.
    #[error("no password can be hashed: {0}")]
    Unusable(String),
}

impl kernel::Fault for HashError {
    fn kind(&self) -> kernel::Kind {
        match self {
            Self::Busy => kernel::Kind::Unavailable("general_server_busy"),
            Self::Unusable(_) => kernel::Kind::Broken,
        }
    }
}

type Job = Box<dyn FnOnce() + Send>;

/// The pool. Clones share it.
#[derive(Clone)]
pub struct Hasher {
    pool: ThreadPool<Thread>,
    params: Argon2Params,
    decoy: Arc<str>,
    key: Arc<str>,
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hasher")
            .field("params", &self.params)
            .finish_non_exhaustive()
    }
}

/// One thread, with a lower priority than those that answer requests. Its scratch memory is freed when it ends.
struct Thread;

impl Worker for Thread {
    type Job = Job;

    fn run(&mut self, job: Job) {
        job();
    }
}

/// Time without a job after which a thread ends.
const IDLE: Duration = Duration::from_secs(2);
/// The key under which all passwords are queued.
const KEY: &str = "passwords";

impl Hasher {
    /// Creates the pool: up to `threads` threads, and up to `waiting` queued passwords.
    pub fn new(params: Argon2Params, threads: usize, waiting: usize) -> Self {
        let options = thread_pool::Options {
            name: "hash",
            threads,
            per_key: threads,
            queue: waiting,
            queue_per_key: waiting,
            idle: IDLE,
            stack: 256 * 1024,
        };
        let pool = ThreadPool::new(options, || {
            lower_priority();
            Thread
        });
        Self {
            pool,
            params,
            decoy: argon::decoy(params).into(),
            key: KEY.into(),
        }
    }

    /// Hashes a password with fresh salt.
    pub async fn hash(&self, password: String) -> Result<PasswordHash, HashError> {
        let params = self.params;
        self.run(move || argon::hash(params, &password)).await?
    }

    /// Whether the password matches the hash. `None` and invalid hashes take the time of a hash at the current cost and
    /// return false, so that an unknown user cannot be distinguished from a wrong password.
    pub async fn verify(&self, password: String, stored: Option<PasswordHash>) -> Result<bool, HashError> {
        let decoy = Arc::clone(&self.decoy);
        self.run(move || match stored.as_deref().and_then(Stored::parse) {
            Some(stored) => stored.matches(&password),
            None => {
                let _ = Argon2Hash::read(&decoy).is_some_and(|decoy| decoy.matches(&password));
                false
            }
        })
        .await
    }

    /// Whether the password matches any of the stored hashes.
    pub async fn verify_any(&self, password: String, stored: Vec<PasswordHash>) -> Result<bool, HashError> {
        if stored.is_empty() {
            return Ok(false);
        }
        self.run(move || {
            let mut read = stored.iter().filter_map(|text| Stored::parse(text));
            read.any(|stored| stored.matches(&password))
        })
        .await
    }

    /// Whether a hash differs from the current algorithm or cost and should be replaced at the next login.
    pub fn is_outdated(&self, stored: &str) -> bool {
        match Stored::parse(stored) {
            Some(Stored::Argon2(hash)) => !hash.is_current(self.params),
            _ => true,
        }
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashError> {
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move || {
            let _ = answer.send(work());
        });
        self.pool.push(&self.key, job).map_err(|_| HashError::Busy)?;
        result.await.map_err(|_| HashError::Busy)
    }
}

/// Lowers the priority of a hashing thread, in favour of threads that serve requests. Failures are ignored.
fn lower_priority() {
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 10);
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Argon2Params = Argon2Params {
        memory: 64,
        time: 1,
        threads: 1,
    };

    #[tokio::test]
    async fn a_password_is_known_again_and_others_are_not() {
        let hasher = Hasher::new(CHEAP, 1, 8);
        let hash = hasher.hash("correct horse".into()).await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        let knows = async |password: &str, stored: Option<&str>| {
            let verified = hasher.verify(password.to_owned(), stored.map(str::to_owned)).await;
            verified.expect("verifies")
        };
        assert!(knows("correct horse", Some(&hash)).await);
        assert!(!knows("wrong horse", Some(&hash)).await);
        assert!(!knows("", None).await, "nobody has no password");
        assert!(!hasher.is_outdated(&hash));
        let dearer = Hasher::new(Argon2Params::default(), 1, 8);
        assert!(dearer.is_outdated(&hash));
    }

    #[tokio::test]
    async fn an_invalid_hash_matches_nothing_without_an_error() {
        let hasher = Hasher::new(CHEAP, 1, 8);
        for text in [
            "",
            "not a hash",
            "$2y$99$",
            "$ferrite-scrypt$N=3,r=0,p=0$$",
            "$argon2id$v=19$m=8",
        ] {
            let verified = hasher.verify("password".into(), Some(text.into())).await;
            assert!(!verified.expect("an answer"), "{text}");
            assert!(hasher.is_outdated(text), "{text}");
        }
        let md5 = "$ferrite-md5$5f4dcc3b5aa765d61d8327deb882cf99".to_owned();
        let known = hasher
            .verify_any("password".into(), vec!["not a hash".into(), md5])
            .await;
        assert!(known.expect("an answer"));
    }
}
