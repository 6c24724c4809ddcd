//! The project's OAuth2 providers.

use api::{Call, Document, Refusal, Result};
use kernel::param::Text;
use kernel::query::Texts;
use oauth::{Provider, Trace};
use projects::oauth::{Configured, stored_credentials};
use projects::provider_settings;
use projects_api::Wire;
use projects_api::oauth2::{fill_in, find, is_blank, offered};
use secrets::Vault;
use serde_json::{Map, Value};

use crate::model;
use crate::own::{Own, State};
use crate::provider::Settings;

kernel::params! {
    /// Parameters of the list of providers.
    pub(crate) struct ListOAuth2Providers {
        /// Limit and offset.
        queries: Texts = "queries",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// Parameters of the operations on one provider.
    pub(crate) struct GetOAuth2Provider {
        /// ID of the provider.
        provider: Text<128, 1> = "providerId",
    }
}

/// Lists the available providers, all on one page unless a limit is given.
pub(crate) async fn list(call: Call<State>, input: ListOAuth2Providers) -> Result<model::ProviderList> {
    let paging = input.queries.read("", input.total)?.paging(db::list::MAX_LIMIT)?;
    let own = Own::project(&call)?;
    let all = offered(&call)
        .map(|provider| show(provider, own.provider(&provider.id), &call.app.vault))
        .collect::<Result<_>>()?;
    let (total, providers) = model::page(all, paging, input.total);
    Ok(model::ProviderList { total, providers })
}

pub(crate) async fn get(call: Call<State>, input: GetOAuth2Provider) -> Result<Document> {
    let provider = find(&call, &input.provider.0)?;
    let configured = Own::project(&call)?.provider(&provider.id);
    Ok(Document(show(provider, configured, &call.app.vault)?))
}

/// Configures a provider. Unless the request disables it, its credentials are checked: if the check fails, the provider is
/// disabled, and a request that enables it is refused with the reason.
pub(crate) async fn update(call: Call<State>, input: Settings) -> Result<Document> {
    let provider = find(&call, &input.provider)?;
    let own = Own::project(&call)?;
    let blank = || Configured::blank(own.id(), &provider.id, call.now());
    let mut wanted = own.provider(&provider.id).cloned().unwrap_or_else(blank);
    merge(&mut wanted, provider, &input.given, &call.app.vault)?;
    let dev = dev_app(&call, provider, &wanted, &input);
    if let Some(dev) = &dev {
        fill_in(&mut wanted, dev, &call.app.vault);
    }
    let enabled = match input.enabled {
        Some(false) => false,
        asked => match (try_out(&call, provider, &wanted).await, asked) {
            (Ok(()), _) => true,
            (Err(why), Some(true)) => {
                let why = format!("Could not enable OAuth2 provider: {why}");
                return Err(Refusal::Argument(why).into());
            }
            (Err(_), _) => false,
        },
    };
    let (id, name, vault) = (own.id().clone(), provider.id.clone(), call.app.vault.clone());
    let shape = provider.clone();
    let configured = call
        .act_in_console(move |act| {
            let mut merged = Ok(());
            // Merged again, into the stored settings: another request may have changed them meanwhile.
            let configured = projects::oauth::update(act, &id, &name, |configured| {
                merged = merge(configured, &shape, &input.given, &vault);
                if let Some(dev) = &dev {
                    fill_in(configured, dev, &vault);
                }
                configured.enabled = enabled;
            })?;
            merged?;
            act.record_event(&[("projectId", id.as_str()), ("providerId", &name)], Value::Null)?;
            api::Result::Ok(configured)
        })
        .await?;
    Ok(Document(show(provider, Some(&configured), &call.app.vault)?))
}

/// Checks whether users could sign in with this configuration.
async fn try_out(call: &Call<State>, provider: &Provider, wanted: &Configured) -> std::result::Result<(), String> {
    let credentials = stored_credentials(wanted, provider, &call.app.vault, &call.state.providers.test_routing);
    let credentials = credentials.map_err(|error| error.to_string())?;
    if !provider.probe.at_enable {
        return Ok(());
    }
    let redirect_uri = projects::oauth::callback(&call.app.settings.public_url, &provider.id, &wanted.project_id);
    let client = &call.state.providers.client;
    let check = client
        .probe(provider, &credentials, &redirect_uri, &mut Trace::default())
        .await;
    // If the provider cannot be reached, the credentials are not known to be wrong.
    match check.state {
        oauth::State::Failed => Err(check.found),
        oauth::State::Ok | oauth::State::Unknown => Ok(()),
    }
}

fn merge(
    configured: &mut Configured,
    provider: &Provider,
    given: &Map<String, Value>,
    vault: &Vault,
) -> projects::Result<()> {
    let shape = &provider.settings;
    if let Some(app_id) = provider_settings::app_id(shape, given)? {
        configured.app_id = app_id;
    }
    let stored = configured.reveal(vault)?;
    let secret = provider_settings::merge(shape, &stored, given)?;
    if secret != stored {
        configured.set_secret(&secret, vault);
    }
    Ok(())
}

/// Credentials of the development provider for a provider that is enabled without an app (`--dev`).
fn dev_app(call: &Call<State>, provider: &Provider, wanted: &Configured, input: &Settings) -> Option<(String, String)> {
    let make = call.state.providers.dev_credentials.filter(|_| call.app.settings.dev)?;
    (is_blank(wanted) && input.enabled == Some(true)).then(|| make(provider))
}

fn show(provider: &Provider, configured: Option<&Configured>, vault: &Vault) -> Result<Value> {
    let mut shown = Map::new();
    shown.insert("$id".to_owned(), provider.id.clone().into());
    shown.insert("enabled".to_owned(), configured.is_some_and(|own| own.enabled).into());
    let app_id = configured.map_or("", |own| own.app_id.as_str());
    let stored = configured.map_or_else(|| Ok(String::new()), |own| own.reveal(vault))?;
    shown.extend(provider_settings::show(&provider.settings, app_id, &stored));
    Ok(Value::Object(shown))
}
