//! Teams themselves.

use api::{Act, Call, Created, NoContent, Result};
use identity::TeamId;
use identity::memberships::RoleName;
use identity::teams::{self, OWNER, Team};
use kernel::id::CustomId;
use kernel::param::{List, Text};
use kernel::query::Texts;
use views::TeamList;

use crate::access::Who;

kernel::params! {
    /// Which teams.
    pub(crate) struct Listing {
        /// Queries on name, total, $id, $createdAt and $updatedAt.
        queries: Texts = "queries",
        /// Words that the name or the id contains.
        search: Text<256> = "search" | Text::default(),
        /// Whether to count.
        total: bool = "total" | true,
    }
}

pub(crate) async fn list(call: Call, input: Listing) -> Result<TeamList> {
    let who = Who::calls(&call)?;
    let queries = input.queries.read(&input.search.0, input.total)?;
    call.read(move |tx| {
        let visible = teams::visible_to(who.user());
        let page = db::list::list::<Team>(tx, &visible, &teams::queryable(), &queries)?;
        let page = page.map(|team| views::team(&team));
        api::Result::Ok(TeamList {
            total: page.total,
            teams: page.rows,
        })
    })
    .await
}

kernel::params! {
    /// A new team.
    pub(crate) struct NewTeam {
        /// Its id, or `unique()`.
        team_id: CustomId<TeamId> = "teamId",
        /// Its name, at most 128 characters.
        name: Text<128> = "name",
        /// What its maker is in it, beside an owner.
        roles: List<RoleName> = "roles" | List(vec![RoleName(OWNER.to_owned())]),
    }
}

pub(crate) async fn create(call: Call, input: NewTeam) -> Result<Created<views::Team>> {
    let who = Who::calls(&call)?;
    let id = input.team_id.or_generate(call.now());
    call.act(move |act| {
        let roles = names(input.roles);
        let owner = who.user().map(|user| (user, roles));
        let team = teams::create(act, id, input.name.0, owner)?;
        answer(act, &team).map(Created)
    })
    .await
}

kernel::params! {
    /// A team.
    pub(crate) struct Which {
        /// Its id.
        team_id: TeamId = "teamId",
    }
}

pub(crate) async fn get(call: Call, input: Which) -> Result<views::Team> {
    let who = Who::calls(&call)?;
    call.read(move |tx| who.find(tx, &input.team_id).map(|team| views::team(&team)))
        .await
}

kernel::params! {
    /// A new name.
    pub(crate) struct Rename {
        /// The team.
        team_id: TeamId = "teamId",
        /// Its name, at most 128 characters.
        name: Text<128> = "name",
    }
}

pub(crate) async fn update(call: Call, input: Rename) -> Result<views::Team> {
    let who = Who::calls(&call)?;
    call.act(move |act| {
        let team = who.manage(act, &input.team_id)?;
        let team = teams::rename(act, team, input.name.0)?;
        answer(act, &team)
    })
    .await
}

pub(crate) async fn delete(call: Call, input: Which) -> Result<NoContent> {
    let who = Who::calls(&call)?;
    let console = call.project.is_console();
    call.act(move |act| {
        let team = who.manage(act, &input.team_id)?;
        if console {
            projects::project::check_unowned(act, &team.id)?;
        }
        teams::delete(act, &team)?;
        answer(act, &team)?;
        Ok::<_, api::Error>(NoContent)
    })
    .await
}

/// Tells what happened to a team, and shows it.
pub(crate) fn answer(act: &mut Act<'_, '_>, team: &Team) -> Result<views::Team> {
    let view = views::team(team);
    let payload = serde_json::to_value(&view).unwrap_or_default();
    act.happened(&[("teamId", team.id.as_str())], payload)?;
    Ok(view)
}

/// Each role once.
pub(crate) fn names(roles: List<RoleName>) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(roles.0.len());
    for RoleName(role) in roles.0 {
        if !names.contains(&role) {
            names.push(role);
        }
    }
    names
}
