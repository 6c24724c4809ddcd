//! Linking: which user an OAuth2 sign-in belongs to.
//!
//! The rules are the table of `oauth/flows.md`, section 4. Provider and uid identify the user first; an address links
//! only if the provider has verified it; and an account that another person could have prepared for the address's owner
//! loses all its other credentials first (Sudhodanan and Paverd, "Pre-hijacked accounts", USENIX Security 2022).

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Locked, Tx};
use kernel::Email;

use crate::error::{EmailError, IdentityError, UserError};
use crate::identities::{self, Identity, ProviderClaims};
use crate::ids::{SessionId, UserId};
use crate::memberships::Memberships;
use crate::policy::Policy;
use crate::users::{self, NewUser, User};
use crate::{Result, factors, sessions, tokens};

/// The provider's claims about the person who signs in.
#[derive(Debug, Clone)]
pub struct SignIn<'a> {
    /// Provider, uid, address and tokens.
    pub claims: ProviderClaims<'a>,
    /// The name at the provider.
    pub name: Option<&'a str>,
}

/// The session that was active when the attempt was started, if it still exists.
#[derive(Debug, Clone)]
pub struct Active {
    /// The user it belongs to.
    pub user: UserId,
    /// The session; replaced by the new one.
    pub session: SessionId,
}

/// Finds, completes or creates the user of a sign-in by the rules above, and stores the identity.
pub fn resolve(
    tx: &mut Tx<'_>,
    sign_in: &SignIn<'_>,
    active: Option<&Active>,
    policy: &Policy,
    console: bool,
    vault: &secrets::Vault,
) -> Result<(Locked<User>, Identity)> {
    // Sign-ins with the same account or address are serialized: the writes depend on the lookups below.
    tx.lock(&format!("oauth {} {}", sign_in.claims.provider, sign_in.claims.uid))?;
    if let Some(email) = sign_in.claims.email {
        tx.lock(&format!("email {}", email.as_str()))?;
    }
    let known = identities::find_by_uid(tx, sign_in.claims.provider, sign_in.claims.uid)?;
    let mut user = match (active, known) {
        (Some(active), known) => attach(tx, sign_in, active, known)?,
        (None, Some(identity)) => users::lock(tx, &identity.user_id)?,
        (None, None) => find_or_create(tx, sign_in, policy, console)?,
    };
    if !user.status {
        return Err(UserError::SignInBlocked.into());
    }
    complete(tx, &mut user, sign_in)?;
    let identity = identities::put(tx, &user.id, &sign_in.claims, vault)?;
    Ok((user, identity))
}

/// Adds an identity to a logged-in user.
fn attach(tx: &mut Tx<'_>, sign_in: &SignIn<'_>, active: &Active, known: Option<Identity>) -> Result<Locked<User>> {
    if known.is_some_and(|identity| identity.user_id != active.user) {
        return Err(UserError::Exists.into());
    }
    if let Some(email) = sign_in.claims.email {
        let anothers = users::find_by_email(tx, email)?.is_some_and(|other| other.id != active.user);
        if anothers || identities::email_is_anothers(tx, email, Some(&active.user))? {
            return Err(UserError::Exists.into());
        }
    }
    users::lock(tx, &active.user)
}

fn find_or_create(tx: &mut Tx<'_>, sign_in: &SignIn<'_>, policy: &Policy, console: bool) -> Result<Locked<User>> {
    let email = sign_in.claims.email.ok_or(IdentityError::NoEmail)?;
    let owner = users::find_by_email(tx, email)?;
    if !sign_in.claims.email_verified {
        let taken = owner.is_some() || identities::email_is_anothers(tx, email, None)?;
        // Deliberately vague: it must not reveal that the account exists.
        return if taken {
            Err(EmailError::Ambiguous.into())
        } else {
            create(tx, sign_in, email, policy, console)
        };
    }
    if let Some(owner) = owner {
        let owner = users::lock(tx, &owner.id)?;
        return if owner.email_verification {
            Ok(owner)
        } else {
            remove_other_credentials(tx, owner)
        };
    }
    // An address that no provider has verified links to no user: its owner gets a new account.
    match identities::vouched_users_of_email(tx, email)?.as_slice() {
        [] => create(tx, sign_in, email, policy, console),
        [only] => users::lock(tx, only),
        // Two users have a verified identity with this address: ambiguous.
        _ => Err(EmailError::Ambiguous.into()),
    }
}

fn create(
    tx: &mut Tx<'_>,
    sign_in: &SignIn<'_>,
    email: &Email,
    policy: &Policy,
    console: bool,
) -> Result<Locked<User>> {
    users::check_limit(tx, policy, console)?;
    users::check_email(policy, email)?;
    let new = NewUser {
        name: sign_in.name.unwrap_or_default().to_owned(),
        email: Some(email.clone()),
        email_verified: sign_in.claims.email_verified,
        ..NewUser::default()
    };
    let id = UserId::generate(tx.now());
    users::create(tx, id, new)
}

/// The address's owner takes over an account that never verified it: all its earlier credentials are removed.
fn remove_other_credentials(tx: &mut Tx<'_>, mut user: Locked<User>) -> Result<Locked<User>> {
    user.password = None;
    user.password_update = None;
    user.password_history = Json(Vec::new());
    user.phone = None;
    user.phone_verification = false;
    user.mfa = false;
    user.email_verification = true;
    factors::remove_all(tx, &user.id)?;
    sessions::remove_all_but(tx, &user.id, None)?;
    tokens::remove_all(tx, &user.id)?;
    identities::remove_all(tx, &user.id)?;
    let sms = Query::delete()
        .from_table(crate::targets::Targets::Table)
        .and_where(Expr::col(crate::targets::Targets::UserId).eq(user.id.as_str()))
        .and_where(Expr::col(crate::targets::Targets::ProviderType).ne("email"))
        .take();
    tx.execute(&sms)?;
    // Invitations that were not accepted were sent to the account's previous holder, not to the address's owner.
    let invitations = Query::delete()
        .from_table(Memberships::Table)
        .and_where(Expr::col(Memberships::UserId).eq(user.id.as_str()))
        .and_where(Expr::col(Memberships::Confirm).eq(false))
        .take();
    tx.execute(&invitations)?;
    users::save(tx, &mut user)?;
    Ok(user)
}

/// Fills the user's missing fields. A verification flag is set, never cleared.
fn complete(tx: &mut Tx<'_>, user: &mut Locked<User>, sign_in: &SignIn<'_>) -> Result<()> {
    let mut changed = false;
    if let (true, Some(name)) = (user.name.is_empty(), sign_in.name.filter(|name| !name.is_empty())) {
        user.name = name.to_owned();
        changed = true;
    }
    if let Some(email) = sign_in.claims.email {
        let free = user.email.is_none()
            && users::find_by_email(tx, email)?.is_none()
            && !identities::email_is_anothers(tx, email, Some(&user.id))?;
        if free {
            user.email = Some(email.as_str().to_owned());
            user.email_verification = false;
            crate::targets::set_email(tx, &user.id, None, email)?;
            changed = true;
        }
        let own = user.email.as_deref() == Some(email.as_str());
        if own && sign_in.claims.email_verified && !user.email_verification {
            user.email_verification = true;
            changed = true;
        }
    }
    if changed { users::save(tx, user) } else { Ok(()) }
}
