//! Factors: what a user proves besides how they signed in, and how much of it a session needs.
//!
//! A session begins with the factors of its sign-in, and each challenge that is answered in it adds one. Who asks for a
//! second factor, and has one that works, gets nowhere with one.

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

/// The factor that a provider's own word of several factors counts as.
const BY_PROVIDER: &str = "mfa";

/// The factors of an OAuth2 sign-in: `multi` where the provider asked for several, and its word is taken.
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

/// Number of factors that a session needs: two if the user requires it and has a proven second one.
pub fn required(person: &Person) -> usize {
    let user = &person.user;
    let has_second = user.email_verification || user.phone_verification || person.totp;
    if user.mfa && has_second { 2 } else { 1 }
}

/// How many factors a session has. What a provider vouches for is one, though it stands there in two words.
pub fn count(factors: &[String]) -> usize {
    let has = |name: &str| factors.iter().any(|factor| factor == name);
    factors.len() - usize::from(has("oauth2") && has("email"))
}

/// Adds a factor that was proven in a session, once. The sign-in's own are others: who signed in by a code from their mail
/// and then answers a challenge by mail has proven something twice.
pub fn add(session: &mut Session, factor: Factor) {
    let of_sign_in = of_sign_in(session);
    let factors = &mut session.factors.0;
    if !factors.iter().skip(of_sign_in).any(|own| own == factor.as_str()) {
        factors.push(factor.as_str().to_owned());
    }
}

/// Counts what was proven besides the sign-in in a session also in the one that takes its place.
pub fn carry(from: &Session, to: &mut Session) {
    let proven = from.factors.0.iter().skip(of_sign_in(from));
    for factor in proven.filter_map(|factor| Factor::parse(factor)) {
        add(to, factor);
    }
    to.mfa_updated_at = from.mfa_updated_at;
}

/// Number of leading factors of a session that are those of its sign-in.
fn of_sign_in(session: &Session) -> usize {
    let by_oauth = session.factors.0.iter().any(|factor| factor == "oauth2");
    if by_oauth { 2 } else { 1 }
}

/// Takes all second factors of a user away, and what was asked of them.
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
    fn what_a_provider_vouches_for_is_one_factor() {
        assert_eq!(counted(&["password"]), 1);
        assert_eq!(counted(&["password", "totp"]), 2);
        assert_eq!(counted(&["email", "oauth2"]), 1);
        assert_eq!(counted(&["email", "oauth2", "email"]), 2);
        assert_eq!(counted(&["email", "oauth2", BY_PROVIDER]), 2);
        assert_eq!(counted(&[]), 0);
    }
}
