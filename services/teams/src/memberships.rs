//! Memberships: who belongs to a team, and as what.

use std::collections::HashMap;

use api::{Act, Call, Created, NoContent, Result};
use db::list::Page;
use db::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use db::{Dialect, Tx};
use identity::memberships::{self, Membership, Memberships, RoleName};
use identity::teams::Team;
use identity::users::{self, NewUser, User, Users};
use identity::{MembershipId, Policy, TeamId, UserId, identities};
use kernel::param::{List, Text};
use kernel::query::Texts;
use kernel::{Email, Fault, Kind, Phone};
use views::{Member, MembershipList};

use crate::access::Who;
use crate::teams::names;

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("At least one of userId, email, or phone is required")]
    Nobody,
    #[error("SMTP is disabled on this server: only a server with an API key can add members.")]
    NoMail,
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Nobody => Kind::Invalid("general_argument_invalid"),
            Self::NoMail => Kind::Unavailable("general_smtp_disabled"),
        }
    }
}

/// What of its members a caller is shown.
#[derive(Clone)]
struct Sight(Option<Policy>);

impl Sight {
    fn of(call: &Call, who: &Who) -> Self {
        Self(who.user().map(|_| call.project.policy().clone()))
    }

    fn member(&self, user: Option<&User>) -> Member {
        let member = user.map(Member::of).unwrap_or_default();
        match &self.0 {
            Some(policy) => member.hidden_by(policy),
            None => member,
        }
    }

    /// The columns of a member that a search may look into: those that are shown.
    fn searched(&self) -> Vec<Users> {
        let shows = |shown: fn(&Policy) -> bool| self.0.as_ref().is_none_or(shown);
        let mut columns = Vec::new();
        if shows(|policy| policy.members_see_ids) {
            columns.push(Users::Id);
        }
        if shows(|policy| policy.members_see_names) {
            columns.push(Users::Name);
        }
        if shows(|policy| policy.members_see_emails) {
            columns.push(Users::Email);
        }
        if shows(|policy| policy.members_see_phones) {
            columns.push(Users::Phone);
        }
        columns
    }
}

kernel::params! {
    /// Which memberships.
    pub(crate) struct Listing {
        /// The team.
        team_id: TeamId = "teamId",
        /// Queries on userId, teamId, invited, joined, confirm, roles, $id, $createdAt and $updatedAt.
        queries: Texts = "queries",
        /// Words that the member's name, e-mail address or id contains.
        search: Text<256> = "search" | Text::default(),
        /// Whether to count.
        total: bool = "total" | true,
    }
}

pub(crate) async fn list(call: Call, input: Listing) -> Result<MembershipList> {
    let who = Who::calls(&call)?;
    let sight = Sight::of(&call, &who);
    let queries = input.queries.read("", input.total)?;
    call.read(move |tx| {
        let team = who.find(tx, &input.team_id)?;
        let mut base = Membership::select();
        base.and_where(Expr::col(Memberships::TeamId).eq(team.id.as_str()));
        for word in input.search.0.split_whitespace() {
            let members = members_named(tx.dialect(), &sight, word);
            base.and_where(Expr::col(Memberships::UserId).in_subquery(members));
        }
        let page: Page<Membership> = db::list::list(tx, &base, &memberships::queryable(), &queries)?;
        let members = users::find_all(tx, page.rows.iter().map(|row| row.user_id.clone()))?;
        let members: HashMap<&UserId, &User> = members.iter().map(|user| (&user.id, user)).collect();
        let page = page.map(|row| {
            let member = sight.member(members.get(&row.user_id).copied());
            views::membership(&row, &team.name, member)
        });
        api::Result::Ok(MembershipList {
            total: page.total,
            memberships: page.rows,
        })
    })
    .await
}

fn members_named(dialect: Dialect, sight: &Sight, word: &str) -> SelectStatement {
    let columns = sight.searched().into_iter();
    let found = columns.fold(Condition::any().add(Expr::value(false)), |any, column| {
        let place = db::list::Match::Anywhere;
        any.add(db::list::matches(dialect, Expr::col(column), place, word))
    });
    Query::select()
        .column(Users::Id)
        .from(Users::Table)
        .cond_where(found)
        .take()
}

kernel::params! {
    /// Whom to take in, as what.
    pub(crate) struct Invitation {
        /// The team.
        team_id: TeamId = "teamId",
        /// The e-mail address of the user, who need not be there yet.
        email: Option<Email> = "email",
        /// The id of a user.
        user_id: Option<UserId> = "userId",
        /// The phone number of the user, who need not be there yet.
        phone: Option<Phone> = "phone",
        /// What the member is to be in the team.
        roles: List<RoleName> = "roles",
        /// The page of the app that the invitation leads to.
        url: Text<2048> = "url" | Text::default(),
        /// The name of a user who is not there yet.
        name: Text<128> = "name" | Text::default(),
    }
}

pub(crate) async fn create(call: Call, input: Invitation) -> Result<Created<views::Membership>> {
    let who = Who::calls(&call)?;
    let sight = Sight::of(&call, &who);
    if input.email.is_none() && input.user_id.is_none() && input.phone.is_none() {
        return Err(Error::Nobody.into());
    }
    let (policy, console) = (call.project.policy().clone(), call.project.is_console());
    call.act(move |act| {
        let team = who.manage(act, &input.team_id)?;
        if who.user().is_some() {
            return Err(Error::NoMail.into());
        }
        let user = find_or_create(act, &input, &policy, console)?;
        let membership = memberships::add(act, &team, &user.id, names(input.roles))?;
        answer(act, &team, &membership, sight.member(Some(&user))).map(Created)
    })
    .await
}

/// The user who is meant: by id, whose address and number must then fit; else by address, by number; else a new one.
fn find_or_create(tx: &mut Tx<'_>, input: &Invitation, policy: &Policy, console: bool) -> Result<User> {
    let (email, phone) = (input.email.as_ref(), input.phone.as_ref());
    if let Some(id) = &input.user_id {
        let user = users::find(tx, id)?;
        let same_email = email.is_none_or(|email| user.email.as_deref() == Some(email.as_str()));
        let same_phone = phone.is_none_or(|phone| user.phone.as_deref() == Some(phone.as_str()));
        return if same_email && same_phone {
            Ok(user)
        } else {
            Err(identity::Error::UserExists.into())
        };
    }
    if let Some(email) = email
        && let Some(user) = users::find_by_email(tx, email)?
    {
        return Ok(user);
    }
    if let (None, Some(phone)) = (email, phone)
        && let Some(user) = users::find_by_phone(tx, phone)?
    {
        return Ok(user);
    }
    users::check_limit(tx, policy, console)?;
    if let Some(email) = email
        && identities::email_is_anothers(tx, email, None)?
    {
        return Err(identity::Error::EmailExists.into());
    }
    let new = NewUser {
        name: input.name.0.clone(),
        email: email.cloned(),
        phone: phone.filter(|_| email.is_none()).cloned(),
        ..NewUser::default()
    };
    let id = UserId::generate(tx.now());
    Ok(users::create(tx, id, new)?)
}

kernel::params! {
    /// A membership.
    pub(crate) struct Which {
        /// The team.
        team_id: TeamId = "teamId",
        /// The membership.
        membership_id: MembershipId = "membershipId",
    }
}

pub(crate) async fn get(call: Call, input: Which) -> Result<views::Membership> {
    let who = Who::calls(&call)?;
    let sight = Sight::of(&call, &who);
    call.read(move |tx| {
        let team = who.find(tx, &input.team_id)?;
        let membership = memberships::find(tx, &team.id, &input.membership_id).map_err(as_missing)?;
        let user = users::find(tx, &membership.user_id)?;
        api::Result::Ok(views::membership(&membership, &team.name, sight.member(Some(&user))))
    })
    .await
}

/// A reader learns nothing of other teams' memberships.
fn as_missing(error: identity::Error) -> identity::Error {
    match error {
        identity::Error::MembershipMismatch => identity::Error::MembershipNotFound,
        other => other,
    }
}

kernel::params! {
    /// Other roles.
    pub(crate) struct NewRoles {
        /// The team.
        team_id: TeamId = "teamId",
        /// The membership.
        membership_id: MembershipId = "membershipId",
        /// What the member is to be in the team.
        roles: List<RoleName> = "roles",
    }
}

pub(crate) async fn update(call: Call, input: NewRoles) -> Result<views::Membership> {
    let who = Who::calls(&call)?;
    let sight = Sight::of(&call, &who);
    let console = call.project.is_console();
    call.act(move |act| {
        let team = who.manage(act, &input.team_id)?;
        let roles = names(input.roles);
        let membership =
            memberships::set_roles(act, &team, &input.membership_id, roles, console).map_err(as_missing)?;
        let user = users::find(act, &membership.user_id)?;
        answer(act, &team, &membership, sight.member(Some(&user)))
    })
    .await
}

pub(crate) async fn delete(call: Call, input: Which) -> Result<NoContent> {
    let who = Who::calls(&call)?;
    let sight = Sight::of(&call, &who);
    let console = call.project.is_console();
    call.act(move |act| {
        let team = identity::teams::find(act, &input.team_id)?;
        let membership = memberships::find(act, &team.id, &input.membership_id);
        // Members may leave, and refuse what they were invited to; the rest is for owners.
        let own = |membership: &Membership| who.user() == Some(&membership.user_id);
        if !membership.as_ref().is_ok_and(own) {
            who.manage(act, &input.team_id)?;
        }
        let membership = membership.map_err(|error| match error {
            identity::Error::MembershipNotFound => identity::Error::InviteNotFound,
            other => other,
        })?;
        memberships::remove(act, &membership, console)?;
        let user = users::find(act, &membership.user_id)?;
        answer(act, &team, &membership, sight.member(Some(&user)))?;
        Ok::<_, api::Error>(NoContent)
    })
    .await
}

/// Tells what happened to a membership, and shows it.
fn answer(act: &mut Act<'_, '_>, team: &Team, membership: &Membership, member: Member) -> Result<views::Membership> {
    let view = views::membership(membership, &team.name, member);
    let payload = serde_json::to_value(&view).unwrap_or_default();
    let subjects = [("teamId", team.id.as_str()), ("membershipId", membership.id.as_str())];
    act.happened(&subjects, payload)?;
    Ok(view)
}
