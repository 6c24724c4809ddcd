//! A project: its row, and all that requests need of it.

use db::list::{Page, Queryable};
use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Tx};
use identity::TeamId;
use kernel::Timestamp;
use kernel::query::Queries;

use crate::error::Error;
use crate::ids::ProjectId;
use crate::keys::{DevKey, Key};
use crate::oauth::Configured;
use crate::platforms::Platform;
pub use crate::record::{CONSOLE, Projects, Record, TOPIC, find, touch};
use crate::record::{by_id, lock_of};
use crate::settings::Settings;
use crate::{Result, keys, oauth, platforms, removals};

/// A project with its platforms, keys and providers, as requests need it.
#[derive(Debug, Clone)]
pub struct Project {
    /// The row; constructed for the console.
    pub record: Record,
    /// Platforms.
    pub platforms: Vec<Platform>,
    /// API keys.
    pub keys: Vec<Key>,
    /// Development keys.
    pub dev_keys: Vec<DevKey>,
    /// Configurations of OAuth2 providers.
    pub providers: Vec<Configured>,
}

impl Project {
    /// Reads a project with its platforms, keys and providers from the console's database.
    pub fn read(tx: &mut Tx<'_>, id: &ProjectId) -> Result<Self> {
        Ok(Self {
            record: find(tx, id)?,
            platforms: platforms::of_project(tx, id)?,
            keys: keys::of_project(tx, id)?,
            dev_keys: keys::dev_of_project(tx, id)?,
            providers: oauth::of_project(tx, id)?,
        })
    }

    /// The console, which is a project without a row.
    pub fn console(settings: Settings, started: Timestamp) -> Self {
        let record = Record {
            id: ProjectId::trusted(CONSOLE),
            created_at: started,
            updated_at: started,
            name: "Console".to_owned(),
            description: String::new(),
            team_id: TeamId::trusted(CONSOLE),
            logo: String::new(),
            url: String::new(),
            legal_name: String::new(),
            legal_country: String::new(),
            legal_state: String::new(),
            legal_city: String::new(),
            legal_address: String::new(),
            legal_tax_id: String::new(),
            labels: Json(Vec::new()),
            settings: Json(settings),
            ping_count: 0,
            pinged_at: None,
        };
        Self {
            record,
            platforms: Vec::new(),
            keys: Vec::new(),
            dev_keys: Vec::new(),
            providers: Vec::new(),
        }
    }

    /// Its ID.
    pub fn id(&self) -> &ProjectId {
        &self.record.id
    }

    /// Whether it is the console.
    pub fn is_console(&self) -> bool {
        self.record.id.as_str() == CONSOLE
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.record.settings.0
    }

    /// The rules for its users.
    pub fn policy(&self) -> &identity::Policy {
        &self.record.settings.0.policy
    }

    /// A provider's configuration.
    pub fn provider(&self, id: &str) -> Option<&Configured> {
        self.providers.iter().find(|configured| configured.provider == id)
    }
}

/// Refuses an ID that is in use, or whose former project's database is still being removed.
pub fn check_free(tx: &mut Tx<'_>, id: &ProjectId) -> Result<()> {
    if removals::is_pending(tx, id)? {
        return Err(Error::ProjectExists);
    }
    match find(tx, id) {
        Err(Error::ProjectNotFound) => Ok(()),
        Ok(_) => Err(Error::ProjectExists),
        Err(error) => Err(error),
    }
}

/// Refuses if an organization still owns projects: they must be deleted or transferred before the organization is
/// deleted.
pub fn check_unowned(tx: &mut Tx<'_>, team: &TeamId) -> Result<()> {
    tx.lock(&lock_of_organization(team))?;
    let owned = Query::select()
        .column(Projects::Id)
        .from(Projects::Table)
        .and_where(Expr::col(Projects::TeamId).eq(team.as_str()))
        .limit(1)
        .take();
    match tx.optional::<ProjectId>(&owned)? {
        Some(_) => Err(Error::OrganizationNotEmpty),
        None => Ok(()),
    }
}

fn lock_of_organization(team: &TeamId) -> String {
    format!("organization {team}")
}

/// Locks an organization, and checks that it exists: a concurrent deletion must not leave a project without an owner.
fn hold_organization(tx: &mut Tx<'_>, team: &TeamId) -> Result<()> {
    tx.lock(&lock_of_organization(team))?;
    identity::teams::find(tx, team)?;
    Ok(())
}

/// Inserts a new project's row. Its database must exist already.
pub fn insert(tx: &mut Tx<'_>, record: &Record) -> Result<()> {
    tx.lock(&lock_of(&record.id))?;
    check_free(tx, &record.id)?;
    hold_organization(tx, &record.team_id)?;
    match tx.execute(&record.insert()) {
        Err(error) if error.is_unique("projects_pkey") => Err(Error::ProjectExists),
        Err(error) => Err(error.into()),
        Ok(_) => {
            touch(tx, &record.id);
            Ok(())
        }
    }
}

/// Changes a project's row: locks it, applies `change`, and writes the changed columns.
pub fn update(tx: &mut Tx<'_>, id: &ProjectId, change: impl FnOnce(&mut Record)) -> Result<()> {
    tx.lock(&lock_of(id))?;
    let mut record = tx.lock_row::<Record>(&by_id(id))?.ok_or(Error::ProjectNotFound)?;
    change(&mut record);
    record.updated_at = tx.now();
    tx.save(&mut record)?;
    touch(tx, id);
    Ok(())
}

/// Transfers a project to another organization.
pub fn hand_over(tx: &mut Tx<'_>, id: &ProjectId, team: &TeamId) -> Result<()> {
    hold_organization(tx, team)?;
    update(tx, id, |record| record.team_id = team.clone())
}

/// Deletes a project's row with its platforms, keys and providers. Its database is removed later: [`removals::finish`].
pub fn delete(tx: &mut Tx<'_>, id: &ProjectId) -> Result<()> {
    tx.lock(&lock_of(id))?;
    let gone = tx.execute(
        &Query::delete()
            .from_table(Projects::Table)
            .and_where(Expr::col(Projects::Id).eq(id.as_str()))
            .take(),
    )?;
    touch(tx, id);
    if gone == 1 {
        removals::begin(tx, id)
    } else {
        Err(Error::ProjectNotFound)
    }
}

/// Lists the projects of several teams.
pub fn list(tx: &mut Tx<'_>, teams: &[TeamId], queries: &Queries) -> Result<Page<Record>> {
    let queryable = Queryable::new(Projects::Id)
        .datetime("$createdAt", Projects::CreatedAt)
        .datetime("$updatedAt", Projects::UpdatedAt)
        .text("name", Projects::Name)
        .text("teamId", Projects::TeamId)
        .searched([Projects::Id, Projects::Name]);
    let of_teams = Record::select()
        .and_where(Expr::col(Projects::TeamId).is_in(teams.iter().map(TeamId::as_str)))
        .take();
    Ok(db::list::list(tx, &of_teams, &queryable, queries)?)
}
