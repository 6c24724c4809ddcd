//! The console service's table of contents.

use api::Endpoint;
use kernel::Scope;

use crate::{State, providers, variables};

/// Every operation.
pub(crate) fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/console/variables", variables::get)
            .id("console.variables")
            .about("Get the server's console variables.")
            .scope(Scope::ProjectsRead),
        Endpoint::get("/v1/console/oauth2-providers", providers::list)
            .id("console.listOAuth2Providers")
            .about("List the OAuth2 providers and their parameters.")
            .scope(Scope::ProjectsRead),
    ]
}
