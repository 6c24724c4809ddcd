//! The account: a user as they see themselves.
//!
//! Signing up and in (with a password, anonymously, with a one-time token, or through another service by OAuth2), what the
//! user may change of themselves, their sessions, identities and log. The server's view of users is `users`.
//!
//! Not here: what a sign-in links to (`identity::linking`), the OAuth2 protocol (`oauth`), the words of mails (`notifier`).

mod anonymous;
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

use api::Service;
use api::service::{Cache, In, Queue};

pub use state::State;

/// The service.
pub fn service(state: State) -> api::Service {
    let service = Service::new("account", state, routes::routes())
        .switched_by(projects::Service::Account)
        .tables(In::EveryDatabase, identity::migrations::MIGRATIONS)
        .cache(Cache::new(
            identity::people::TOPIC,
            |app, database, user| app.people.forget(database, user),
            |app| app.people.forget_all(),
        ))
        // Messages have a queue of their own: indexes being built would otherwise hold a code up that somebody waits for.
        .jobs(MESSAGES, ("v1-mails", notifications::JOBS), |worker, app| {
            notifications::register(worker, &app.notifier)
        });
    landing::PATHS
        .into_iter()
        .fold(service, |service, path| service.site(path, landing::site()))
}

/// Queue of mails and SMS.
const MESSAGES: Queue = Queue {
    name: "messages",
    options: jobs::Options::default,
};
