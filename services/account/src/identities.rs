//! The caller's identities: links to accounts at OAuth2 providers.

use std::sync::Arc;

use api::{Call, NoContent, Result};
use db::list::{Page, Queryable, list as page};
use db::sea_query::{Expr, ExprTrait};
use identity::IdentityId;
use identity::identities::{self, Identities, Identity};
use kernel::query::Texts;
use serde_json::json;

use crate::State;

kernel::params! {
    /// Parameters of the list of identities.
    pub(crate) struct ListIdentities {
        /// Queries on userId, provider, providerUid, providerEmail and providerAccessTokenExpiry.
        queries: Texts = "queries",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

fn queryable() -> Queryable {
    Queryable::new(Identities::Id)
        .datetime("$createdAt", Identities::CreatedAt)
        .datetime("$updatedAt", Identities::UpdatedAt)
        .text("userId", Identities::UserId)
        .text("provider", Identities::Provider)
        .text("providerUid", Identities::ProviderUid)
        .text("providerEmail", Identities::ProviderEmail)
        .datetime("providerAccessTokenExpiry", Identities::ProviderExpiry)
        .optional()
}

/// Lists the caller's identities.
pub(crate) async fn list(call: Call<State>, input: ListIdentities) -> Result<views::IdentityList> {
    let queries = input.queries.read("", input.total).map_err(db::Error::from)?;
    let user = call.person()?.user.id.clone();
    let own = Identity::select()
        .and_where(Expr::col(Identities::UserId).eq(user.as_str()))
        .take();
    let found: Page<Identity> = call.read(move |tx| page(tx, &own, &queryable(), &queries)).await?;
    let listed: identity::Result<Vec<_>> = found
        .rows
        .iter()
        .map(|row| views::identity(row, &call.app.vault))
        .collect();
    Ok(views::IdentityList {
        total: found.total,
        identities: listed?,
    })
}

kernel::params! {
    /// Parameters of the deletion of an identity.
    pub(crate) struct DeleteIdentity {
        /// Identity ID.
        identity_id: IdentityId = "identityId",
    }
}

/// Deletes an identity. Sessions that were created with it stay valid; the next sign-in with the same provider account
/// creates a new identity.
pub(crate) async fn delete(call: Call<State>, input: DeleteIdentity) -> Result<NoContent> {
    let user = call.person()?.user.id.clone();
    let vault = Arc::clone(&call.app.vault);
    call.act(move |act| {
        let identity = identities::find(act, &user, &input.identity_id)?;
        identities::remove(act, &identity)?;
        let mut view = serde_json::to_value(views::identity(&identity, &vault)?).unwrap_or_default();
        for secret in ["providerAccessToken", "providerRefreshToken"] {
            view[secret] = json!("");
        }
        act.record_event(&[("identityId", identity.id.as_str()), ("userId", user.as_str())], view)
    })
    .await?;
    Ok(NoContent)
}
