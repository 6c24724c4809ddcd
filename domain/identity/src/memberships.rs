//! Memberships: users in teams, with roles. An unconfirmed membership grants no role.

use db::list::Queryable;
use db::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use db::{Json, Locked, Tx};
use kernel::param::{Param, Rule};

use crate::error::MembershipError;
use crate::ids::{MembershipId, TeamId, UserId};
pub use crate::membership::{Invitee, Membership, Memberships, of_team, of_user, of_user_in};
use crate::membership::{by_user, insert, insert_confirmed};
use crate::team::{self, OWNER};
use crate::teams::Managed;
use crate::{Result, stale};

/// Name of a role in a team; it follows the rules of IDs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleName(pub String);

impl Param for RoleName {
    fn parse(value: &serde_json::Value) -> std::result::Result<Self, Rule> {
        value
            .as_str()
            .filter(|text| kernel::id::is_valid(text))
            .map(|text| Self(text.to_owned()))
            .ok_or(kernel::id::RULE)
    }

    fn schema() -> serde_json::Value {
        serde_json::json!({"type": "string", "maxLength": kernel::id::MAX_LEN})
    }
}

/// Invites a user with a secret that is sent to an address. An open invitation is replaced. `invitee` is what the caller
/// said of the user.
pub fn invite(
    tx: &mut Tx<'_>,
    team: &Managed,
    user: &UserId,
    roles: Vec<String>,
    (secret, sent_to): (&str, &str),
    invitee: Invitee,
) -> Result<Membership> {
    let now = tx.now();
    let mut membership = match tx.lock_row::<Membership>(&by_user(&team.id, user))? {
        Some(membership) if membership.confirm => return Err(MembershipError::Confirmed.into()),
        Some(invited) => invited,
        None => insert(tx, Membership::invited(team, user, Vec::new(), now))?,
    };
    membership.roles = Json(roles);
    membership.invited = now;
    membership.secret = Some(secrets::digest(secret));
    membership.sent_to = Some(sent_to.to_owned());
    membership.invitee = Some(Json(invitee));
    save(tx, &mut membership)?;
    Ok(membership.into_inner())
}

/// Moves the open invitations that were sent to an address to the user who proved that it is theirs.
pub(crate) fn move_invitations(tx: &mut Tx<'_>, from: &UserId, to: &UserId, sent_to: &str) -> Result<()> {
    let open = Membership::select()
        .and_where(Expr::col(Memberships::UserId).eq(from.as_str()))
        .and_where(Expr::col(Memberships::Confirm).eq(false))
        .and_where(Expr::col(Memberships::SentTo).eq(sent_to))
        .order_by(Memberships::TeamId, Order::Asc)
        .take();
    for membership in tx.all::<Membership>(&open)? {
        if let Some(mut held) = tx.lock_row::<Membership>(&by_id(&membership.id))? {
            held.user_id = to.clone();
            save(tx, &mut held)?;
        }
    }
    stale::touch(tx, from);
    Ok(())
}

/// Finds an invitation by its secret, read-only. A logged-in caller must be the invited user.
pub fn find_invitation(
    tx: &mut Tx<'_>,
    team: &TeamId,
    id: &MembershipId,
    user: &UserId,
    caller: Option<&UserId>,
    secret: &str,
) -> Result<Membership> {
    let membership = find(tx, team, id)?;
    check_invitation(&membership, user, caller, secret)?;
    Ok(membership)
}

fn check_invitation(membership: &Membership, user: &UserId, caller: Option<&UserId>, secret: &str) -> Result<()> {
    let digest = secrets::digest(secret);
    let own = membership.secret.as_deref();
    if !own.is_some_and(|own| secrets::same(own, &digest)) {
        return Err(MembershipError::InvitationInvalid.into());
    }
    if membership.user_id != *user || caller.is_some_and(|caller| caller != user) {
        return Err(MembershipError::InvitationOfAnother.into());
    }
    if membership.confirm {
        return Err(MembershipError::Confirmed.into());
    }
    Ok(())
}

/// Accepts an invitation with its secret. A logged-in caller must be the invited user.
pub fn accept(
    tx: &mut Tx<'_>,
    team: &TeamId,
    id: &MembershipId,
    user: &UserId,
    caller: Option<&UserId>,
    secret: &str,
) -> Result<Membership> {
    let mut membership = lock(tx, team, id)?;
    check_invitation(&membership, user, caller, secret)?;
    confirm(tx, &mut membership)?;
    Ok(membership.into_inner())
}

/// Confirms a membership, once, and adds the member to the team's total.
fn confirm(tx: &mut Tx<'_>, membership: &mut Locked<Membership>) -> Result<()> {
    if membership.confirm {
        return Err(MembershipError::Confirmed.into());
    }
    membership.joined = Some(tx.now());
    membership.confirm = true;
    save(tx, membership)?;
    team::add_to_total(tx, &membership.team_id, 1)
}

/// Adds a user as a confirmed member without invitation; an open invitation is confirmed.
pub fn add(tx: &mut Tx<'_>, team: &Managed, user: &UserId, roles: Vec<String>) -> Result<Membership> {
    if let Some(mut invited) = tx.lock_row::<Membership>(&by_user(&team.id, user))? {
        invited.roles = Json(roles);
        confirm(tx, &mut invited)?;
        return Ok(invited.into_inner());
    }
    let membership = insert_confirmed(tx, team, user, roles)?;
    team::add_to_total(tx, &team.id, 1)?;
    Ok(membership)
}

/// Replaces a member's roles. `keeps_owner`: the last owner must keep that role, as in the console's organizations.
pub fn set_roles(
    tx: &mut Tx<'_>,
    team: &Managed,
    id: &MembershipId,
    roles: Vec<String>,
    keeps_owner: bool,
) -> Result<Membership> {
    let mut membership = lock(tx, &team.id, id)?;
    let resigns = membership.is_owner() && !roles.iter().any(|role| role == OWNER);
    if keeps_owner && resigns && is_last_owner(tx, &membership)? {
        return Err(MembershipError::LastOwnerDowngrade.into());
    }
    membership.roles = Json(roles);
    save(tx, &mut membership)?;
    Ok(membership.into_inner())
}

/// Removes a member from a team. `keeps_owner` as in [`set_roles`].
pub fn remove(tx: &mut Tx<'_>, membership: &Membership, keeps_owner: bool) -> Result<()> {
    if keeps_owner && membership.is_owner() && is_last_owner(tx, membership)? {
        return Err(MembershipError::LastOwner.into());
    }
    // Of two concurrent removals one fails; and the row may have been confirmed since it was read.
    let held = tx.lock_row::<Membership>(&by_id(&membership.id))?;
    let held = held.ok_or(MembershipError::NotFound)?;
    delete(tx, &held)
}

/// Deletes a locked membership, and subtracts it from its team's total.
fn delete(tx: &mut Tx<'_>, membership: &Locked<Membership>) -> Result<()> {
    let delete = Query::delete()
        .from_table(Memberships::Table)
        .and_where(Expr::col(Memberships::Id).eq(membership.id.as_str()))
        .take();
    tx.execute(&delete)?;
    if membership.confirm {
        team::add_to_total(tx, &membership.team_id, -1)?;
    }
    stale::touch(tx, &membership.user_id);
    Ok(())
}

/// Finds a membership of a team.
pub fn find(tx: &mut Tx<'_>, team: &TeamId, id: &MembershipId) -> Result<Membership> {
    let membership: Option<Membership> = tx.optional(&by_id(id))?;
    let membership = membership.ok_or(MembershipError::NotFound)?;
    if membership.team_id == *team {
        Ok(membership)
    } else {
        Err(MembershipError::Mismatch.into())
    }
}

/// Finds a membership of a team and locks its row until the transaction ends.
fn lock(tx: &mut Tx<'_>, team: &TeamId, id: &MembershipId) -> Result<Locked<Membership>> {
    let membership = tx
        .lock_row::<Membership>(&by_id(id))?
        .ok_or(MembershipError::NotFound)?;
    if membership.team_id == *team {
        Ok(membership)
    } else {
        Err(MembershipError::Mismatch.into())
    }
}

fn by_id(id: &MembershipId) -> SelectStatement {
    Membership::select()
        .and_where(Expr::col(Memberships::Id).eq(id.as_str()))
        .take()
}

fn is_last_owner(tx: &mut Tx<'_>, membership: &Membership) -> Result<bool> {
    // Serializes removals of owners: two owners who leave at the same time must not both count the other as remaining.
    tx.lock(&format!("owners {}", membership.team_id))?;
    let others = of_team(tx, &membership.team_id)?;
    let another = |other: &Membership| other.id != membership.id && other.confirm && other.is_owner();
    Ok(!others.iter().any(another))
}

fn save(tx: &mut Tx<'_>, membership: &mut Locked<Membership>) -> Result<()> {
    membership.updated_at = tx.now();
    tx.save(membership)?;
    stale::touch(tx, &membership.user_id);
    Ok(())
}

/// Attributes by which memberships can be queried.
pub fn queryable() -> Queryable {
    Queryable::new(Memberships::Id)
        .datetime("$createdAt", Memberships::CreatedAt)
        .datetime("$updatedAt", Memberships::UpdatedAt)
        .text("userId", Memberships::UserId)
        .text("teamId", Memberships::TeamId)
        .datetime("invited", Memberships::Invited)
        .datetime("joined", Memberships::Joined)
        .optional()
        .boolean("confirm", Memberships::Confirm)
        .texts("roles", Memberships::Roles)
        .searched([Memberships::Id, Memberships::UserId, Memberships::TeamId])
}

/// Removes a user from all teams, and updates their totals.
pub fn leave_all(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    let all: Vec<Membership> = tx.all(
        &Membership::select()
            .and_where(Expr::col(Memberships::UserId).eq(user.as_str()))
            // Ordered by team ID, so that two users who leave the same teams at the same time cannot deadlock.
            .order_by(Memberships::TeamId, Order::Asc)
            .take(),
    )?;
    for membership in &all {
        // A membership that was removed meanwhile is already subtracted from the total.
        if let Some(held) = tx.lock_row::<Membership>(&by_id(&membership.id))? {
            delete(tx, &held)?;
        }
    }
    stale::touch(tx, user);
    Ok(())
}
