//! The console service's table of contents.

use api::Endpoint;
use kernel::Scope;

use crate::{State, providers, variables};

/// Every operation.
#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/console/variables", variables::get).id("console.variables").about("What this server is and can.").scope(Scope::ProjectsRead),
        Endpoint::get("/v1/console/oauth2-providers", providers::list).id("console.listOAuth2Providers").about("The OAuth2 providers, and what each wants to be told.")
            .scope(Scope::ProjectsRead),
    ]
}
