//! A project's OAuth2 providers, configured the older way: one text for the secret, whatever the provider needs.

use api::{Call, Refusal, Result};
use kernel::param::Text;
use oauth::{Provider, Status};

use crate::projects::{emit_and_show, record_event};
use crate::{State, model, show};

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
    let dev = call.state.dev_credentials.filter(|_| imitated);
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
            let is_blank = configured.app_id.is_empty() && configured.secret.is_none();
            if let (Some((app_id, secret)), true, true) = (fallback, is_blank, configured.enabled) {
                configured.app_id = app_id;
                configured.set_secret(&secret, &vault);
            }
        })?;
        record_event(act, &project)
    })
    .await?;
    emit_and_show(&call, &id).await
}

/// The provider of an id.
pub(crate) fn find<'a>(call: &'a Call<State>, id: &str) -> Result<&'a Provider> {
    let registry = &call.state.registry;
    if let Some(provider) = registry.get(id).filter(|provider| show::is_offered(call, provider)) {
        return Ok(provider);
    }
    let offered = registry.iter().filter(|provider| show::is_offered(call, provider));
    let names: Vec<&str> = offered.map(|provider| provider.id.as_str()).collect();
    let rule = format!("Invalid `provider` param: Value must be one of ({})", names.join(", "));
    Err(Refusal::Argument(rule).into())
}
