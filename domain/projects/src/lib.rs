//! Projects: what a backend is for one app. Platforms that may call it, keys of its servers, its rules and its providers.
//!
//! Projects are rows of the console's database; each has a database of its own for everything else. The console is a
//! project too, one that no row describes.
//!
//! Not here: HTTP; what a provider is (`oauth`); users (`identity`).

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
