//! What leaves, field by field as the console and its SDK read it.

mod oauth2;
mod project;
mod templates;

use api::Date;
use kernel::Timestamp;

pub(crate) use oauth2::{Attempt, AttemptList, Check, CheckItem};
pub(crate) use project::{AuthProvider, MockNumber, Project, ProjectList};
pub(crate) use templates::{EmailTemplate, SmsTemplate};

api::model! {
    /// An app that may call.
    pub(crate) struct Platform as "platform" {
        /// The platform's id.
        id: String = "$id",
        /// When it was made.
        created_at: Timestamp = "$createdAt",
        /// When it was last changed.
        updated_at: Timestamp = "$updatedAt",
        /// Its name.
        name: String = "name",
        /// What the app runs on.
        r#type: String = "type",
        /// The app's id.
        key: String = "key",
        /// The app's id in a store.
        store: String = "store",
        /// A web app's host.
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
        /// How many there are.
        total: i64 = "total",
        /// All of them.
        platforms: Vec<Platform> = "platforms",
    }
}

api::model! {
    /// A key of a server.
    pub(crate) struct Key as "key" {
        /// The key's id.
        id: String = "$id",
        /// When it was made.
        created_at: Timestamp = "$createdAt",
        /// When it was last changed.
        updated_at: Timestamp = "$updatedAt",
        /// Its name.
        name: String = "name",
        /// Until when it holds; empty for ever.
        expire: Date = "expire",
        /// What it may ask for.
        scopes: Vec<String> = "scopes",
        /// The key itself.
        secret: String = "secret",
        /// The day it was last used, about.
        accessed_at: Date = "accessedAt",
        /// The SDKs that used it.
        sdks: Vec<String> = "sdks",
    }
}

api::model! {
    /// Keys of servers.
    pub(crate) struct KeyList as "keyList" {
        /// How many there are, of which these are a page.
        total: i64 = "total",
        /// The page.
        keys: Vec<Key> = "keys",
    }
}

api::model! {
    /// A key of a developer.
    pub(crate) struct DevKey as "devKey" {
        /// The key's id.
        id: String = "$id",
        /// When it was made.
        created_at: Timestamp = "$createdAt",
        /// When it was last changed.
        updated_at: Timestamp = "$updatedAt",
        /// Its name.
        name: String = "name",
        /// Until when it holds.
        expire: Timestamp = "expire",
        /// The key itself.
        secret: String = "secret",
        /// The day it was last used, about.
        accessed_at: Date = "accessedAt",
        /// The SDKs that used it.
        sdks: Vec<String> = "sdks",
    }
}

api::model! {
    /// Keys of developers.
    pub(crate) struct DevKeyList as "devKeyList" {
        /// How many there are, of which these are a page.
        total: i64 = "total",
        /// The page.
        dev_keys: Vec<DevKey> = "devKeys",
    }
}
