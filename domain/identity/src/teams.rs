//! Teams: users grouped with roles. The console's organizations are teams of the console project.

use db::list::Queryable;
use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use db::{Json, Locked, Tx};
use serde_json::{Map, Value};

use crate::error::TeamError;
use crate::ids::{TeamId, UserId};
use crate::membership::{self, Memberships};
pub use crate::team::{OWNER, Team, Teams, find};
use crate::{Result, stale};

/// Finds a team and locks its row until the transaction ends.
fn lock(tx: &mut Tx<'_>, id: &TeamId) -> Result<Locked<Team>> {
    let query = Team::select().and_where(Expr::col(Teams::Id).eq(id.as_str())).take();
    tx.lock_row(&query)?.ok_or(TeamError::NotFound.into())
}

/// Finds a team of which a user is a confirmed member. For other users it is not found.
pub fn find_for(tx: &mut Tx<'_>, id: &TeamId, user: &UserId) -> Result<Team> {
    let team = find(tx, id)?;
    let membership = membership::of_user_in(tx, &team.id, user)?;
    if membership.is_some_and(|membership| membership.confirm) {
        Ok(team)
    } else {
        Err(TeamError::NotFound.into())
    }
}

/// Finds several teams by their IDs.
pub fn find_all(tx: &mut Tx<'_>, ids: impl IntoIterator<Item = TeamId>) -> Result<Vec<Team>> {
    let ids: Vec<String> = ids.into_iter().map(String::from).collect();
    Ok(tx.all(&Team::select().and_where(Expr::col(Teams::Id).is_in(ids)).take())?)
}

/// Query for the teams of which a user is a confirmed member; for all teams without a user (server).
pub fn visible_to(user: Option<&UserId>) -> SelectStatement {
    let mut teams = Team::select();
    if let Some(user) = user {
        let own = Query::select()
            .column(Memberships::TeamId)
            .from(Memberships::Table)
            .and_where(Expr::col(Memberships::UserId).eq(user.as_str()))
            .and_where(Expr::col(Memberships::Confirm).eq(true))
            .take();
        teams.and_where(Expr::col(Teams::Id).in_subquery(own));
    }
    teams
}

/// Attributes by which teams can be queried.
pub fn queryable() -> Queryable {
    Queryable::new(Teams::Id)
        .datetime("$createdAt", Teams::CreatedAt)
        .datetime("$updatedAt", Teams::UpdatedAt)
        .text("name", Teams::Name)
        .integer("total", Teams::Total)
        .searched([Teams::Id, Teams::Name])
}

/// A team that its caller may manage. It is created only by [`Team::managed_by`] and [`Team::managed_by_server`].
#[derive(Debug)]
pub struct Managed(Team);

impl std::ops::Deref for Managed {
    type Target = Team;

    fn deref(&self) -> &Team {
        &self.0
    }
}

impl Team {
    /// Checks that a user is an owner of the team.
    pub fn managed_by(self, tx: &mut Tx<'_>, user: &UserId) -> Result<Managed> {
        let membership = membership::of_user_in(tx, &self.id, user)?;
        if membership.is_some_and(|own| own.confirm && own.is_owner()) {
            Ok(Managed(self))
        } else {
            Err(TeamError::NotAnOwner.into())
        }
    }

    /// Grants management without a check, for a server key or a developer in admin mode, who may manage all teams.
    pub fn managed_by_server(self) -> Managed {
        Managed(self)
    }
}

/// Creates a team; a user who creates it becomes its owner.
pub fn create(tx: &mut Tx<'_>, id: TeamId, name: String, owner: Option<(&UserId, Vec<String>)>) -> Result<Team> {
    let now = tx.now();
    let total = i64::from(owner.is_some());
    let team = Team {
        id,
        created_at: now,
        updated_at: now,
        name,
        total,
        prefs: Json(Map::new()),
    };
    match tx.execute(&team.insert()) {
        Err(error) if error.is_unique("teams_pkey") => return Err(TeamError::Exists.into()),
        other => other?,
    };
    if let Some((user, mut roles)) = owner {
        if !roles.iter().any(|role| role == OWNER) {
            roles.push(OWNER.to_owned());
        }
        membership::insert_confirmed(tx, &team, user, roles)?;
    }
    Ok(team)
}

/// Changes the name of a team.
pub fn rename(tx: &mut Tx<'_>, team: &Managed, name: String) -> Result<Team> {
    let mut team = lock(tx, &team.id)?;
    team.name = name;
    save(tx, &mut team)?;
    Ok(team.into_inner())
}

/// Replaces the preferences of a team.
pub fn set_prefs(tx: &mut Tx<'_>, team: &Managed, prefs: Map<String, Value>) -> Result<Team> {
    let mut team = lock(tx, &team.id)?;
    team.prefs = Json(prefs);
    save(tx, &mut team)?;
    Ok(team.into_inner())
}

/// Deletes a team and its memberships.
pub fn delete(tx: &mut Tx<'_>, team: &Managed) -> Result<()> {
    for member in membership::of_team(tx, &team.id)? {
        stale::touch(tx, &member.user_id);
    }
    tx.execute(
        &Query::delete()
            .from_table(Teams::Table)
            .and_where(Expr::col(Teams::Id).eq(team.id.as_str()))
            .take(),
    )?;
    crate::tombstones::add(tx, format!("team:{}", team.id))
}

fn save(tx: &mut Tx<'_>, team: &mut Locked<Team>) -> Result<()> {
    team.updated_at = tx.now();
    tx.save(team)?;
    Ok(())
}
