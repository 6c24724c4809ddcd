//! Links to accounts elsewhere.

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
        /// Words that the provider, the address or the ids contain.
        search: Text<256> = "search" | Text::default(),
        /// Whether to count.
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
    /// An identity.
    pub(crate) struct DeleteIdentity {
        /// Its id.
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
        // Not the provider's tokens: the change log is read by more than the caller.
        let payload = serde_json::json!({
            "$id": identity.id, "userId": identity.user_id,
            "provider": identity.provider, "providerUid": identity.provider_uid,
        });
        act.record_event(&subjects, payload)?;
        api::Result::Ok(NoContent)
    })
    .await
}
