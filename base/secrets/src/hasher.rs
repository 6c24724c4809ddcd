//! Passwords: argon2id on a small pool of threads of its own.
//!
//! A hash takes about 20 ms of a core by design. It runs on as many threads as there are cores, at a lower priority,
//! behind a bounded queue: a burst of logins waits in line, and every other request is answered meanwhile.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;

use crate::random;

/// The cost of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Params {
    /// Memory, in KiB.
    pub memory: u32,
    /// Passes.
    pub time: u32,
    /// Lanes.
    pub threads: u32,
}

impl Default for Argon2Params {
    /// The OWASP password storage cheat sheet's: m=19456, t=2, p=1.
    fn default() -> Self {
        Self {
            memory: 19_456,
            time: 2,
            threads: 1,
        }
    }
}

impl Argon2Params {
    /// The cost that a stored hash was made at; none when it is no hash of argon2.
    pub fn of(stored: &str) -> Option<Self> {
        let params = Params::try_from(&phc::PasswordHash::new(stored).ok()?).ok()?;
        Some(Self {
            memory: params.m_cost(),
            time: params.t_cost(),
            threads: params.p_cost(),
        })
    }
}

/// A stored hash: the PHC string, which names its own parameters.
pub type PasswordHash = String;

/// Why a password was not hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many wait already; nothing was done.
    #[error("too many passwords are being checked; try again shortly")]
    Busy,
    /// A stored hash cannot be read.
    #[error("a stored password hash cannot be used: {0}")]
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
    queue: SyncSender<Job>,
    params: Argon2Params,
    decoy: Arc<str>,
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hasher")
            .field("params", &self.params)
            .finish_non_exhaustive()
    }
}

impl Hasher {
    /// Starts `threads` threads; up to `waiting` passwords may stand in line.
    pub fn start(params: Argon2Params, threads: usize, waiting: usize) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel::<Job>(waiting);
        let jobs = Arc::new(std::sync::Mutex::new(jobs));
        for index in 0..threads.max(1) {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new()
                .name(format!("hash-{index}"))
                .stack_size(256 * 1024)
                .spawn(move || {
                    lower_priority();
                    loop {
                        let job = match jobs.lock() {
                            Ok(jobs) => jobs.recv_timeout(KEPT),
                            Err(_) => return,
                        };
                        match job {
                            Ok(job) => job(),
                            Err(RecvTimeoutError::Timeout) => drop(SCRATCH.take()),
                            Err(RecvTimeoutError::Disconnected) => return,
                        }
                    }
                })?;
        }
        let decoy = decoy(params);
        Ok(Self {
            queue,
            params,
            decoy: decoy.into(),
        })
    }

    /// Hashes a password with fresh salt.
    pub async fn hash(&self, password: String) -> Result<PasswordHash, HashError> {
        let params = self.params;
        self.run(move || phc_string(params, &password)).await?
    }

    /// Whether the password is the one that was hashed. `None` costs the same time and is never true, so that an
    /// unknown user answers like a wrong password.
    pub async fn verify(&self, password: String, stored: Option<PasswordHash>) -> Result<bool, HashError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        let matches = self.run(move || matches(&password, &stored)).await??;
        Ok(matches && known)
    }

    /// Whether any of some stored hashes is of this password.
    pub async fn verify_any(&self, password: String, stored: Vec<PasswordHash>) -> Result<bool, HashError> {
        if stored.is_empty() {
            return Ok(false);
        }
        self.run(move || {
            for hash in &stored {
                if matches(&password, hash)? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await?
    }

    /// Whether a hash was made at another cost than today's, and should be made anew at the next login.
    pub fn is_outdated(&self, stored: &str) -> bool {
        Argon2Params::of(stored) != Some(self.params)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashError> {
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move || {
            let _ = answer.send(work());
        });
        match self.queue.try_send(job) {
            Ok(()) => result.await.map_err(|_| HashError::Busy),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(HashError::Busy),
        }
    }
}

fn unusable(error: impl std::fmt::Display) -> HashError {
    HashError::Unusable(error.to_string())
}

fn phc_string(params: Argon2Params, password: &str) -> Result<PasswordHash, HashError> {
    let Argon2Params { memory, time, threads } = params;
    let params = Params::new(memory, time, threads, None).map_err(unusable)?;
    let salt = random::bytes::<16>();
    let mut hash = [0_u8; Params::DEFAULT_OUTPUT_LEN];
    compute(
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
        password,
        &salt,
        &mut hash,
    )?;
    Ok(written(params_text(memory, time, threads), &salt, &hash))
}

/// The memory of a hash is kept from one to the next: asking the system for 19 MiB anew each time costs a tenth of it.
/// An idle thread gives it back.
const KEPT: Duration = Duration::from_secs(2);

thread_local! {
    static SCRATCH: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

fn compute(argon2: Argon2<'_>, password: &str, salt: &[u8], hash: &mut [u8]) -> Result<(), HashError> {
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.resize(argon2.params().block_count(), Block::new());
        argon2
            .hash_password_into_with_memory(password.as_bytes(), salt, hash, scratch)
            .map_err(unusable)
    })
}

/// A hash that nobody has the password of, at today's cost: what an unknown user's password is checked against. It is put
/// together, not computed, as a start should not cost a hash.
fn decoy(params: Argon2Params) -> String {
    let Argon2Params { memory, time, threads } = params;
    written(
        params_text(memory, time, threads),
        &random::bytes::<16>(),
        &random::bytes::<32>(),
    )
}

fn params_text(memory: u32, time: u32, threads: u32) -> String {
    format!("$argon2id$v=19$m={memory},t={time},p={threads}")
}

/// The PHC string: parameters, salt and hash.
fn written(params: String, salt: &[u8], hash: &[u8]) -> PasswordHash {
    format!(
        "{params}${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(hash)
    )
}

fn matches(password: &str, stored: &str) -> Result<bool, HashError> {
    let stored = phc::PasswordHash::new(stored).map_err(unusable)?;
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(unusable)?;
    let version = stored
        .version
        .map_or(Ok(Version::V0x13), Version::try_from)
        .map_err(unusable)?;
    let params = Params::try_from(&stored).map_err(unusable)?;
    let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else {
        return Err(unusable("it has no salt or no hash"));
    };
    let mut hash = vec![0; expected.as_ref().len()];
    compute(
        Argon2::new(algorithm, version, params),
        password,
        salt.as_ref(),
        &mut hash,
    )?;
    Ok(hash.ct_eq(expected.as_ref()).into())
}

/// Hashing threads step back for those that answer requests. Where the system does not allow it, nothing is lost but
/// evenness.
fn lower_priority() {
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 10);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_others_are_not() {
        let cheap = Argon2Params {
            memory: 64,
            time: 1,
            threads: 1,
        };
        let hasher = Hasher::start(cheap, 1, 8).expect("threads start");
        let hash = hasher.hash("correct horse".into()).await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert!(
            hasher
                .verify("correct horse".into(), Some(hash.clone()))
                .await
                .expect("verifies")
        );
        assert!(
            !hasher
                .verify("wrong horse".into(), Some(hash.clone()))
                .await
                .expect("verifies")
        );
        assert!(
            !hasher.verify(String::new(), None).await.expect("verifies"),
            "nobody has no password"
        );
        assert!(!hasher.is_outdated(&hash));
        assert!(
            Hasher::start(Argon2Params::default(), 1, 8)
                .expect("threads start")
                .is_outdated(&hash)
        );
    }

    #[test]
    fn a_hash_of_another_program_is_understood() {
        // From the test suite of the reference implementation (phc-winner-argon2, version 0x13).
        let stored = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        assert!(matches("password", stored).expect("a PHC string"));
        assert!(!matches("passwore", stored).expect("a PHC string"));
        assert!(matches("password", "not a hash").is_err());
    }
}
