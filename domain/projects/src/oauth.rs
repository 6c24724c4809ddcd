//! A project's OAuth2 providers: on or off, client id, and the sealed secret.
//!
//! Only the configuration. What a provider is, and how one signs in with it, is the `oauth` crate's.

use db::sea_query::{Expr, ExprTrait, OnConflict, Query};
use db::{Json, Tx};
use kernel::Timestamp;
use secrets::{Sealed, Vault};

use crate::ids::ProjectId;
use crate::{Result, project};

db::table! {
    /// A provider as a project configured it.
    pub struct Configured in oauth_providers as Providers {
        /// Project and provider, joined: the place that the secret is sealed for.
        pub id: String => Id,
        /// Whose it is.
        pub project_id: ProjectId => ProjectId,
        /// The provider's id.
        pub provider: String => Provider,
        /// When it was last changed.
        pub updated_at: Timestamp => UpdatedAt,
        /// Whether users may sign in with it.
        pub enabled: bool => Enabled,
        /// The client id at the provider.
        pub app_id: String => AppId,
        /// The client secret, or the JSON of several, sealed; null when none was set.
        pub secret: Option<String> => Secret,
        /// Client ids whose id_tokens are accepted from native apps; empty for none.
        pub native_audiences: Json<Vec<String>> => NativeAudiences,
    }
}

impl Configured {
    /// A provider that nobody configured.
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

    /// The secret, for calls to the provider; an empty text when none was set.
    pub fn reveal(&self, vault: &Vault) -> Result<String> {
        match &self.secret {
            Some(sealed) => Ok(vault.open(&Sealed(sealed.clone()), &self.id)?),
            None => Ok(String::new()),
        }
    }
}

/// What a project configured.
pub fn of_project(tx: &mut Tx<'_>, project: &ProjectId) -> Result<Vec<Configured>> {
    Ok(tx.all(
        &Configured::select()
            .and_where(Expr::col(Providers::ProjectId).eq(project.as_str()))
            .take(),
    )?)
}

/// Changes a provider's configuration, from blank when there is none.
pub fn update(
    tx: &mut Tx<'_>,
    project: &ProjectId,
    provider: &str,
    change: impl FnOnce(&mut Configured),
) -> Result<Configured> {
    project::find(tx, project)?;
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
    project::touch(tx, project);
    Ok(configured)
}

/// Removes a provider's configuration.
pub fn remove(tx: &mut Tx<'_>, configured: &Configured) -> Result<()> {
    let by_id = Expr::col(Providers::Id).eq(configured.id.clone());
    tx.execute(&Query::delete().from_table(Providers::Table).and_where(by_id).take())?;
    project::touch(tx, &configured.project_id);
    Ok(())
}
