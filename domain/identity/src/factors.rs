//! Factors of authentication: what a session has proven, and how many factors it needs.
//!
//! A session starts with the factors of its sign-in; each challenge answered in it adds one. If a user requires a
//! second factor and has a verified one, a session with one factor is refused.

pub mod authenticators;
pub mod challenges;
mod factor;
pub mod recovery_codes;

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Query};

use self::authenticators::Authenticators;
use self::challenges::Challenges;
pub use self::factor::Factor;
use self::recovery_codes::RecoveryCodes;
use crate::ids::UserId;
use crate::people::Person;
use crate::sessions::Session;
use crate::users::User;
use crate::{Result, stale};

/// The factor added for a provider's claim of multi-factor authentication.
const BY_PROVIDER: &str = "mfa";

/// Factors of an OAuth2 sign-in. `multi`: the provider required several factors, and the project trusts its claim.
pub fn of_provider(multi: bool) -> Vec<&'static str> {
    if multi {
        vec!["email", "oauth2", BY_PROVIDER]
    } else {
        vec!["email", "oauth2"]
    }
}

/// Factors that a user can prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factors {
    /// By an authenticator app.
    pub totp: bool,
    /// By e-mail.
    pub email: bool,
    /// By SMS.
    pub phone: bool,
    /// By a recovery code.
    pub recovery_code: bool,
}

/// Factors that a user can prove.
pub fn of(tx: &mut Tx<'_>, user: &User) -> Result<Factors> {
    Ok(Factors {
        totp: authenticators::is_verified(tx, &user.id)?,
        email: user.email.is_some() && user.email_verification,
        phone: user.phone.is_some() && user.phone_verification,
        recovery_code: recovery_codes::exist(tx, &user.id)?,
    })
}

/// Number of factors that a session needs: two if the user requires it and has a verified second one.
pub fn required(person: &Person) -> usize {
    let user = &person.user;
    let has_second = user.email_verification || user.phone_verification || person.totp;
    if user.mfa && has_second { 2 } else { 1 }
}

/// Number of factors of a session. An OAuth2 sign-in counts as one, although it is stored as two (`oauth2` and
/// `email`).
pub fn count(factors: &[String]) -> usize {
    let has = |name: &str| factors.iter().any(|factor| factor == name);
    factors.len() - usize::from(has("oauth2") && has("email"))
}

/// Adds a factor that was proven in a session, once. Factors of the sign-in do not count here: a sign-in by a mailed
/// code and a challenge by mail are two proofs.
pub fn add(session: &mut Session, factor: Factor) {
    let of_sign_in = of_sign_in(session);
    let factors = &mut session.factors.0;
    if !factors.iter().skip(of_sign_in).any(|own| own == factor.as_str()) {
        factors.push(factor.as_str().to_owned());
    }
}

/// Copies the factors that were proven after sign-in to the session that replaces this one.
pub fn copy_proven(from: &Session, to: &mut Session) {
    let proven = from.factors.0.iter().skip(of_sign_in(from));
    for factor in proven.filter_map(|factor| Factor::parse(factor)) {
        add(to, factor);
    }
    to.mfa_updated_at = from.mfa_updated_at;
}

/// Number of a session's leading factors that stem from its sign-in.
fn of_sign_in(session: &Session) -> usize {
    let by_oauth = session.factors.0.iter().any(|factor| factor == "oauth2");
    if by_oauth { 2 } else { 1 }
}

/// Deletes all second factors of a user and their open challenges.
pub fn remove_all(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    let all = [
        Query::delete()
            .from_table(Authenticators::Table)
            .and_where(Expr::col(Authenticators::UserId).eq(user.as_str()))
            .take(),
        Query::delete()
            .from_table(RecoveryCodes::Table)
            .and_where(Expr::col(RecoveryCodes::UserId).eq(user.as_str()))
            .take(),
        Query::delete()
            .from_table(Challenges::Table)
            .and_where(Expr::col(Challenges::UserId).eq(user.as_str()))
            .take(),
    ];
    for delete in &all {
        tx.execute(delete)?;
    }
    stale::touch(tx, user);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(factors: &[&str]) -> usize {
        count(&factors.iter().map(|factor| (*factor).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_provider_login_is_one_factor() {
        assert_eq!(counted(&["password"]), 1);
        assert_eq!(counted(&["password", "totp"]), 2);
        assert_eq!(counted(&["email", "oauth2"]), 1);
        assert_eq!(counted(&["email", "oauth2", "email"]), 2);
        assert_eq!(counted(&["email", "oauth2", BY_PROVIDER]), 2);
        assert_eq!(counted(&[]), 0);
    }
}
