//! OAuth2 providers.

use api::{Base, Call, Refusal, Result};
use oauth::{Provider, Status};
use projects::oauth::Configured;
use secrets::Vault;

use crate::{State, Wire};

/// Available providers.
pub fn offered<W: Wire>(call: &Call<State<W>>) -> impl Iterator<Item = &Provider> {
    let all = call.state.providers.registry.iter().map(AsRef::as_ref);
    all.filter(|provider| is_offered(call, provider))
}

/// The available provider with this ID.
pub fn find<'a, W: Wire>(call: &'a Call<State<W>>, id: &str) -> Result<&'a Provider> {
    let registry = &call.state.providers.registry;
    if let Some(provider) = registry.get(id).filter(|provider| is_offered(call, provider)) {
        return Ok(provider);
    }
    let names: Vec<&str> = offered(call).map(|provider| provider.id.as_str()).collect();
    let rule = format!(
        "Invalid `{}` param: Value must be one of ({})",
        W::PROVIDER_ID,
        names.join(", ")
    );
    Err(Refusal::Argument(rule).into())
}

/// Whether neither an app ID nor a secret is set.
pub fn is_blank(configured: &Configured) -> bool {
    configured.app_id.is_empty() && configured.secret.is_none()
}

/// Sets the app ID and the secret where neither is set.
pub fn fill_in(configured: &mut Configured, (app_id, secret): &(String, String), vault: &Vault) {
    if is_blank(configured) {
        app_id.clone_into(&mut configured.app_id);
        configured.set_secret(secret, vault);
    }
}

/// Providers for tests are available only with `--dev`.
fn is_offered(call: &Base, provider: &Provider) -> bool {
    provider.status != Status::TestOnly || call.app.settings.dev
}
