//! Platforms: the apps that may call from a browser or a device, of five kinds.
//!
//! The name of the field with the app's ID depends on the kind; it is stored as the key, or as the hostname of a web app.
//! Older kinds (`flutter-ios`, …) are returned as the corresponding one of the five.

use api::{Call, Created, Document, Result};
use kernel::Timestamp;
use kernel::id::CustomId;
use kernel::param::Text;
use kernel::query::Texts;
use projects::platforms::{Platform, PlatformType};
use projects::{Error, PlatformId};
use projects_api::Wire;
pub(crate) use projects_api::platforms::delete;
use projects_api::platforms::{self, GetPlatform, find};
use serde_json::{Value, json};

use crate::model;
use crate::own::{Own, State};

kernel::params! {
    /// Parameters of the list of platforms.
    pub(crate) struct ListPlatforms {
        /// Queries on type, name, hostname, bundleIdentifier, applicationId, packageIdentifierName and packageName.
        queries: Texts = "queries",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

pub(crate) async fn list(call: Call<State>, input: ListPlatforms) -> Result<model::PlatformList> {
    let id = Own::project(&call)?.id().clone();
    let queries = input.queries.read("", input.total)?;
    let console = call.app.projects.database();
    let page = console
        .read(move |tx| projects::platforms::list(tx, &id, &queries))
        .await?;
    Ok(model::PlatformList {
        total: page.total,
        platforms: page.rows.iter().map(show).collect(),
    })
}

pub(crate) async fn get(call: Call<State>, input: GetPlatform) -> Result<Document> {
    Ok(Document(show(find(&call, &input.platform_id)?)))
}

/// The kind of a platform in this API, and the field with the app's ID.
fn kind(platform: &Platform) -> (&'static str, &'static str) {
    match platform.r#type.schemes().first().copied() {
        _ if platform.r#type.has_hostname() => ("web", "hostname"),
        Some("appwrite-android") => ("android", "applicationId"),
        Some("appwrite-windows") => ("windows", "packageIdentifierName"),
        Some("appwrite-linux") => ("linux", "packageName"),
        Some(_) => ("apple", "bundleIdentifier"),
        None => ("scheme", "key"),
    }
}

fn show(platform: &Platform) -> Value {
    let (kind, field) = kind(platform);
    let name = if kind == "web" {
        &platform.hostname
    } else {
        &platform.key
    };
    json!({
        "$id": platform.id, "$createdAt": platform.created_at, "$updatedAt": platform.updated_at,
        "name": platform.name, "type": kind, (field): name,
    })
}

async fn change(
    call: &Call<State>,
    id: PlatformId,
    wanted: &'static str,
    change: impl FnOnce(&mut Platform) + Send + 'static,
) -> Result<Platform> {
    // The kind of a platform never changes, so the cached project is sufficient.
    if kind(find(call, &id)?).0 != wanted {
        return Err(Error::PlatformNotFound.into());
    }
    platforms::update(call, id, change).await
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $module:ident: $type:ident as $model:literal, $kind:literal, $wire:literal => $column:ident;)*) => { $(
        $(#[doc = $doc])*
        pub(crate) mod $module {
            use super::*;

            kernel::params! {
                /// Parameters of a new platform.
                pub(crate) struct CreatePlatform {
                    /// Its ID, or `unique()`.
                    platform_id: CustomId<PlatformId> = "platformId",
                    /// Its name, at most 128 characters.
                    name: Text<128, 1> = "name",
                    /// Identifier of the app.
                    app: Text<256, 1> = $wire,
                }
            }

            kernel::params! {
                /// Parameters of a changed platform.
                pub(crate) struct UpdatePlatform {
                    /// Its ID.
                    platform_id: PlatformId = "platformId",
                    /// Its name, at most 128 characters.
                    name: Text<128, 1> = "name",
                    /// Identifier of the app.
                    app: Text<256, 1> = $wire,
                }
            }

            api::model! {
                /// An app that may call the project.
                pub(crate) struct PlatformModel as $model {
                    /// Its ID.
                    id: String = "$id",
                    /// Creation time.
                    created_at: Timestamp = "$createdAt",
                    /// Time of the last change.
                    updated_at: Timestamp = "$updatedAt",
                    /// Its name.
                    name: String = "name",
                    /// Kind of the platform.
                    kind: &'static str = "type",
                    /// Identifier of the app.
                    app: String = $wire,
                }
            }

            fn shown(platform: &Platform) -> PlatformModel {
                PlatformModel {
                    id: platform.id.to_string(),
                    created_at: platform.created_at,
                    updated_at: platform.updated_at,
                    name: platform.name.clone(),
                    kind: $kind,
                    app: platform.$column.clone(),
                }
            }

            pub(crate) async fn create(call: Call<State>, input: CreatePlatform) -> Result<Created<PlatformModel>> {
                let id = input.platform_id.or_generate(call.now());
                let made = platforms::create(&call, id, PlatformType::$type, |platform| {
                    platform.name = input.name.0;
                    platform.$column = input.app.0;
                });
                Ok(Created(shown(&made.await?)))
            }

            pub(crate) async fn update(call: Call<State>, input: UpdatePlatform) -> Result<PlatformModel> {
                let changed = change(&call, input.platform_id, $kind, move |platform| {
                    platform.name = input.name.0;
                    platform.$column = input.app.0;
                });
                Ok(shown(&changed.await?))
            }
        }
    )* };
}

kinds! {
    /// Web apps.
    web: Web as "platformWeb", "web", "hostname" => hostname;
    /// Apps on Apple platforms.
    apple: Apple as "platformApple", "apple", "bundleIdentifier" => key;
    /// Apps on Android.
    android: Android as "platformAndroid", "android", "applicationId" => key;
    /// Apps on Windows.
    windows: Windows as "platformWindows", "windows", "packageIdentifierName" => key;
    /// Apps on Linux.
    linux: Linux as "platformLinux", "linux", "packageName" => key;
}
