//! Rows of memberships: queries and inserts.

use db::sea_query::{Expr, ExprTrait, Order, SelectStatement};
use db::{Json, Locked, Tx};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{MembershipError, UserError};
use crate::ids::{MembershipId, TeamId, UserId};
use crate::team::{OWNER, Team};
use crate::{Result, stale};

db::table! {
    /// A user's membership in a team.
    pub struct Membership in memberships as Memberships {
        /// Its ID.
        pub id: MembershipId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// The team.
        pub team_id: TeamId => TeamId,
        /// The member.
        pub user_id: UserId => UserId,
        /// Roles of the member.
        pub roles: Json<Vec<String>> => Roles,
        /// Time of the invitation.
        pub invited: Timestamp => Invited,
        /// Time of joining.
        pub joined: Option<Timestamp> => Joined,
        /// Whether the user accepted.
        pub confirm: bool => Confirm,
        /// SHA-256 of the invitation's secret, in hexadecimal; null for members without an invitation.
        pub secret: Option<String> => Secret,
        /// The address or number that the secret was sent to.
        pub sent_to: Option<String> => SentTo,
        /// What the inviting client said of the user; null for members without an invitation.
        pub invitee: Option<Json<Invitee>> => Invitee,
    }
}

/// What a client that invites somebody said of them. Until the invitation is accepted, clients see nothing else of the
/// user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Invitee {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Phone number.
    pub phone: String,
}

impl Membership {
    /// Whether the member has the owner role, which allows managing the team once confirmed.
    pub fn is_owner(&self) -> bool {
        self.roles.0.iter().any(|role| role == OWNER)
    }
}

/// A user's confirmed memberships.
pub fn of_user(tx: &mut Tx<'_>, user: &UserId) -> Result<Vec<Membership>> {
    let query = Membership::select()
        .and_where(Expr::col(Memberships::UserId).eq(user.as_str()))
        .and_where(Expr::col(Memberships::Confirm).eq(true))
        .take();
    Ok(tx.all(&query)?)
}

/// The memberships of a team, oldest first.
pub fn of_team(tx: &mut Tx<'_>, team: &TeamId) -> Result<Vec<Membership>> {
    let query = Membership::select()
        .and_where(Expr::col(Memberships::TeamId).eq(team.as_str()))
        .order_by(Memberships::Id, Order::Asc)
        .take();
    Ok(tx.all(&query)?)
}

/// A user's membership in a team.
pub fn of_user_in(tx: &mut Tx<'_>, team: &TeamId, user: &UserId) -> Result<Option<Membership>> {
    Ok(tx.optional(&by_user(team, user))?)
}

pub(crate) fn by_user(team: &TeamId, user: &UserId) -> SelectStatement {
    Membership::select()
        .and_where(Expr::col(Memberships::TeamId).eq(team.as_str()))
        .and_where(Expr::col(Memberships::UserId).eq(user.as_str()))
        .take()
}

impl Membership {
    /// An unconfirmed membership; its secret and address are not set yet.
    pub(crate) fn invited(team: &Team, user: &UserId, roles: Vec<String>, now: Timestamp) -> Self {
        Self {
            id: MembershipId::generate(now),
            created_at: now,
            updated_at: now,
            team_id: team.id.clone(),
            user_id: user.clone(),
            roles: Json(roles),
            invited: now,
            joined: None,
            confirm: false,
            secret: None,
            sent_to: None,
            invitee: None,
        }
    }
}

/// Adds a user as a confirmed member, as for the creator of a team. The caller updates the team's total.
pub(crate) fn insert_confirmed(tx: &mut Tx<'_>, team: &Team, user: &UserId, roles: Vec<String>) -> Result<Membership> {
    let mut membership = Membership::invited(team, user, roles, tx.now());
    membership.joined = Some(membership.invited);
    membership.confirm = true;
    Ok(insert(tx, membership)?.into_inner())
}

pub(crate) fn insert(tx: &mut Tx<'_>, membership: Membership) -> Result<Locked<Membership>> {
    stale::touch(tx, &membership.user_id);
    match tx.insert_row(membership) {
        // A concurrent act added the user first.
        Err(error) if error.is_unique("memberships_member") => Err(MembershipError::Confirmed.into()),
        // The user or the team was deleted meanwhile.
        Err(db::Error::Reference(_)) => Err(UserError::NotFound.into()),
        other => Ok(other?),
    }
}
