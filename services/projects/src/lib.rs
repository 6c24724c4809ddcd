//! Projects, as their owners see them from the console.
//!
//! A project is the backend of one app. It belongs to an organization, which is a team of the console; members of that team
//! may see it and change it, and for everybody else it does not exist. Here a project is made and deleted, its platforms
//! and keys are kept, its services, APIs and ways to sign in are switched, and its OAuth2 providers are configured, checked
//! and watched.
//!
//! Not here: the same settings as a server's key may change them (`project`), the acts and handlers that both services
//! share (`projects_api`), what providers are (`oauth`), and what the settings do (`projects`, `identity`).

mod attempts;
mod auth;
mod check;
mod dev_keys;
mod jwts;
mod keys;
mod model;
mod oauth2;
mod platforms;
mod project_id;
mod projects;
mod routes;
mod show;
mod smtp;
mod switches;
mod target;
mod templates;

use api::service::{Cache, In};
use projects_api::Providers;

/// The service.
pub fn service(providers: Providers) -> api::Service {
    api::Service::new("projects", providers.into(), routes::routes())
        .administers_projects()
        .tables(In::Console, ::projects::migrations::MIGRATIONS)
        .cache(Cache::new(
            ::projects::project::TOPIC,
            |app, _, project| app.projects.forget(project),
            |app| app.projects.forget_all(),
        ))
        .cache(Cache::new(
            ::projects::removals::TOPIC,
            |app, _, project| app.people.forget_database(project),
            |app| app.people.forget_all(),
        ))
}
