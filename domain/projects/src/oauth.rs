//! A project's OAuth2 providers: whether enabled, client ID, and the sealed secret.
//!
//! Only the configuration, and the credentials derived from it. Providers and the sign-in protocol are in the `oauth`
//! crate.

use db::sea_query::{Expr, ExprTrait, OnConflict, Query};
use db::{Json, Tx};
use kernel::Timestamp;
use oauth::{Credentials, Provider, Status};
use secrets::{Sealed, Vault};
use url::Url;

use crate::error::Error;
use crate::ids::ProjectId;
use crate::{Result, record};

/// Client ID that stands for a provider without an app, on a server in development mode.
pub const DEV_APP_ID: &str = "dev";

/// Test servers that replace the providers. All fields are empty in production.
#[derive(Debug, Clone, Default)]
pub struct TestRouting {
    /// The server's development identity provider, for providers with [`DEV_APP_ID`].
    pub dev_origin: Option<Url>,
    /// A server that replaces every provider in tests. Takes precedence over `dev_origin`.
    pub test_origin: Option<Url>,
    /// This server's own address; without it providers that exist only for tests cannot be used.
    pub server: Option<Url>,
}

db::table! {
    /// A project's configuration of a provider.
    pub struct Configured in oauth_providers as Providers {
        /// Project and provider, joined; also the context in which the secret is sealed.
        pub id: String => Id,
        /// The project it belongs to.
        pub project_id: ProjectId => ProjectId,
        /// The provider's ID.
        pub provider: String => Provider,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// Whether users may sign in with it.
        pub enabled: bool => Enabled,
        /// The client ID at the provider.
        pub app_id: String => AppId,
        /// The client secret, or a JSON object of several, sealed; null if not set.
        pub secret: Option<String> => Secret,
        /// Client IDs whose id_tokens are accepted from native apps.
        pub native_audiences: Json<Vec<String>> => NativeAudiences,
    }
}

impl Configured {
    /// The default configuration: disabled and empty.
    pub fn blank(project: &ProjectId, provider: &str, now: Timestamp) -> Self {
        Self {
            id: format!("{project}/{provider}"),
            project_id: project.clone(),
            provider: provider.to_owned(),
            updated_at: now,
            enabled: false,
            app_id: String::new(),
            secret: None,
            native_audiences: Json(Vec::new()),
        }
    }

    /// Replaces the secret; an empty one removes it.
    pub fn set_secret(&mut self, secret: &str, vault: &Vault) {
        self.secret = (!secret.is_empty()).then(|| vault.seal(secret, &self.id).0);
    }

    /// The decrypted secret; an empty text if none is set.
    pub fn reveal(&self, vault: &Vault) -> Result<String> {
        match &self.secret {
            Some(sealed) => Ok(vault.open(&Sealed(sealed.clone()), &self.id)?),
            None => Ok(String::new()),
        }
    }
}

/// The credentials for signing in with a provider. Fails if the provider is disabled or its configuration is
/// incomplete.
pub fn credentials(
    configured: Option<&Configured>,
    provider: &Provider,
    vault: &Vault,
    test_routing: &TestRouting,
) -> Result<Credentials> {
    match configured {
        Some(configured) if configured.enabled => stored_credentials(configured, provider, vault, test_routing),
        _ => Err(Error::ProviderDisabled),
    }
}

/// As [`credentials`], also for a disabled provider: to test a configuration before it is enabled.
pub fn stored_credentials(
    configured: &Configured,
    provider: &Provider,
    vault: &Vault,
    test_routing: &TestRouting,
) -> Result<Credentials> {
    let stored = Credentials::from_stored(provider, &configured.app_id, &configured.reveal(vault)?)?;
    if provider.status == Status::TestOnly {
        let server = test_routing.server.clone().ok_or(Error::ProviderDisabled)?;
        return Ok(stored.with_server(server));
    }
    let dev_origin = test_routing
        .dev_origin
        .as_ref()
        .filter(|_| configured.app_id == DEV_APP_ID);
    Ok(stored.with_origin(test_routing.test_origin.as_ref().or(dev_origin).cloned()))
}

/// Callback URL of a provider on the server with this public URL.
pub fn callback(public_url: &Url, provider: &str, project: &ProjectId) -> String {
    let server = public_url.as_str().trim_end_matches('/');
    format!("{server}/v1/account/sessions/oauth2/callback/{provider}/{project}")
}

/// Providers that a project configured.
pub fn of_project(tx: &mut Tx<'_>, project: &ProjectId) -> Result<Vec<Configured>> {
    Ok(tx.all(
        &Configured::select()
            .and_where(Expr::col(Providers::ProjectId).eq(project.as_str()))
            .take(),
    )?)
}

/// Changes a provider's configuration, starting from the default one if there is none.
pub fn update(
    tx: &mut Tx<'_>,
    project: &ProjectId,
    provider: &str,
    change: impl FnOnce(&mut Configured),
) -> Result<Configured> {
    record::find(tx, project)?;
    tx.lock(&format!("provider {project}/{provider}"))?;
    let blank = Configured::blank(project, provider, tx.now());
    let by_id = Expr::col(Providers::Id).eq(blank.id.clone());
    let mut configured = tx
        .optional(&Configured::select().and_where(by_id).take())?
        .unwrap_or(blank);
    change(&mut configured);
    configured.updated_at = tx.now();
    let all_but_key = Configured::COLUMNS.into_iter().skip(1);
    let put = configured
        .insert()
        .on_conflict(OnConflict::column(Providers::Id).update_columns(all_but_key).to_owned())
        .take();
    tx.execute(&put)?;
    record::touch(tx, project);
    Ok(configured)
}

/// Deletes a provider's configuration.
pub fn remove(tx: &mut Tx<'_>, configured: &Configured) -> Result<()> {
    let by_id = Expr::col(Providers::Id).eq(configured.id.clone());
    tx.execute(&Query::delete().from_table(Providers::Table).and_where(by_id).take())?;
    record::touch(tx, &configured.project_id);
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::{Fault, Kind};
    use oauth::Registry;

    use super::*;

    fn vault() -> Vault {
        Vault::new("a secret of tests", &[])
    }

    fn configured(provider: &str, app_id: &str, secret: &str) -> Configured {
        let project = ProjectId::trusted("shop");
        let mut configured = Configured::blank(&project, provider, Timestamp::from_millis(0));
        configured.enabled = true;
        configured.app_id = app_id.to_owned();
        configured.set_secret(secret, &vault());
        configured
    }

    fn origin_of(configured: &Configured, test_routing: &TestRouting) -> String {
        let registry = Registry::builtin();
        let provider = registry.get(&configured.provider).expect("a provider");
        let credentials = credentials(Some(configured), provider, &vault(), test_routing).expect("usable");
        format!("{credentials:?}")
    }

    fn refusal(configured: Option<&Configured>, provider: &str) -> Kind {
        let registry = Registry::builtin();
        let provider = registry.get(provider).expect("a provider");
        credentials(configured, provider, &vault(), &TestRouting::default())
            .expect_err("unusable")
            .kind()
    }

    #[test]
    fn a_provider_that_is_off_or_half_set_up_is_refused_as_disabled() {
        let off = Configured {
            enabled: false,
            ..configured("github", "id", "secret")
        };
        let disabled = Kind::Precondition("project_provider_disabled");
        for (configured, provider) in [
            (None, "github"),
            (Some(off), "github"),
            (Some(configured("github", "", "secret")), "github"),
            (Some(configured("github", "id", "")), "github"),
            (Some(configured("okta", "id", r#"{"clientSecret":"s"}"#)), "okta"),
            (Some(configured("mock", "1", "123456")), "mock"),
        ] {
            assert_eq!(refusal(configured.as_ref(), provider), disabled, "{provider}");
        }
    }

    #[test]
    fn only_dev_apps_use_the_dev_provider_and_a_test_origin_replaces_all() {
        let url = |text| Some(Url::parse(text).expect("a URL"));
        let mut test_routing = TestRouting {
            dev_origin: url("http://localhost:8080/dev/idp"),
            ..TestRouting::default()
        };
        let (dev, real) = (
            configured("github", DEV_APP_ID, "dev"),
            configured("github", "id", "secret"),
        );
        assert!(origin_of(&dev, &test_routing).contains("/dev/idp"));
        assert!(origin_of(&real, &test_routing).contains("origin: None"));
        test_routing.test_origin = url("http://127.0.0.1:9999");
        for configured in [dev, real] {
            assert!(origin_of(&configured, &test_routing).contains("127.0.0.1:9999"));
        }
    }
}
