//! Memberships: members of a team and their roles.

use std::collections::HashMap;

use api::{Call, NoContent, Result};
use db::Dialect;
use db::list::{Match, Page};
use db::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use identity::memberships::{self, Membership, Memberships, RoleName};
use identity::users::{self, User, Users};
use identity::{MembershipError, MembershipId, TeamId, UserId};
use kernel::param::{List, Text};
use kernel::query::{Texts, search_terms};
use views::MembershipList;

use crate::access::TeamCaller;
use crate::teams::names;
use crate::visibility::{MemberVisibility, emit_and_view};

kernel::params! {
    /// Parameters of the list of memberships.
    pub(crate) struct ListMemberships {
        /// Team ID.
        team_id: TeamId = "teamId",
        /// Queries on userId, teamId, invited, joined, confirm, roles, $id, $createdAt and $updatedAt.
        queries: Texts = "queries",
        /// Search text in the member's name, e-mail address, phone number or ID, or in the membership's ID.
        search: Text<256> = "search" | Text::default(),
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

pub(crate) async fn list(call: Call, input: ListMemberships) -> Result<MembershipList> {
    let who = TeamCaller::calls(&call)?;
    let visibility = MemberVisibility::of(&call, &who);
    let queries = input.queries.read("", input.total)?;
    call.read(move |tx| {
        let team = who.find(tx, &input.team_id)?;
        let mut base = Membership::select();
        base.and_where(Expr::col(Memberships::TeamId).eq(team.id.as_str()));
        for word in search_terms(&input.search.0) {
            let members = members_named(tx.dialect(), &visibility, word);
            let mut named = Condition::all().add(Expr::col(Memberships::UserId).in_subquery(members));
            if visibility.is_limited() {
                named = named.add(Expr::col(Memberships::Confirm).eq(true));
            }
            let own = db::list::matches(tx.dialect(), Expr::col(Memberships::Id), Match::Anywhere, word);
            base.cond_where(Condition::any().add(named).add(own));
        }
        let page: Page<Membership> = db::list::list(tx, &base, &memberships::queryable(), &queries)?;
        let members = users::find_all(tx, page.rows.iter().map(|row| row.user_id.clone()))?;
        let members: HashMap<&UserId, &User> = members.iter().map(|user| (&user.id, user)).collect();
        let page = page.map(|row| {
            let member = visibility.member(&row, members.get(&row.user_id).copied());
            views::membership(&row, &team.name, member)
        });
        api::Result::Ok(MembershipList {
            total: page.total,
            memberships: page.rows,
        })
    })
    .await
}

fn members_named(dialect: Dialect, visibility: &MemberVisibility, word: &str) -> SelectStatement {
    let columns = visibility.searched().into_iter();
    let found = columns.fold(Condition::any().add(Expr::value(false)), |any, column| {
        any.add(db::list::matches(dialect, Expr::col(column), Match::Anywhere, word))
    });
    Query::select()
        .column(Users::Id)
        .from(Users::Table)
        .cond_where(found)
        .take()
}

kernel::params! {
    /// Parameters of the operations on one membership.
    pub(crate) struct GetMembership {
        /// Team ID.
        team_id: TeamId = "teamId",
        /// Membership ID.
        membership_id: MembershipId = "membershipId",
    }
}

pub(crate) async fn get(call: Call, input: GetMembership) -> Result<views::Membership> {
    let who = TeamCaller::calls(&call)?;
    let visibility = MemberVisibility::of(&call, &who);
    call.read(move |tx| {
        let team = who.find(tx, &input.team_id)?;
        let membership = memberships::find(tx, &team.id, &input.membership_id).map_err(as_missing)?;
        let user = users::find(tx, &membership.user_id)?;
        api::Result::Ok(views::membership(
            &membership,
            &team.name,
            visibility.member(&membership, Some(&user)),
        ))
    })
    .await
}

/// Reports a membership of another team as not found, so that its existence is not revealed.
fn as_missing(error: identity::Error) -> identity::Error {
    match error {
        identity::Error::Membership(MembershipError::Mismatch) => MembershipError::NotFound.into(),
        other => other,
    }
}

kernel::params! {
    /// Parameters of a change of roles.
    pub(crate) struct UpdateMembership {
        /// Team ID.
        team_id: TeamId = "teamId",
        /// Membership ID.
        membership_id: MembershipId = "membershipId",
        /// Roles of the member.
        roles: List<RoleName> = "roles",
    }
}

pub(crate) async fn update(call: Call, input: UpdateMembership) -> Result<views::Membership> {
    let who = TeamCaller::calls(&call)?;
    let visibility = MemberVisibility::of(&call, &who);
    let console = call.project.is_console();
    call.act(move |act| {
        let team = who.manage(act, &input.team_id)?;
        let roles = names(input.roles);
        let membership =
            memberships::set_roles(act, &team, &input.membership_id, roles, console).map_err(as_missing)?;
        let user = users::find(act, &membership.user_id)?;
        emit_and_view(act, &team, &membership, visibility.member(&membership, Some(&user)))
    })
    .await
}

pub(crate) async fn delete(call: Call, input: GetMembership) -> Result<NoContent> {
    let who = TeamCaller::calls(&call)?;
    let visibility = MemberVisibility::of(&call, &who);
    let console = call.project.is_console();
    call.act(move |act| {
        let team = identity::teams::find(act, &input.team_id)?;
        let membership = memberships::find(act, &team.id, &input.membership_id);
        // Members can delete their own membership or invitation; owners and servers can delete all.
        let own = |membership: &Membership| who.user() == Some(&membership.user_id);
        if !membership.as_ref().is_ok_and(own) {
            who.manage(act, &input.team_id)?;
        }
        let membership = membership.map_err(|error| match error {
            identity::Error::Membership(MembershipError::NotFound) => MembershipError::InviteNotFound.into(),
            other => other,
        })?;
        memberships::remove(act, &membership, console)?;
        let user = users::find(act, &membership.user_id)?;
        emit_and_view(act, &team, &membership, visibility.member(&membership, Some(&user)))?;
        Ok::<_, api::Error>(NoContent)
    })
    .await
}
