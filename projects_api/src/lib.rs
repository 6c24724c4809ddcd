//! Administration of projects, generic over the wire format.
//!
//! `project` (`/v1/project/…`) administers the project of the request, for its servers; `projects`
//! (`/v1/projects/{projectId}/…`) administers the project that the path names, for its owners in the console. They change
//! the same keys, platforms, providers, mail servers, templates and policies, so each act is here once. A handler is
//! here, too, if its parameters are the same in both services, or differ only by name ([`Wire`]).
//!
//! Not here: the endpoints, the models of projects, platforms and templates, parameters that differ by more than a name,
//! and everything that only one of the services has.

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
