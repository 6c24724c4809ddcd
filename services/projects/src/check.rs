//! Check of a provider's configuration.

use api::{Call, Result};
use kernel::param::Text;
use oauth::{Report, Trace};
use projects::Error;
use projects::oauth::{callback, stored_credentials};
use projects_api::oauth2::find;

use crate::model;
use crate::target::State;

kernel::params! {
    /// Parameters of a check of a provider.
    pub(crate) struct CheckProvider {
        /// ID of the provider.
        provider: Text<256, 1> = "provider",
    }
}

/// Checks discovery, keys, clock, redirect URI and, if the provider makes it possible, the credentials. The provider need
/// not be enabled.
pub(crate) async fn check(call: Call<State>, input: CheckProvider) -> Result<model::Check> {
    let provider = find(&call, &input.provider.0)?;
    let project = call.target()?;
    let redirect_uri = callback(&call.app.settings.public_url, &provider.id, project.id());
    let Some(configured) = project.provider(&provider.id) else {
        return Ok(not_set_up(redirect_uri, "nothing is set for this provider"));
    };
    let credentials = match stored_credentials(
        configured,
        provider,
        &call.app.vault,
        &call.state.providers.test_routing,
    ) {
        Ok(credentials) => credentials,
        Err(Error::Provider(error)) => return Ok(not_set_up(redirect_uri, &error.to_string())),
        Err(error) => return Err(error.into()),
    };
    let client = &call.state.providers.client;
    let report = client
        .check(provider, &credentials, &redirect_uri, &mut Trace::default())
        .await;
    Ok(show(report, redirect_uri))
}

fn show(report: Report, redirect_uri: String) -> model::Check {
    let ok = !report.failed();
    let item = |check: oauth::Check| model::CheckItem {
        name: check.name,
        outcome: outcome(check.state).to_owned(),
        detail: check.found,
        remedy: check.fix.unwrap_or_default(),
    };
    model::Check {
        ok,
        redirect_uri,
        checks: report.checks.into_iter().map(item).collect(),
    }
}

fn outcome(state: oauth::State) -> &'static str {
    match state {
        oauth::State::Ok => "ok",
        oauth::State::Failed => "failed",
        oauth::State::Unknown => "unknown",
    }
}

fn not_set_up(redirect_uri: String, detail: &str) -> model::Check {
    let settings = model::CheckItem {
        name: "settings".to_owned(),
        outcome: outcome(oauth::State::Failed).to_owned(),
        detail: detail.to_owned(),
        remedy: format!(
            "Register an app at the provider with the redirect URI {redirect_uri}, and enter its credentials."
        ),
    };
    model::Check {
        ok: false,
        redirect_uri,
        checks: vec![settings],
    }
}
