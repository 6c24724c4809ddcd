//! Identification of the caller from the credentials of a request: key, cookie, session header, fallback cookies, JWT,
//! mode.
//!
//! An invalid session makes the caller a guest; an invalid key or JWT is refused, because it is only sent on purpose.

use std::sync::Arc;
use std::time::Duration;

use identity::sessions::Credential;
use identity::{Person, SessionId, UserId};
use kernel::{Scope, Scopes, Timestamp};
use projects::{Project, ProjectId};
use secrets::jwt::{self, TokenError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::app::App;
use crate::caller::{Caller, Identified, role_in, role_of};
use crate::cookies;
use crate::declaration::Declaration;
use crate::error::{Error, Refusal, Result};
use crate::request::Request;

/// Claims of an account JWT.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountClaims {
    /// The project that it is valid for.
    pub project_id: String,
    /// The user.
    pub user_id: String,
    /// The session, which must still exist; empty if none.
    pub session_id: String,
    /// Time of issue, in Unix seconds; set when the token is signed.
    #[serde(default)]
    pub iat: i64,
    /// Creation time of the user: a later user with the same ID is another one.
    pub user_created_at: String,
}

/// Claims of an ephemeral key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyClaims {
    /// The project that it is valid for.
    pub project_id: String,
    /// Name of the key.
    pub name: String,
    /// Scopes.
    pub scopes: Vec<String>,
}

/// Resolution of the stored time of a user's last request.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Purpose of account JWTs.
pub const ACCOUNT_JWT: &str = "account";
/// Purpose of ephemeral keys.
pub const KEY_JWT: &str = "key";

/// The organization for which a project is created: `teamId` of the body.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Organization<'i> {
    /// The body is not read yet: any organization of the caller.
    Any,
    /// The given organization; none if the body names none.
    Named(Option<&'i str>),
}

/// Whether the caller's rights depend on a parameter of the body: `teamId` names the organization of a new project.
pub(crate) fn depends_on_body(project: &Project, endpoint: &Declaration, target: Option<&Project>) -> bool {
    is_of_projects(project, endpoint) && target.is_none()
}

/// Identifies the caller. `target` is the project that the path of a console request names, `input` the parameters of
/// path and query.
pub(crate) async fn identify(
    app: &App,
    project: &Arc<Project>,
    endpoint: &Declaration,
    (target, organization): (Option<&Project>, Organization<'_>),
    request: &Request,
    input: &Map<String, Value>,
) -> Result<Identified> {
    let dev_key = has_dev_key(project, request, input);
    let identified = |caller, scopes, by_fallback| Identified {
        caller,
        scopes,
        dev_key,
        by_fallback,
    };
    if let Some(key) = request.header("x-appwrite-key") {
        // A session beside a key is ignored: the key counts, as in Appwrite 1.9.
        let (name, scopes) = read_key(app, project, key, request)?;
        return Ok(identified(Caller::Key { name }, scopes, false));
    }
    let admin_mode = input
        .get("mode")
        .and_then(Value::as_str)
        .or_else(|| request.header("x-appwrite-mode"))
        == Some("admin");
    if admin_mode && project.is_console() {
        return Err(Refusal::AdminConsole.into());
    }
    let home = if admin_mode { app.projects.console() } else { project };
    let (found, by_fallback) = find_user(app, home, request, admin_mode).await?;
    let Some((person, session, by_jwt)) = found else {
        return Ok(identified(Caller::Guest, Scopes::guest(), by_fallback));
    };
    let administered = if admin_mode { Some(&**project) } else { target };
    let role = match (administered, organization) {
        (Some(project), _) => role_in(&person, project.record.team_id.as_str()),
        // For other requests a role in an organization gives no rights: the console's users cannot be managed by its
        // members.
        (None, _) if !is_of_projects(project, endpoint) => None,
        (None, Organization::Named(team)) => team.and_then(|team| role_in(&person, team)),
        (None, Organization::Any) => person.memberships.iter().find_map(role_of),
    };
    match role {
        Some(role) if admin_mode => Ok(identified(
            Caller::Admin { person, session, role },
            Scopes::admin(),
            by_fallback,
        )),
        _ if admin_mode => Err(Refusal::Unauthorized.into()),
        // A project is reported as not found to users who are not members of its team.
        None if target.is_some() => Err(projects::Error::ProjectNotFound.into()),
        role => {
            // Members of a project's team get all scopes on that project. Members of the organization that a parameter
            // names may only create projects for it. The console's own users cannot be managed.
            let extra = match (role, target) {
                (Some(_), Some(_)) => Scopes::admin(),
                (Some(_), None) => Scopes::of([Scope::ProjectsWrite]),
                (None, _) => Scopes::default(),
            };
            Ok(identified(
                Caller::User {
                    person,
                    session,
                    by_jwt,
                },
                Scopes::user().with(extra),
                by_fallback,
            ))
        }
    }
}

fn has_dev_key(project: &Project, request: &Request, input: &Map<String, Value>) -> bool {
    if project.dev_keys.is_empty() {
        return false;
    }
    let presented = request
        .header("x-appwrite-dev-key")
        .or_else(|| input.get("devKey").and_then(Value::as_str));
    let Some(digest) = presented.map(secrets::digest) else {
        return false;
    };
    project
        .dev_keys
        .iter()
        .any(|key| secrets::same(&key.digest, &digest) && key.expire > request.now)
}

fn read_key(app: &App, project: &Project, presented: &str, request: &Request) -> Result<(String, Scopes)> {
    if let Some(token) = presented
        .strip_prefix("dynamic_")
        .or_else(|| presented.strip_prefix("ephemeral_"))
    {
        let read = jwt::verify::<KeyClaims>(app.vault.signing_key(), KEY_JWT, token, request.now);
        let claims = read.map_err(|_| Error::from(Refusal::KeyExpired))?;
        if claims.project_id != project.id().as_str() {
            return Ok((claims.name, Scopes::guest()));
        }
        let scopes = claims
            .scopes
            .iter()
            .filter_map(|scope| Scope::parse(scope))
            .filter(|scope| scope.is_for_keys());
        return Ok((claims.name, Scopes::key(scopes)));
    }
    let digest = secrets::digest(presented);
    let key = project.keys.iter().find(|key| secrets::same(&key.digest, &digest));
    let key = key.ok_or(Refusal::Unauthorized)?;
    if key.expire.is_some_and(|expire| expire <= request.now) {
        return Err(Refusal::KeyExpired.into());
    }
    Ok((key.name.clone(), Scopes::key(key.scopes.0.iter().copied())))
}

type Found = Option<(Arc<Person>, Option<SessionId>, bool)>;

async fn find_user(app: &App, project: &Project, request: &Request, admin_mode: bool) -> Result<(Found, bool)> {
    let database = app.engine.database(project.id().as_str());
    if let Some(token) = request.header("x-appwrite-jwt") {
        let claims = read_account_jwt(app, project, token, request)?;
        let id = UserId::parse(claims.user_id).ok_or(Refusal::BadJwt("The token is malformed."))?;
        let Some(person) = app.people.get(&database, &id).await? else {
            return Ok((None, false));
        };
        // Issued to whoever had the account before.
        let is_void = |taken_over: Timestamp| Timestamp::from_millis(claims.iat.saturating_mul(1000)) < taken_over;
        if person.user.taken_over_at.is_some_and(is_void) {
            return Ok((None, false));
        }
        if claims.user_created_at != person.user.created_at.to_string() {
            return Ok((None, false));
        }
        if claims.session_id.is_empty() {
            return Ok((Some((person, None, true)), false));
        }
        let session = SessionId::parse(claims.session_id).filter(|id| person.session(id, request.now).is_some());
        return Ok((session.map(|session| (person, Some(session), true)), false));
    }
    let id = project.id();
    let mut blocked = None;
    for credential in cookies::credentials(id, request, admin_mode) {
        match find_session(app, &database, &credential, request.now).await? {
            Some((person, session)) if person.user.status => return Ok((Some((person, Some(session), false)), false)),
            // Another credential may be that of a user who is not blocked.
            Some(found) => blocked = blocked.or(Some(found)),
            None => {}
        }
    }
    if let Some((person, session)) = blocked {
        return Ok((Some((person, Some(session), false)), false));
    }
    let Some(credential) = cookies::fallback_credential(id, request) else {
        return Ok((None, false));
    };
    let found = match credential {
        Some(credential) => find_session(app, &database, &credential, request.now).await?,
        None => None,
    };
    Ok((found.map(|(person, session)| (person, Some(session), false)), true))
}

/// The user and the session of a credential; none if it is not valid.
async fn find_session(
    app: &App,
    database: &db::Database,
    credential: &Credential,
    now: Timestamp,
) -> Result<Option<(Arc<Person>, SessionId)>> {
    let Some(id) = UserId::parse(credential.id.as_str()) else {
        return Ok(None);
    };
    let Some(person) = app.people.get(database, &id).await? else {
        return Ok(None);
    };
    let session = person
        .session_of_secret(&credential.secret, now)
        .map(|session| session.id.clone());
    Ok(session.map(|session| (person, session)))
}

fn read_account_jwt(app: &App, project: &Project, token: &str, request: &Request) -> Result<AccountClaims> {
    let read = jwt::verify::<AccountClaims>(app.vault.signing_key(), ACCOUNT_JWT, token, request.now);
    let claims = read.map_err(|error| {
        Refusal::BadJwt(match error {
            TokenError::Invalid => "Invalid token: incorrect signature or malformed.",
            TokenError::Expired => "Invalid token: expired.",
        })
    })?;
    if claims.project_id == project.id().as_str() {
        Ok(claims)
    } else {
        Err(Refusal::BadJwt("The token was made for another project.").into())
    }
}

/// The project that a console request addresses, from its path. (The OAuth2 callback has a project in its path too, but
/// is not a console request.)
pub(crate) async fn target(
    app: &App,
    project: &Project,
    endpoint: &Declaration,
    path: &[(String, String)],
    input: &Map<String, Value>,
) -> Result<Option<Arc<Project>>> {
    if !is_of_projects(project, endpoint) || !endpoint.path.contains("{projectId}") {
        return Ok(None);
    }
    let in_path = path
        .iter()
        .find(|(name, _)| name == "projectId")
        .map(|(_, id)| id.as_str());
    let Some(id) = in_path.or_else(|| input.get("projectId").and_then(Value::as_str)) else {
        return Ok(None);
    };
    if id == projects::CONSOLE || ProjectId::parse(id).is_none() {
        return Err(projects::Error::ProjectNotFound.into());
    }
    Ok(Some(app.projects.get(id).await?))
}

/// Whether the endpoint administers projects, the only part of the console that members of an organization may use.
fn is_of_projects(project: &Project, endpoint: &Declaration) -> bool {
    project.is_console() && endpoint.administers_projects
}

/// Stores the day of the user's last request, once per day, in the background.
pub(crate) fn remember_visit(app: &App, project: &Project, caller: &Caller, now: Timestamp) {
    let Caller::User { person, .. } = caller else { return };
    if person.user.accessed_at.is_some_and(|last| last.plus(A_DAY) > now) {
        return;
    }
    let (database, user) = (app.engine.database(project.id().as_str()), person.user.id.clone());
    tokio::spawn(async move {
        let written = database.write(move |tx| identity::users::visited(tx, &user)).await;
        if let Err(error) = written {
            tracing::debug!(%error, "a visit was not noted");
        }
    });
}
