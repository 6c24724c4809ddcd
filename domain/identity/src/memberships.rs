//! Memberships: who belongs to a team, and as what. Until a membership is confirmed it grants no role.

use db::sea_query::{Expr, ExprTrait, Order, Query};
use db::{Json, Tx};
use kernel::Timestamp;

use crate::ids::{MembershipId, TeamId, UserId};
use crate::teams::{self, Team};
use crate::{Result, people};

db::table! {
    /// A user's place in a team.
    pub struct Membership in memberships as Memberships {
        /// Its id.
        pub id: MembershipId => Id,
        /// When it was made.
        pub created_at: Timestamp => CreatedAt,
        /// When it was last changed.
        pub updated_at: Timestamp => UpdatedAt,
        /// The team.
        pub team_id: TeamId => TeamId,
        /// The member.
        pub user_id: UserId => UserId,
        /// What the member is in the team.
        pub roles: Json<Vec<String>> => Roles,
        /// When the user was invited.
        pub invited: Timestamp => Invited,
        /// When the user joined.
        pub joined: Option<Timestamp> => Joined,
        /// Whether the user accepted.
        pub confirm: bool => Confirm,
    }
}

/// A user's memberships that are confirmed.
pub fn of_user(tx: &mut Tx<'_>, user: &UserId) -> Result<Vec<Membership>> {
    let query = Membership::select()
        .and_where(Expr::col(Memberships::UserId).eq(user.as_str()))
        .and_where(Expr::col(Memberships::Confirm).eq(true))
        .take();
    Ok(tx.all(&query)?)
}

/// The memberships of a team, the oldest first.
pub fn of_team(tx: &mut Tx<'_>, team: &TeamId) -> Result<Vec<Membership>> {
    let query = Membership::select()
        .and_where(Expr::col(Memberships::TeamId).eq(team.as_str()))
        .order_by(Memberships::Id, Order::Asc)
        .take();
    Ok(tx.all(&query)?)
}

/// A user's membership in one team.
pub fn of_user_in(tx: &mut Tx<'_>, team: &TeamId, user: &UserId) -> Result<Option<Membership>> {
    let query = Membership::select()
        .and_where(Expr::col(Memberships::TeamId).eq(team.as_str()))
        .and_where(Expr::col(Memberships::UserId).eq(user.as_str()))
        .take();
    Ok(tx.optional(&query)?)
}

/// Makes a user a member at once, as the maker of a team is. The team's total is the caller's.
pub fn add_confirmed(tx: &mut Tx<'_>, team: &Team, user: &UserId, roles: Vec<String>) -> Result<Membership> {
    let now = tx.now();
    let membership = Membership {
        id: MembershipId::generate(now),
        created_at: now,
        updated_at: now,
        team_id: team.id.clone(),
        user_id: user.clone(),
        roles: Json(roles),
        invited: now,
        joined: Some(now),
        confirm: true,
    };
    tx.execute(&membership.insert())?;
    people::touch(tx, user);
    Ok(membership)
}

/// Takes a user out of all teams, and off their totals.
pub fn leave_all(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    for membership in of_user(tx, user)? {
        teams::add_to_total(tx, &membership.team_id, -1)?;
    }
    let delete = Query::delete()
        .from_table(Memberships::Table)
        .and_where(Expr::col(Memberships::UserId).eq(user.as_str()))
        .take();
    tx.execute(&delete)?;
    people::touch(tx, user);
    Ok(())
}
