//! Platforms: the apps that may call from a browser or a device.

use api::{Call, Created, Result};
use kernel::param::Text;
use projects::PlatformId;
use projects::platforms::PlatformType;
pub(crate) use projects_api::platforms::delete;
use projects_api::platforms::{self, GetPlatform, find};

use crate::target::State;
use crate::{model, show};

kernel::params! {
    /// Parameters of the list of platforms.
    pub(crate) struct ListPlatforms {
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// Parameters of a new platform.
    pub(crate) struct CreatePlatform {
        /// Type of the platform.
        r#type: PlatformType = "type",
        /// Its name.
        name: Text<128, 1> = "name",
        /// The app's ID.
        key: Text<256> = "key" | Text::default(),
        /// The app's ID in a store.
        store: Text<256> = "store" | Text::default(),
        /// Hostname of a web app.
        hostname: Text<256> = "hostname" | Text::default(),
    }
}

kernel::params! {
    /// Parameters of a changed platform.
    pub(crate) struct UpdatePlatform {
        /// ID of the platform.
        platform_id: PlatformId = "platformId",
        /// Its name.
        name: Text<128, 1> = "name",
        /// The app's ID.
        key: Text<256> = "key" | Text::default(),
        /// The app's ID in a store.
        store: Text<256> = "store" | Text::default(),
        /// Hostname of a web app.
        hostname: Text<256> = "hostname" | Text::default(),
    }
}

/// Lists the platforms.
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
    let id = PlatformId::generate(call.now());
    let made = platforms::create(&call, id, input.r#type, |platform| {
        platform.name = input.name.0;
        platform.key = input.key.0;
        platform.store = input.store.0;
        platform.hostname = input.hostname.0;
    });
    Ok(Created(show::platform(&made.await?)))
}

/// Returns a platform.
pub(crate) async fn get(call: Call<State>, input: GetPlatform) -> Result<model::Platform> {
    Ok(show::platform(find(&call, &input.platform_id)?))
}

/// Changes a platform. Omitted fields become empty, as in Appwrite.
pub(crate) async fn update(call: Call<State>, input: UpdatePlatform) -> Result<model::Platform> {
    let changed = platforms::update(&call, input.platform_id, |platform| {
        platform.name = input.name.0;
        platform.key = input.key.0;
        platform.store = input.store.0;
        platform.hostname = input.hostname.0;
    });
    Ok(show::platform(&changed.await?))
}
