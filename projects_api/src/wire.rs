//! Differences between the two services on the wire.

use std::fmt::Debug;
use std::sync::Arc;

use api::model::Model;
use api::{Base, Call, Result};
use kernel::Scope;
use kernel::param::Param;
use projects::{Api, Project};

use crate::State;

/// Wire format of a service: which project a call administers, who sees secrets, names of parameters and models.
pub trait Wire: Debug + Clone + Copy + Send + Sync + 'static {
    /// Parameter that names an OAuth2 provider.
    const PROVIDER_ID: &'static str;
    /// Parameter that names a sign-in method.
    const METHOD_ID: &'static str;
    /// Parameter that names a service.
    const SERVICE_ID: &'static str;
    /// Parameter that names a protocol.
    const PROTOCOL_ID: &'static str;
    /// Parameter that switches a method, service or protocol on or off.
    const SWITCH: &'static str;
    /// Number of keys in a list without a limit.
    const KEYS_LIMIT: u64;

    /// Protocol of clients, with its names on the wire.
    type Protocol: Param + Into<Api> + Debug + Clone + Send;
    /// Model of a project.
    type Project: Model;

    /// The project that the call administers.
    ///
    /// # Errors
    /// If the request names no project, or one that cannot be administered by requests.
    fn project(call: &Base) -> Result<&Arc<Project>>;

    /// Whether the caller may give these scopes to a key, and so see the secret of a key that has them.
    fn may_grant(call: &Base, scopes: &[Scope]) -> bool;

    /// The model of a project.
    fn show(call: &Call<State<Self>>, project: &Project) -> Self::Project;
}
