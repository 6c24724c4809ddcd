//! Administration of projects, generic over the wire format.
//!
//! `project` (`/v1/project/…`) administers the project of the request, for its servers; `projects`
//! (`/v1/projects/{projectId}/…`) administers the project that the path names, for its owners in the console. They change
//! the same keys, platforms, providers, mail servers, templates and policies, so each act stands here once. A handler
//! stands here, too, where both services have the same parameters, or parameters that differ by name alone ([`Wire`]).
//!
//! What remains in each service: its table of endpoints, its models of projects, platforms and templates, the parameters
//! that differ by more than a name, and what only one of them has.

pub mod keys;
pub mod labels;
pub mod oauth2;
pub mod platforms;
pub mod policies;
pub mod project;
pub mod smtp;
mod state;
pub mod switches;
pub mod templates;
mod wire;

pub use state::{DevCredentials, Providers, State};
pub use wire::Wire;
