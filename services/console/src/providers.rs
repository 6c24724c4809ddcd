//! OAuth2 providers and the parameters needed to configure them.

use api::{Call, Result};
use oauth::{Provider, SettingsShape, Status};

use crate::State;

api::model! {
    /// The OAuth2 providers.
    pub(crate) struct Providers as "consoleOAuth2ProviderList" {
        /// Number of entries.
        total: i64 = "total",
        /// Providers.
        providers: Vec<OAuth2Provider> = "oAuth2Providers",
    }
}

api::model! {
    /// An OAuth2 provider.
    pub(crate) struct OAuth2Provider as "consoleOAuth2Provider" {
        /// Provider ID.
        id: String = "$id",
        /// Provider name.
        name: String = "name",
        /// Status: `alive`, `deprecated`, `unclear` or `test-only`.
        status: &'static str = "status",
        /// Explanation of a status other than `alive`; empty otherwise.
        status_note: String = "statusNote",
        /// The provider's rules for redirect URIs, as text.
        redirect: Vec<String> = "redirect",
        /// Settings that the provider needs.
        parameters: Vec<Parameter> = "parameters",
    }
}

api::model! {
    /// A setting of an OAuth2 provider.
    pub(crate) struct Parameter as "consoleOAuth2ProviderParameter" {
        /// Parameter name in `PATCH /v1/project/oauth2/{provider}`.
        id: String = "$id",
        /// Display name.
        name: String = "name",
        /// Example value, shown as placeholder.
        example: String = "example",
        /// Help text.
        hint: String = "hint",
        /// Whether the value is write-only.
        secret: bool = "secret",
    }
}

/// Lists all providers that can be configured on this server.
pub(crate) async fn list(call: Call<State>, (): ()) -> Result<Providers> {
    let dev = call.app.settings.dev;
    let offered = call.state.registry.iter();
    let providers: Vec<_> = offered
        .filter(|provider| dev || provider.status != Status::TestOnly)
        .map(|provider| show(provider))
        .collect();
    Ok(Providers {
        total: i64::try_from(providers.len()).unwrap_or(i64::MAX),
        providers,
    })
}

fn show(provider: &Provider) -> OAuth2Provider {
    let shape = &provider.settings;
    OAuth2Provider {
        id: provider.id.clone(),
        name: provider.name.clone(),
        status: match provider.status {
            Status::Alive => "alive",
            Status::Deprecated => "deprecated",
            Status::Unclear => "unclear",
            Status::TestOnly => "test-only",
        },
        status_note: provider.status_note.clone(),
        redirect: provider.redirect.clone(),
        parameters: shape
            .parameters()
            .into_iter()
            .map(|name| parameter(provider, shape, name))
            .collect(),
    }
}

fn parameter(provider: &Provider, shape: &SettingsShape, name: &str) -> Parameter {
    let default = shape.stored_key(name).and_then(|key| shape.defaults.get(key));
    let requirement = shape
        .required
        .iter()
        .find(|requirement| requirement.0.iter().flatten().any(|one| one == name));
    let hint = match requirement.map(|requirement| (requirement.0.len(), requirement)) {
        None => "optional".to_owned(),
        Some((1, _)) => "required".to_owned(),
        Some((_, either)) => format!("required: {either}"),
    };
    // A private key that signs client JWTs is secret too.
    let signs = shape.stored_key(name).is_some_and(|key| {
        let own = format!("{{{key}}}");
        provider.client_jwt.as_ref().is_some_and(|jwt| jwt.key.as_str() == own)
    });
    Parameter {
        id: name.to_owned(),
        name: words(name),
        example: default.cloned().unwrap_or_default(),
        hint,
        secret: shape.secret_param.as_deref() == Some(name) || signs,
    }
}

/// Converts a parameter name to a display name: `authorizationServerId` becomes `Authorization server ID`.
fn words(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut after_capital = true;
    for c in name.chars() {
        if words.is_empty() || (c.is_ascii_uppercase() && !after_capital) {
            words.push(String::new());
        }
        after_capital = c.is_ascii_uppercase();
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
    }
    for word in &mut words {
        if matches!(word.as_str(), "id" | "url" | "api") {
            word.make_ascii_uppercase();
        }
    }
    if let Some(first) = words.first_mut()
        && let Some(letter) = first.get_mut(..1)
    {
        letter.make_ascii_uppercase();
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use oauth::Registry;

    use super::*;

    #[test]
    fn names_of_parameters_are_written_for_people() {
        assert_eq!(words("clientId"), "Client ID");
        assert_eq!(words("wellKnownURL"), "Well known URL");
        assert_eq!(words("userInfoURL"), "User info URL");
        assert_eq!(words("secret"), "Secret");
    }

    #[test]
    fn secret_and_required_parameters_are_marked() {
        let registry = Registry::builtin();
        let apple = show(registry.get("apple").expect("Apple"));
        let secret: Vec<_> = apple
            .parameters
            .iter()
            .filter(|one| one.secret)
            .map(|one| one.id.as_str())
            .collect();
        assert_eq!(secret, ["p8File"]);
        assert!(apple.parameters.iter().all(|one| one.hint == "required"));
        let gitlab = show(registry.get("gitlab").expect("GitLab"));
        let endpoint = gitlab
            .parameters
            .iter()
            .find(|one| one.id == "endpoint")
            .expect("an endpoint");
        assert_eq!(
            (endpoint.hint.as_str(), endpoint.example.as_str()),
            ("optional", "https://gitlab.com")
        );
    }
}
