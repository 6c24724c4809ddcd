//! Users as a project's servers see them: whole, with what their passwords were hashed with, and open to every change.
//!
//! Only keys and developers come here; what users do to themselves is `account`'s. Both are faces of `identity`.

mod access;
mod contacts;
mod factors;
mod identities;
mod imports;
mod logs;
mod memberships;
mod passwords;
mod prefs;
mod routes;
mod sessions;
mod targets;
mod tokens;
mod usage;
mod users;

/// The service.
pub fn service() -> api::Service {
    api::Service::new("users", (), routes::routes())
        .switched_by(projects::Service::Users)
        .tables(api::service::In::EveryDatabase, identity::migrations::MIGRATIONS)
}
