//! Identities: a user's accounts at other services, identified by provider and the provider's user ID alone.

use db::list::Queryable;
use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use db::{Locked, Tx};
use kernel::{Email, Timestamp};

use crate::Result;
use crate::error::IdentityError;
use crate::ids::{IdentityId, UserId};
use crate::sessions::Grant;

db::table! {
    /// A link to an account at another service.
    pub struct Identity in identities as Identities {
        /// Its ID.
        pub id: IdentityId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last use or change.
        pub updated_at: Timestamp => UpdatedAt,
        /// The user it belongs to.
        pub user_id: UserId => UserId,
        /// The provider's ID.
        pub provider: String => Provider,
        /// User ID at the provider; unique with the provider.
        pub provider_uid: String => ProviderUid,
        /// The address at the provider, lower-cased.
        pub provider_email: String => ProviderEmail,
        /// Whether the provider has verified the address.
        pub provider_email_verified: bool => ProviderEmailVerified,
        /// The provider's tokens, sealed.
        pub provider_grant: Option<String> => ProviderGrant,
        /// Expiry time of the provider's access token.
        pub provider_expiry: Option<Timestamp> => ProviderExpiry,
    }
}

/// Finds the link to a provider's account.
pub fn find_by_uid(tx: &mut Tx<'_>, provider: &str, uid: &str) -> Result<Option<Identity>> {
    Ok(tx.optional(&by_uid(provider, uid))?)
}

fn by_uid(provider: &str, uid: &str) -> SelectStatement {
    Identity::select()
        .and_where(Expr::col(Identities::Provider).eq(provider))
        .and_where(Expr::col(Identities::ProviderUid).eq(uid))
        .take()
}

/// Finds a user's link by its ID.
pub fn find(tx: &mut Tx<'_>, user: &UserId, id: &IdentityId) -> Result<Identity> {
    let query = Identity::select()
        .and_where(Expr::col(Identities::Id).eq(id.as_str()))
        .and_where(Expr::col(Identities::UserId).eq(user.as_str()))
        .take();
    tx.optional(&query)?.ok_or(IdentityError::NotFound.into())
}

/// Finds the identity of a provider's account and locks its row until the transaction ends.
pub fn lock_by_uid(tx: &mut Tx<'_>, provider: &str, uid: &str) -> Result<Option<Locked<Identity>>> {
    Ok(tx.lock_row(&by_uid(provider, uid))?)
}

/// Finds an identity by its ID, of any user.
pub fn find_any(tx: &mut Tx<'_>, id: &IdentityId) -> Result<Identity> {
    let query = Identity::select()
        .and_where(Expr::col(Identities::Id).eq(id.as_str()))
        .take();
    tx.optional(&query)?.ok_or(IdentityError::NotFound.into())
}

/// Attributes by which identities can be queried.
pub fn queryable() -> Queryable {
    Queryable::new(Identities::Id)
        .datetime("$createdAt", Identities::CreatedAt)
        .datetime("$updatedAt", Identities::UpdatedAt)
        .text("userId", Identities::UserId)
        .text("provider", Identities::Provider)
        .text("providerUid", Identities::ProviderUid)
        .text("providerEmail", Identities::ProviderEmail)
        .datetime("providerAccessTokenExpiry", Identities::ProviderExpiry)
        .optional()
        .searched([
            Identities::UserId,
            Identities::Provider,
            Identities::ProviderUid,
            Identities::ProviderEmail,
        ])
}

/// Whether a user other than `user` has an identity with this address.
pub fn email_is_anothers(tx: &mut Tx<'_>, email: &Email, user: Option<&UserId>) -> Result<bool> {
    let holders: Vec<UserId> = tx.all(&holders_of(email))?;
    Ok(holders.iter().any(|other| Some(other) != user))
}

/// Users who have an identity with this address that its provider has verified.
pub fn vouched_users_of_email(tx: &mut Tx<'_>, email: &Email) -> Result<Vec<UserId>> {
    let vouched = holders_of(email)
        .and_where(Expr::col(Identities::ProviderEmailVerified).eq(true))
        .take();
    Ok(tx.all(&vouched)?)
}

fn holders_of(email: &Email) -> SelectStatement {
    Query::select()
        .distinct()
        .column(Identities::UserId)
        .from(Identities::Table)
        .and_where(Expr::col(Identities::ProviderEmail).eq(email.as_str()))
        .take()
}

/// Claims of a provider about an identity.
#[derive(Debug, Clone)]
pub struct ProviderClaims<'a> {
    /// The provider's ID.
    pub provider: &'a str,
    /// User ID at the provider.
    pub uid: &'a str,
    /// The address at the provider.
    pub email: Option<&'a Email>,
    /// Whether the provider has verified the address.
    pub email_verified: bool,
    /// The provider's tokens.
    pub grant: &'a Grant,
    /// Expiry time of the access token.
    pub expiry: Option<Timestamp>,
}

/// Creates the identity, or stores the newest tokens in the existing one.
///
/// Two callbacks of one sign-in can race here: the unique index `identities_provider_uid` then fails one transaction,
/// and its caller reads again.
pub fn put(tx: &mut Tx<'_>, user: &UserId, claims: &ProviderClaims<'_>, vault: &secrets::Vault) -> Result<Identity> {
    let now = tx.now();
    let email = claims.email.map(|email| email.as_str().to_owned());
    if let Some(mut identity) = lock_by_uid(tx, claims.provider, claims.uid)? {
        if let Some(email) = email {
            identity.provider_email = email;
            identity.provider_email_verified = claims.email_verified;
        }
        set_grant(&mut identity, claims.grant, claims.expiry, vault);
        save(tx, &mut identity)?;
        return Ok(identity.into_inner());
    }
    let mut identity = Identity {
        id: IdentityId::generate(now),
        created_at: now,
        updated_at: now,
        user_id: user.clone(),
        provider: claims.provider.to_owned(),
        provider_uid: claims.uid.to_owned(),
        provider_email_verified: email.is_some() && claims.email_verified,
        provider_email: email.unwrap_or_default(),
        provider_grant: None,
        provider_expiry: None,
    };
    set_grant(&mut identity, claims.grant, claims.expiry, vault);
    Ok(tx.insert_row(identity)?.into_inner())
}

/// Stores new tokens, sealed, in an identity.
pub fn set_grant(identity: &mut Identity, grant: &Grant, expiry: Option<Timestamp>, vault: &secrets::Vault) {
    identity.provider_grant = Some(grant.seal(vault, identity.id.as_str()));
    identity.provider_expiry = expiry;
}

/// Writes the changed columns of an identity.
pub fn save(tx: &mut Tx<'_>, identity: &mut Locked<Identity>) -> Result<()> {
    identity.updated_at = tx.now();
    tx.save(identity)?;
    Ok(())
}

/// Deletes an identity, even if it is the user's last way to sign in.
pub fn remove(tx: &mut Tx<'_>, identity: &Identity) -> Result<()> {
    let delete = Query::delete()
        .from_table(Identities::Table)
        .and_where(Expr::col(Identities::Id).eq(identity.id.as_str()))
        .take();
    if tx.execute(&delete)? == 0 {
        return Err(IdentityError::NotFound.into());
    }
    Ok(())
}

/// Deletes all identities of a user.
pub fn remove_all(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    let delete = Query::delete()
        .from_table(Identities::Table)
        .and_where(Expr::col(Identities::UserId).eq(user.as_str()))
        .take();
    tx.execute(&delete)?;
    Ok(())
}
