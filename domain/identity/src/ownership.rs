//! Ownership of an account by a proven address: what happens when a person shows that an e-mail address or phone number,
//! until then unverified, is theirs.
//!
//! Anybody can enter somebody else's address at sign-up or in their profile. Every way to sign in that proves an address
//! (OAuth2, codes and links by mail or SMS, recovery, an accepted invitation) therefore calls [`prove`], so that the
//! address's owner never shares an account with the person who entered it (Sudhodanan and Paverd, "Pre-hijacked
//! accounts", USENIX Security 2022).
//!
//! Not here: a verification link or code, which a session of the account requests for its own address and which signs
//! nobody in.

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Locked, Tx};
use kernel::{Email, Phone};

use crate::ids::UserId;
use crate::memberships::{self, Memberships};
use crate::policy::Policy;
use crate::targets::Targets;
use crate::users::{self, NewUser, User};
use crate::{Result, factors, identities, sessions, tokens};

/// Kind of a proven address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// The user's e-mail address.
    Email,
    /// The user's phone number.
    Phone,
}

impl Address {
    fn is_verified(self, user: &User) -> bool {
        match self {
            Self::Email => user.email_verification,
            Self::Phone => user.phone_verification,
        }
    }

    /// Whether the account has another address that is verified, and therefore an owner.
    fn other_is_verified(self, user: &User) -> bool {
        match self {
            Self::Email => user.phone_verification && user.phone.is_some(),
            Self::Phone => user.email_verification && user.email.is_some(),
        }
    }

    fn set_verified(self, user: &mut User) {
        match self {
            Self::Email => user.email_verification = true,
            Self::Phone => user.phone_verification = true,
        }
    }

    fn text(self, user: &User) -> String {
        let text = match self {
            Self::Email => &user.email,
            Self::Phone => &user.phone,
        };
        text.clone().unwrap_or_default()
    }
}

/// Circumstances of a proof.
#[derive(Debug, Clone, Copy)]
pub struct Proving<'a> {
    /// Whether the person also holds a session of the account.
    pub signed_in: bool,
    /// The project's rules for users.
    pub policy: &'a Policy,
    /// Whether the project is the console.
    pub console: bool,
}

/// Marks the user's address as verified and returns the user that its owner signs in as.
///
/// - An address that was verified before, or that is proven within a session of the account, changes nothing else.
/// - If the account has no other verified address, the owner takes it over: passwords, sessions, second factors, tokens,
///   identities, other targets and the other address of before are removed.
/// - If the account has one, it keeps its owner and loses the address; the address's owner gets a new user.
pub fn prove(tx: &mut Tx<'_>, mut user: Locked<User>, address: Address, how: Proving<'_>) -> Result<Locked<User>> {
    if address.is_verified(&user) {
        return Ok(user);
    }
    if how.signed_in {
        address.set_verified(&mut user);
        users::save(tx, &mut user)?;
        return Ok(user);
    }
    if address.other_is_verified(&user) {
        return release(tx, user, address, how);
    }
    take_over(tx, user, address)
}

/// Removes all credentials that the account had before.
fn take_over(tx: &mut Tx<'_>, mut user: Locked<User>, address: Address) -> Result<Locked<User>> {
    let proven = address.text(&user);
    user.password = None;
    user.password_update = None;
    user.password_history = Json(Vec::new());
    user.mfa = false;
    match address {
        Address::Email => user.phone = None,
        Address::Phone => user.email = None,
    }
    user.email_verification = false;
    user.phone_verification = false;
    address.set_verified(&mut user);
    user.taken_over_at = Some(tx.now());
    factors::remove_all(tx, &user.id)?;
    sessions::remove_all_but(tx, &user.id, None)?;
    tokens::remove_all(tx, &user.id)?;
    identities::remove_all(tx, &user.id)?;
    let targets = Query::delete()
        .from_table(Targets::Table)
        .and_where(Expr::col(Targets::UserId).eq(user.id.as_str()))
        .and_where(Expr::col(Targets::Identifier).ne(proven.as_str()))
        .take();
    tx.execute(&targets)?;
    // An open invitation belongs to the owner of the address that it was sent to.
    let invitations = Query::delete()
        .from_table(Memberships::Table)
        .and_where(Expr::col(Memberships::UserId).eq(user.id.as_str()))
        .and_where(Expr::col(Memberships::Confirm).eq(false))
        .and_where(
            Expr::col(Memberships::SentTo)
                .is_null()
                .or(Expr::col(Memberships::SentTo).ne(proven.as_str())),
        )
        .take();
    tx.execute(&invitations)?;
    users::save(tx, &mut user)?;
    Ok(user)
}

/// Moves the address, with the open invitations that were sent to it, to a new user.
fn release(tx: &mut Tx<'_>, mut user: Locked<User>, address: Address, how: Proving<'_>) -> Result<Locked<User>> {
    users::check_limit(tx, how.policy, how.console)?;
    let proven = address.text(&user);
    match address {
        Address::Email => users::forget_email(tx, &mut user)?,
        Address::Phone => users::forget_phone(tx, &mut user)?,
    }
    let new = match address {
        Address::Email => NewUser {
            email: Email::new(&proven),
            ..NewUser::default()
        },
        Address::Phone => NewUser {
            phone: Phone::new(&proven),
            ..NewUser::default()
        },
    };
    let mut owner = users::create(tx, UserId::generate(tx.now()), new)?;
    memberships::move_invitations(tx, &user.id, &owner.id, &proven)?;
    address.set_verified(&mut owner);
    users::save(tx, &mut owner)?;
    Ok(owner)
}
