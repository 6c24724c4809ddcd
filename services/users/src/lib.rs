//! Users of a project, for servers: all fields, including password hashes and their options, can be read and changed.
//!
//! Only API keys and developers have access; endpoints for the signed-in user are in `account`. Both use `identity`.

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

/// Builds the service.
pub fn service() -> api::Service {
    api::Service::new("users", (), routes::routes())
        .switched_by(projects::Service::Users)
        .tables(api::service::In::EveryDatabase, identity::migrations::MIGRATIONS)
}
