//! Projects: the backends of apps, with their platforms, keys, rules and OAuth2 providers.
//!
//! Projects are rows of the console's database; all other data of a project is in its own database. The console is a
//! project too, without a row.
//!
//! Not here: HTTP; OAuth2 providers themselves (`oauth`); users (`identity`).

pub mod directory;
pub mod error;
pub mod ids;
pub mod keys;
pub mod migrations;
pub mod mock_phones;
pub mod oauth;
pub mod origins;
pub mod platforms;
pub mod project;
pub mod provider_settings;
mod record;
pub mod removals;
pub mod retention;
pub mod settings;
pub mod smtp;
pub mod templates;

pub use directory::Directory;
pub use error::Error;
pub use ids::{DevKeyId, KeyId, PlatformId, ProjectId};
pub use project::{CONSOLE, Project, Record};
pub use settings::{Api, Service, Settings};

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;
