//! A project's OAuth2 providers, configured the older way: one text for the secret, whatever the provider needs.

use api::{Call, Result};
use kernel::param::Text;
use oauth::Status;
use projects_api::oauth2::{fill_in, find};
use projects_api::project::{record_event, show};

use crate::model;
use crate::target::State;

kernel::params! {
    /// Changes to a provider's settings.
    pub(crate) struct UpdateOAuth2 {
        /// Id of the provider.
        provider: Text<256, 1> = "provider",
        /// The client id at the provider; left as it is when null.
        app_id: Option<Text<256>> = "appId",
        /// The client secret, or the JSON of all settings; left as it is when null.
        secret: Option<Text<512>> = "secret",
        /// Whether users may sign in with it; left as it is when null.
        enabled: Option<bool> = "enabled",
    }
}

/// Configures a provider. On a server that is being tried out, one that is switched on without an app gets an app of the
/// development provider.
pub(crate) async fn update(call: Call<State>, input: UpdateOAuth2) -> Result<model::Project> {
    let id = call.target()?.id().clone();
    let provider = find(&call, &input.provider.0)?;
    // The providers that are for tests only have an app of their own.
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
