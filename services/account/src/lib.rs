//! The account service: endpoints for the signed-in user.
//!
//! Sign-up and sign-in (with a password, anonymously, with a one-time token, or by OAuth2), and the user's own profile,
//! sessions, identities and audit log. Endpoints for servers that manage users are in `users`.
//!
//! Not here: linking of identities to users (`identity::linking`), the OAuth2 protocol (`oauth`), texts of mails
//! (`notifications`).

mod anonymous;
mod guesses;
mod identities;
mod jwts;
mod landing;
mod logs;
mod mfa;
pub mod oauth2;
mod profile;
mod recovery;
mod routes;
mod sessions;
mod sign_up;
mod state;
mod targets;
mod tokens;
mod verifications;
mod waiting;

use api::Service;
use api::service::{Cache, In, Queue};

pub use state::State;
pub use waiting::Waiting;

/// Builds the service.
pub fn service(state: State) -> api::Service {
    let service = Service::new("account", state, routes::routes())
        .switched_by(projects::Service::Account)
        .tables(In::EveryDatabase, identity::migrations::MIGRATIONS)
        .retention(In::EveryDatabase, identity::retention::RETENTION)
        .cache(Cache::new(
            identity::people::TOPIC,
            |app, database, user| app.people.forget(database, user),
            |app| app.people.forget_all(),
        ))
        // Messages have a separate queue, so that long index builds do not delay codes that users are waiting for.
        .jobs(MESSAGES, ("v1-mails", notifications::JOBS), |worker, app| {
            notifications::register(worker, &app.notifier)
        });
    landing::PATHS
        .into_iter()
        .fold(service, |service, path| service.site(path, landing::site()))
}

/// Job queue for mails and SMS.
const MESSAGES: Queue = Queue {
    name: "messages",
    options: jobs::Options::default,
};
