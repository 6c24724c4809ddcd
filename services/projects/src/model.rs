//! Models of the older wire format, for the console and its SDK.

mod oauth2;
mod project;
mod templates;

use kernel::Timestamp;

pub(crate) use oauth2::{Attempt, AttemptList, Check, CheckItem};
pub(crate) use project::{AuthProvider, MockNumber, Project, ProjectList};
pub(crate) use templates::{EmailTemplate, SmsTemplate};

api::model! {
    /// An app that may call the project.
    pub(crate) struct Platform as "platform" {
        /// The platform's ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Its name.
        name: String = "name",
        /// Type of the platform.
        r#type: String = "type",
        /// The app's ID.
        key: String = "key",
        /// The app's ID in a store.
        store: String = "store",
        /// Hostname of a web app.
        hostname: String = "hostname",
        /// Always empty.
        http_user: String = "httpUser",
        /// Always empty.
        http_pass: String = "httpPass",
    }
}

api::model! {
    /// Platforms.
    pub(crate) struct PlatformList as "platformList" {
        /// Number of entries.
        total: i64 = "total",
        /// All platforms of the project.
        platforms: Vec<Platform> = "platforms",
    }
}
