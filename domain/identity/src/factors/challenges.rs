//! Challenges: requests for a second factor in one session. Only that session can answer, within an hour and with at
//! most five attempts.

use std::time::Duration;

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Query};
use kernel::Timestamp;
use secrets::Vault;

use super::factor::{self, Factor};
use super::{authenticators, recovery_codes};
use crate::Result;
use crate::ids::{ChallengeId, SessionId, UserId};

db::table! {
    /// An open challenge.
    pub struct Challenge in challenges as Challenges {
        /// Its ID.
        pub id: ChallengeId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// The challenged user.
        pub user_id: UserId => UserId,
        /// The session that requested the challenge.
        pub session_id: SessionId => SessionId,
        /// Requested factor.
        pub factor: Factor => Factor,
        /// The digest of the code that was sent; empty for factors without a sent code.
        pub secret: String => Secret,
        /// Expiry time.
        pub expire: Timestamp => Expire,
        /// Number of wrong answers.
        pub attempts: i64 => Attempts,
    }
}

/// Lifetime of a challenge.
const LIFE: Duration = Duration::from_secs(3600);
/// Wrong answers after which a challenge is void.
const MAX_ATTEMPTS: i64 = 5;

/// Creates a challenge. `code` is the code that was sent to the user, for factors with a sent code.
pub fn create(
    tx: &mut Tx<'_>,
    user: &UserId,
    session: &SessionId,
    factor: Factor,
    code: Option<&str>,
) -> Result<Challenge> {
    let now = tx.now();
    let past = Query::delete()
        .from_table(Challenges::Table)
        .and_where(Expr::col(Challenges::Expire).lt(db::value(&now)))
        .take();
    tx.execute(&past)?;
    let id = ChallengeId::generate(now);
    let challenge = Challenge {
        created_at: now,
        user_id: user.clone(),
        session_id: session.clone(),
        factor,
        secret: code.map(|code| digest(&id, code)).unwrap_or_default(),
        expire: now.plus(LIFE),
        attempts: 0,
        id,
    };
    tx.execute(&challenge.insert())?;
    Ok(challenge)
}

/// Answers a challenge of a session. Returns the proven factor; none if the answer is wrong or the challenge void. A
/// wrong answer is counted, so the act must be committed, not rolled back.
pub fn answer(
    tx: &mut Tx<'_>,
    user: &UserId,
    session: &SessionId,
    id: &ChallengeId,
    given: &str,
    vault: &Vault,
) -> Result<Option<Factor>> {
    factor::lock(tx, user)?;
    let by_id = Expr::col(Challenges::Id).eq(id.as_str());
    let query = Challenge::select()
        .and_where(by_id.clone())
        .and_where(Expr::col(Challenges::UserId).eq(user.as_str()))
        .and_where(Expr::col(Challenges::SessionId).eq(session.as_str()))
        .take();
    let now = tx.now();
    let is_live = |challenge: &Challenge| challenge.expire >= now && challenge.attempts < MAX_ATTEMPTS;
    let Some(challenge) = tx.optional::<Challenge>(&query)?.filter(is_live) else {
        return Ok(None);
    };
    let right = match challenge.factor {
        Factor::Totp => authenticators::prove(tx, user, given, vault)?,
        Factor::RecoveryCode => recovery_codes::take(tx, user, given, vault)?,
        Factor::Email | Factor::Phone => secrets::same(&challenge.secret, &digest(id, given.trim())),
    };
    if right {
        tx.execute(&Query::delete().from_table(Challenges::Table).and_where(by_id).take())?;
        return Ok(Some(challenge.factor));
    }
    let miss = Query::update()
        .table(Challenges::Table)
        .value(Challenges::Attempts, Expr::col(Challenges::Attempts).add(1))
        .and_where(by_id)
        .take();
    tx.execute(&miss)?;
    Ok(None)
}

/// Digest of a code. It includes the challenge's ID, so that equal codes of two challenges have different digests.
fn digest(id: &ChallengeId, code: &str) -> String {
    secrets::digest(&format!("{id} {code}"))
}
