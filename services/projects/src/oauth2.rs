//! Configuration of OAuth2 providers in the older wire format: all secrets of a provider in one text.

use api::{Call, Result};
use kernel::param::Text;
use oauth::Status;
use projects_api::oauth2::{fill_in, find};
use projects_api::project::{record_event, show};

use crate::model;
use crate::target::State;

kernel::params! {
    /// Changes to a provider's settings; null fields stay as they are.
    pub(crate) struct UpdateOAuth2 {
        /// ID of the provider.
        provider: Text<256, 1> = "provider",
        /// Client ID at the provider.
        app_id: Option<Text<256>> = "appId",
        /// Client secret, or a JSON object of all secrets.
        secret: Option<Text<512>> = "secret",
        /// Whether users may sign in with it.
        enabled: Option<bool> = "enabled",
    }
}

/// Configures a provider. With `--dev`, one that is enabled without an app gets credentials of the development provider.
pub(crate) async fn update(call: Call<State>, input: UpdateOAuth2) -> Result<model::Project> {
    let id = call.target()?.id().clone();
    let provider = find(&call, &input.provider.0)?;
    // Providers for tests have their own app.
    let imitated = call.app.settings.dev && provider.status != Status::TestOnly;
    let dev = call.state.providers.dev_credentials.filter(|_| imitated);
    let vault = call.app.vault.clone();
    let (project, name) = (id.clone(), provider.id.clone());
    let fallback = dev.map(|make| make(provider));
    call.act_in_console(move |act| {
        projects::oauth::update(act, &project, &name, |configured| {
            if let Some(Text(app_id)) = input.app_id {
                configured.app_id = app_id;
            }
            if let Some(Text(secret)) = input.secret {
                configured.set_secret(&secret, &vault);
            }
            if let Some(enabled) = input.enabled {
                configured.enabled = enabled;
            }
            if let Some(dev) = fallback.filter(|_| configured.enabled) {
                fill_in(configured, &dev, &vault);
            }
        })?;
        record_event(act, &project)
    })
    .await?;
    show(&call, &id).await
}
