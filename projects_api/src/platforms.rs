//! Platforms: the apps that may call from a browser or a device.

use api::{Call, NoContent, Result};
use projects::platforms::{self, Platform, PlatformType};
use projects::{Error, PlatformId};

use crate::project::record_event;
use crate::{State, Wire};

kernel::params! {
    /// Parameters of the operations on one platform.
    pub struct GetPlatform {
        /// ID of the platform.
        platform_id: PlatformId = "platformId",
    }
}

/// The platform with this ID, of the cached project.
pub fn find<'a, W: Wire>(call: &'a Call<State<W>>, id: &PlatformId) -> Result<&'a Platform> {
    let found = W::project(call)?.platforms.iter().find(|platform| platform.id == *id);
    Ok(found.ok_or(Error::PlatformNotFound)?)
}

/// Adds a platform; `describe` fills in its name and what identifies the app.
pub async fn create<W: Wire>(
    call: &Call<State<W>>,
    id: PlatformId,
    r#type: PlatformType,
    describe: impl FnOnce(&mut Platform),
) -> Result<Platform> {
    let now = call.now();
    let mut platform = Platform {
        id,
        created_at: now,
        updated_at: now,
        project_id: W::project(call)?.id().clone(),
        r#type,
        name: String::new(),
        key: String::new(),
        store: String::new(),
        hostname: String::new(),
    };
    describe(&mut platform);
    call.act_in_console(move |act| {
        platforms::insert(act, &mut platform)?;
        record_event(act, &platform.project_id)?;
        api::Result::Ok(platform)
    })
    .await
}

/// Changes a platform.
pub async fn update<W: Wire>(
    call: &Call<State<W>>,
    id: PlatformId,
    change: impl FnOnce(&mut Platform) + Send + 'static,
) -> Result<Platform> {
    let project = W::project(call)?.id().clone();
    call.act_in_console(move |act| {
        let platform = platforms::update(act, &project, &id, change)?;
        record_event(act, &project)?;
        api::Result::Ok(platform)
    })
    .await
}

/// Deletes a platform.
pub async fn delete<W: Wire>(call: Call<State<W>>, input: GetPlatform) -> Result<NoContent> {
    let project = W::project(&call)?.id().clone();
    call.act_in_console(move |act| {
        platforms::delete(act, &project, &input.platform_id)?;
        record_event(act, &project)
    })
    .await?;
    Ok(NoContent)
}
