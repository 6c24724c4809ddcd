//! Administration of projects by their owners, from the console.
//!
//! A project is the backend of one app. It belongs to an organization, which is a team of the console; members of that team
//! may read and change it, and for all others it does not exist. This service creates and deletes projects and manages
//! their platforms, keys, services, protocols, sign-in methods and OAuth2 providers, with checks and recorded sign-ins.
//!
//! Not here: administration of a project by its own servers (`project`), acts and handlers that both services share
//! (`projects_api`), providers (`oauth`), and the effects of settings (`projects`, `identity`).

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
        .retention(In::Console, ::projects::retention::RETENTION)
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
