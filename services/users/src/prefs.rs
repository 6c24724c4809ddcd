//! Preferences of a user.

use api::{Call, Result};
use identity::{UserId, users};
use kernel::param::Object;
use views::Preferences;

use crate::users::{GetUser, change};

pub(crate) async fn get(call: Call, input: GetUser) -> Result<Preferences> {
    call.read(move |tx| users::find(tx, &input.user_id).map(|user| Preferences(user.prefs.0)))
        .await
}

kernel::params! {
    /// Parameters of a change of preferences.
    pub(crate) struct UpdatePrefs {
        /// User ID.
        user_id: UserId = "userId",
        /// Preferences: any JSON object, at most 65535 bytes.
        prefs: Object<65_535> = "prefs",
    }
}

pub(crate) async fn update(call: Call, input: UpdatePrefs) -> Result<Preferences> {
    let user = change(&call, input.user_id, move |_, user| {
        user.prefs.0 = input.prefs.0;
        Ok(())
    });
    Ok(user.await?.prefs)
}
