//! Platforms: the apps that may call from a browser or a device.

use api::{Call, Created, NoContent, Result};
use kernel::param::Text;
use projects::platforms::{self, Platform, PlatformType};
use projects::{Error, PlatformId};

use crate::projects::record_event;
use crate::{State, model, show};

kernel::params! {
    /// Whether to count.
    pub(crate) struct ListPlatforms {
        /// Whether to count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// A platform.
    pub(crate) struct GetPlatform {
        /// Id of the platform.
        platform_id: PlatformId = "platformId",
    }
}

kernel::params! {
    /// A platform to be.
    pub(crate) struct CreatePlatform {
        /// Type of the platform.
        r#type: PlatformType = "type",
        /// Its name.
        name: Text<128, 1> = "name",
        /// The app's id.
        key: Text<256> = "key" | Text::default(),
        /// The app's id in a store.
        store: Text<256> = "store" | Text::default(),
        /// A web app's host.
        hostname: Text<256> = "hostname" | Text::default(),
    }
}

kernel::params! {
    /// A platform changed.
    pub(crate) struct UpdatePlatform {
        /// Id of the platform.
        platform_id: PlatformId = "platformId",
        /// Its name.
        name: Text<128, 1> = "name",
        /// The app's id.
        key: Text<256> = "key" | Text::default(),
        /// The app's id in a store.
        store: Text<256> = "store" | Text::default(),
        /// A web app's host.
        hostname: Text<256> = "hostname" | Text::default(),
    }
}

/// The project's platforms.
pub(crate) async fn list(call: Call<State>, input: ListPlatforms) -> Result<model::PlatformList> {
    let platforms: Vec<_> = call.target()?.platforms.iter().map(show::platform).collect();
    let total = if input.total {
        i64::try_from(platforms.len()).unwrap_or(i64::MAX)
    } else {
        0
    };
    Ok(model::PlatformList { total, platforms })
}

/// Adds a platform.
pub(crate) async fn create(call: Call<State>, input: CreatePlatform) -> Result<Created<model::Platform>> {
    let now = call.now();
    let platform = Platform {
        id: PlatformId::generate(now),
        created_at: now,
        updated_at: now,
        project_id: call.target()?.id().clone(),
        r#type: input.r#type,
        name: input.name.0,
        key: input.key.0,
        store: input.store.0,
        hostname: input.hostname.0,
    };
    call.act_in_console(move |act| {
        platforms::insert(act, &platform)?;
        record_event(act, &platform.project_id)?;
        Ok::<_, api::Error>(Created(show::platform(&platform)))
    })
    .await
}

/// A platform.
pub(crate) async fn get(call: Call<State>, input: GetPlatform) -> Result<model::Platform> {
    let platforms = &call.target()?.platforms;
    let found = platforms.iter().find(|platform| platform.id == input.platform_id);
    Ok(show::platform(found.ok_or(Error::PlatformNotFound)?))
}

/// Changes a platform. What is left out becomes empty, as in Appwrite.
pub(crate) async fn update(call: Call<State>, input: UpdatePlatform) -> Result<model::Platform> {
    let project = call.target()?.id().clone();
    call.act_in_console(move |act| {
        let platform = platforms::update(act, &project, &input.platform_id, |platform| {
            platform.name = input.name.0;
            platform.key = input.key.0;
            platform.store = input.store.0;
            platform.hostname = input.hostname.0;
        })?;
        record_event(act, &project)?;
        Ok::<_, api::Error>(show::platform(&platform))
    })
    .await
}

/// Removes a platform.
pub(crate) async fn delete(call: Call<State>, input: GetPlatform) -> Result<NoContent> {
    let project = call.target()?.id().clone();
    call.act_in_console(move |act| {
        platforms::delete(act, &project, &input.platform_id)?;
        record_event(act, &project)
    })
    .await?;
    Ok(NoContent)
}
