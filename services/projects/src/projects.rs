//! Projects: list, create, get, update, transfer, delete.

use api::{Call, Created, NoContent, Result};
use identity::{TeamId, teams};
use kernel::param::{HttpUrl, Text};
use kernel::query::Texts;
use projects::{Error, Record, project, removals};
use projects_api::Wire;
use projects_api::project::{change, record_event, show};

use crate::model;
use crate::project_id::NewProjectId;
use crate::target::{State, Target};

kernel::choices! {
    /// Region of a project; a server has one.
    pub(crate) enum Region {
        /// The region of this server.
        Default = "default",
    }
}

kernel::params! {
    /// Parameters of the list of projects.
    pub(crate) struct ListProjects {
        /// Queries on `name`, `teamId`, `$id`, `$createdAt` and `$updatedAt`.
        queries: Texts = "queries",
        /// Search text in the ID or name.
        search: Text<256> = "search" | Text::default(),
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// Parameters of a new project.
    pub(crate) struct CreateProject {
        /// Its ID, or `unique()`.
        project_id: NewProjectId = "projectId",
        /// Its name.
        name: Text<128, 1> = "name",
        /// Organization that will own the project.
        team_id: TeamId = "teamId",
        /// Region of the project.
        _region: Region = "region" | Region::Default,
        /// Description.
        description: Text<256> = "description" | Text::default(),
        /// File ID of the logo.
        logo: Text<1024> = "logo" | Text::default(),
        /// URL of the website.
        url: Option<HttpUrl> = "url",
        /// The company's name.
        legal_name: Text<256> = "legalName" | Text::default(),
        /// The company's country.
        legal_country: Text<256> = "legalCountry" | Text::default(),
        /// The company's state.
        legal_state: Text<256> = "legalState" | Text::default(),
        /// The company's city.
        legal_city: Text<256> = "legalCity" | Text::default(),
        /// The company's address.
        legal_address: Text<256> = "legalAddress" | Text::default(),
        /// The company's tax ID.
        legal_tax_id: Text<256> = "legalTaxId" | Text::default(),
    }
}

kernel::params! {
    /// Parameters of a changed project. Omitted fields become empty, as in Appwrite.
    pub(crate) struct UpdateProject {
        /// Its name.
        name: Text<128, 1> = "name",
        /// Description.
        description: Text<256> = "description" | Text::default(),
        /// File ID of the logo.
        logo: Text<1024> = "logo" | Text::default(),
        /// URL of the website.
        url: Option<HttpUrl> = "url",
        /// The company's name.
        legal_name: Text<256> = "legalName" | Text::default(),
        /// The company's country.
        legal_country: Text<256> = "legalCountry" | Text::default(),
        /// The company's state.
        legal_state: Text<256> = "legalState" | Text::default(),
        /// The company's city.
        legal_city: Text<256> = "legalCity" | Text::default(),
        /// The company's address.
        legal_address: Text<256> = "legalAddress" | Text::default(),
        /// The company's tax ID.
        legal_tax_id: Text<256> = "legalTaxId" | Text::default(),
    }
}

kernel::params! {
    /// Parameters of a transfer to another organization.
    pub(crate) struct UpdateTeam {
        /// Organization that will own the project.
        team_id: TeamId = "teamId",
    }
}

/// Lists the projects of the organizations in which the caller has a role that gives access to projects.
pub(crate) async fn list(call: Call<State>, input: ListProjects) -> Result<model::ProjectList> {
    let queries = input.queries.read(&input.search.0, input.total)?;
    check_console(&call)?;
    let memberships = call.person()?.memberships.iter();
    let teams: Vec<TeamId> = memberships
        .map(|own| own.team_id.clone())
        .filter(|team| call.administers(team))
        .collect();
    let page = call.read(move |tx| project::list(tx, &teams, &queries)).await?;
    let mut projects = Vec::with_capacity(page.rows.len());
    for record in page.rows {
        match call.app.projects.get(record.id.as_str()).await {
            Ok(project) => projects.push(Target::show(&call, &project)),
            // Deleted after the page was read.
            Err(Error::ProjectNotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let total = page.total;
    Ok(model::ProjectList { total, projects })
}

/// Creates a project with its own, empty database.
pub(crate) async fn create(call: Call<State>, input: CreateProject) -> Result<Created<model::Project>> {
    check_console(&call)?;
    let user = call.person()?.user.id.clone();
    let now = call.now();
    let id = input.project_id.clone().or_generate(now);
    if id.as_str() == projects::CONSOLE {
        return Err(Error::ProjectReserved.into());
    }
    let (free, team) = (id.clone(), input.team_id.clone());
    let checker = user.clone();
    call.read(move |tx| {
        teams::find_for(tx, &team, &checker)?;
        project::check_free(tx, &free)
    })
    .await?;
    // The database comes first: once its row exists, a project can be used.
    call.app.engine.create(id.as_str()).await?;
    let record = Record {
        id: id.clone(),
        created_at: now,
        updated_at: now,
        team_id: input.team_id,
        name: input.name.0,
        description: input.description.0,
        logo: input.logo.0,
        url: text(input.url),
        legal_name: input.legal_name.0,
        legal_country: input.legal_country.0,
        legal_state: input.legal_state.0,
        legal_city: input.legal_city.0,
        legal_address: input.legal_address.0,
        legal_tax_id: input.legal_tax_id.0,
        labels: db::Json(Vec::new()),
        settings: db::Json(projects::Settings::for_new_project(call.app.settings.dev)),
        ping_count: 0,
        pinged_at: None,
    };
    let written = call
        .act_in_console(move |act| {
            teams::find_for(act, &record.team_id, &user)?;
            project::insert(act, &record)?;
            record_event(act, &record.id)
        })
        .await;
    if let Err(error) = written {
        if let Err(left) = removals::discard(&call.app.engine, call.app.projects.database(), &id).await {
            tracing::error!(project = %id, error = %left, "the database of a project that was not made was left behind");
        }
        return Err(error);
    }
    show(&call, &id).await.map(Created)
}

/// Changes a project.
pub(crate) async fn update(call: Call<State>, input: UpdateProject) -> Result<model::Project> {
    change(&call, move |record| {
        record.name = input.name.0;
        record.description = input.description.0;
        record.logo = input.logo.0;
        record.url = text(input.url);
        record.legal_name = input.legal_name.0;
        record.legal_country = input.legal_country.0;
        record.legal_state = input.legal_state.0;
        record.legal_city = input.legal_city.0;
        record.legal_address = input.legal_address.0;
        record.legal_tax_id = input.legal_tax_id.0;
    })
    .await
}

/// Transfers a project to another organization. The caller must be an owner of both.
pub(crate) async fn update_team(call: Call<State>, input: UpdateTeam) -> Result<model::Project> {
    let target = call.target()?;
    let (id, user) = (target.id().clone(), call.person()?.user.id.clone());
    let project = id.clone();
    call.act_in_console(move |act| {
        let new = teams::find_for(act, &input.team_id, &user)?.managed_by(act, &user)?;
        let old = project::find(act, &project)?.team_id;
        teams::find_for(act, &old, &user)?.managed_by(act, &user)?;
        project::hand_over(act, &project, &new.id)?;
        record_event(act, &project)
    })
    .await?;
    show(&call, &id).await
}

/// Deletes a project with everything in it.
pub(crate) async fn delete(call: Call<State>, (): ()) -> Result<NoContent> {
    let id = call.target()?.id().clone();
    let project = id.clone();
    call.act_in_console(move |act| {
        project::delete(act, &project)?;
        record_event(act, &project)
    })
    .await?;
    // The row is deleted durably. If removal of the database fails, the next start repeats it.
    if let Err(error) = removals::finish(&call.app.engine, call.app.projects.database(), &id).await {
        tracing::error!(project = %id, %error, "the database of a deleted project was not removed yet");
    }
    Ok(NoContent)
}

/// Refuses requests to other projects than the console, whatever the caller may do there.
fn check_console(call: &Call<State>) -> Result<()> {
    if call.project.is_console() {
        Ok(())
    } else {
        Err(api::Refusal::RouteNotFound.into())
    }
}

fn text(url: Option<HttpUrl>) -> String {
    url.map(|url| url.0).unwrap_or_default()
}
