//! Administration of a project by its own servers: providers, platforms, keys, policies and switches.
//!
//! This is the newer wire format, for the project of the request; `projects` is the console's.
//!
//! Not here: acts and handlers that both services share (`projects_api`), and the rules (`projects`).

mod keys;
mod mock_phones;
mod model;
mod oauth2;
mod own;
mod ping;
mod platforms;
mod policies;
mod policy_views;
mod protocol;
mod provider;
mod routes;
mod smtp;
mod templates;

use api::service::In;
use projects_api::Providers;

/// The service.
pub fn service(providers: Providers) -> api::Service {
    api::Service::new("project", providers.into(), routes::routes())
        .tables(In::Console, ::projects::migrations::MIGRATIONS)
}
