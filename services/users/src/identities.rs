//! Identities: links of users to accounts at OAuth2 providers.

use api::{Call, NoContent, Result};
use identity::IdentityId;
use identity::identities::{self, Identity};
use kernel::param::Text;
use kernel::query::Texts;
use views::IdentityList;

kernel::params! {
    /// Parameters of the list of identities.
    pub(crate) struct ListIdentities {
        /// Queries on userId, provider, providerUid, providerEmail, providerAccessTokenExpiry, $id, $createdAt and $updatedAt.
        queries: Texts = "queries",
        /// Search text in the provider, the e-mail address or the IDs.
        search: Text<256> = "search" | Text::default(),
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

pub(crate) async fn list(call: Call, input: ListIdentities) -> Result<IdentityList> {
    let queries = input.queries.read(&input.search.0, input.total)?;
    let page = call
        .read(move |tx| db::list::list::<Identity>(tx, &Identity::select(), &identities::queryable(), &queries))
        .await?;
    let vault = &call.app.vault;
    let identities = page.rows.iter().map(|identity| views::identity(identity, vault));
    Ok(IdentityList {
        total: page.total,
        identities: identities.collect::<identity::Result<_>>()?,
    })
}

kernel::params! {
    /// Parameters of the deletion of an identity.
    pub(crate) struct DeleteIdentity {
        /// Identity ID.
        identity_id: IdentityId = "identityId",
    }
}

pub(crate) async fn delete(call: Call, input: DeleteIdentity) -> Result<NoContent> {
    call.act(move |act| {
        let identity = identities::find_any(act, &input.identity_id)?;
        identities::remove(act, &identity)?;
        let subjects = [
            ("identityId", identity.id.as_str()),
            ("userId", identity.user_id.as_str()),
        ];
        // Without the provider's tokens, since the event is also visible to others than the caller.
        let payload = serde_json::json!({
            "$id": identity.id, "userId": identity.user_id,
            "provider": identity.provider, "providerUid": identity.provider_uid,
        });
        act.record_event(&subjects, payload)?;
        api::Result::Ok(NoContent)
    })
    .await
}
