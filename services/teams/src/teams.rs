//! Teams: list, get, create, update, delete.

use api::{Act, Call, Created, NoContent, Result};
use identity::memberships::RoleName;
use identity::teams::{self, OWNER, Team};
use identity::{TeamError, TeamId};
use kernel::id::CustomId;
use kernel::param::{List, Text};
use kernel::query::Texts;
use views::TeamList;

use crate::access::TeamCaller;

kernel::params! {
    /// Parameters of the list of teams.
    pub(crate) struct ListTeams {
        /// Queries on name, total, $id, $createdAt and $updatedAt.
        queries: Texts = "queries",
        /// Search text in the name or ID.
        search: Text<256> = "search" | Text::default(),
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

pub(crate) async fn list(call: Call, input: ListTeams) -> Result<TeamList> {
    let who = TeamCaller::calls(&call)?;
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
    /// Parameters of a new team.
    pub(crate) struct CreateTeam {
        /// Team ID; `unique()` generates one.
        team_id: CustomId<TeamId> = "teamId",
        /// Team name, at most 128 characters.
        name: Text<128> = "name",
        /// Roles of the creator; `owner` is always added.
        roles: List<RoleName> = "roles" | List(vec![RoleName(OWNER.to_owned())]),
    }
}

pub(crate) async fn create(call: Call, input: CreateTeam) -> Result<Created<views::Team>> {
    let who = TeamCaller::calls(&call)?;
    let id = input.team_id.or_generate(call.now());
    call.check_role_is_free(format!("team:{id}"), TeamError::IdNamed)
        .await?;
    call.act(move |act| {
        let roles = names(input.roles);
        let owner = who.user().map(|user| (user, roles));
        let team = teams::create(act, id, input.name.0, owner)?;
        emit_and_view(act, &team).map(Created)
    })
    .await
}

kernel::params! {
    /// Parameters of the operations on one team.
    pub(crate) struct GetTeam {
        /// Team ID.
        team_id: TeamId = "teamId",
    }
}

pub(crate) async fn get(call: Call, input: GetTeam) -> Result<views::Team> {
    let who = TeamCaller::calls(&call)?;
    call.read(move |tx| who.find(tx, &input.team_id).map(|team| views::team(&team)))
        .await
}

kernel::params! {
    /// Parameters of a change of name.
    pub(crate) struct UpdateName {
        /// Team ID.
        team_id: TeamId = "teamId",
        /// Team name, at most 128 characters.
        name: Text<128> = "name",
    }
}

pub(crate) async fn update(call: Call, input: UpdateName) -> Result<views::Team> {
    let who = TeamCaller::calls(&call)?;
    call.act(move |act| {
        let team = who.manage(act, &input.team_id)?;
        let team = teams::rename(act, &team, input.name.0)?;
        emit_and_view(act, &team)
    })
    .await
}

pub(crate) async fn delete(call: Call, input: GetTeam) -> Result<NoContent> {
    let who = TeamCaller::calls(&call)?;
    let console = call.project.is_console();
    call.act(move |act| {
        let team = who.manage(act, &input.team_id)?;
        if console {
            projects::project::check_unowned(act, &team.id)?;
        }
        teams::delete(act, &team)?;
        emit_and_view(act, &team)?;
        Ok::<_, api::Error>(NoContent)
    })
    .await
}

/// Emits the event of a team and returns the response model.
pub(crate) fn emit_and_view(act: &mut Act<'_, '_>, team: &Team) -> Result<views::Team> {
    let view = views::team(team);
    let payload = serde_json::to_value(&view).unwrap_or_default();
    act.record_event(&[("teamId", team.id.as_str())], payload)?;
    Ok(view)
}

/// Role names without duplicates.
pub(crate) fn names(roles: List<RoleName>) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(roles.0.len());
    for RoleName(role) in roles.0 {
        if !names.contains(&role) {
            names.push(role);
        }
    }
    names
}
