//! Wire format of `/v1/projects/{projectId}`: the project that the path names.

use std::sync::Arc;

use api::{Base, Call, Result};
use db::list::MAX_LIMIT;
use kernel::Scope;
use projects::{Api, Project};
use projects_api::{Wire, oauth2};

use crate::{model, show};

/// State of the service.
pub(crate) type State = projects_api::State<Target>;

/// Administers the project that the path names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target;

impl Wire for Target {
    const PROVIDER_ID: &'static str = "provider";
    const METHOD_ID: &'static str = "method";
    const SERVICE_ID: &'static str = "service";
    const PROTOCOL_ID: &'static str = "api";
    const SWITCH: &'static str = "status";
    const KEYS_LIMIT: u64 = MAX_LIMIT;

    type Protocol = Api;
    type Project = model::Project;

    fn project(call: &Base) -> Result<&Arc<Project>> {
        call.target()
    }

    /// Owners may grant every scope that keys can have.
    fn may_grant(_: &Base, _: &[Scope]) -> bool {
        true
    }

    fn show(call: &Call<State>, project: &Project) -> model::Project {
        show::project(oauth2::offered(call), project)
    }
}
