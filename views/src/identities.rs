//! Link of a user to an account at an OAuth2 provider.

use api::Date;
use identity::sessions::Grant;
use kernel::Timestamp;
use secrets::Vault;

api::model! {
    /// Link of a user to an account at an OAuth2 provider.
    pub struct Identity as "identity" {
        /// Identity ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last use or change.
        updated_at: Timestamp = "$updatedAt",
        /// User ID.
        user_id: String = "userId",
        /// Provider ID.
        provider: String = "provider",
        /// User ID at the provider.
        provider_uid: String = "providerUid",
        /// The e-mail address at the provider.
        provider_email: String = "providerEmail",
        /// The provider's access token.
        provider_access_token: String = "providerAccessToken",
        /// Expiry time of the access token; empty if unknown.
        provider_access_token_expiry: Date = "providerAccessTokenExpiry",
        /// The provider's refresh token.
        provider_refresh_token: String = "providerRefreshToken",
    }
}

/// The model of an identity, with the provider's tokens.
pub fn identity(identity: &identity::identities::Identity, vault: &Vault) -> identity::Result<Identity> {
    let grant = Grant::open(vault, identity.provider_grant.as_deref(), identity.id.as_str())?;
    Ok(Identity {
        id: identity.id.to_string(),
        created_at: identity.created_at,
        updated_at: identity.updated_at,
        user_id: identity.user_id.to_string(),
        provider: identity.provider.clone(),
        provider_uid: identity.provider_uid.clone(),
        provider_email: identity.provider_email.clone(),
        provider_access_token: grant.access_token,
        provider_access_token_expiry: Date(identity.provider_expiry),
        provider_refresh_token: grant.refresh_token,
    })
}
