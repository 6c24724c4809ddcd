//! The guard: the checks before a handler runs, in Appwrite's order. Every endpoint refuses by default.

use std::time::Duration;

use identity::sessions::Session;
use identity::{FactorError, Person, SessionError, UserError, factors};
use kernel::{Scope, Scopes, Timestamp};
use projects::{Api, Project};

use crate::app::App;
use crate::caller::{Caller, Identified};
use crate::declaration::Declaration;
use crate::error::{Refusal, Result};
use crate::request::Request;

/// Refuses a request from an origin that no platform declares. Reads (GET, HEAD) are not refused: the browser withholds
/// the reply from the page (CORS).
pub(crate) fn check_origin(
    app: &App,
    project: &Project,
    endpoint: &Declaration,
    request: &Request,
    dev_key: bool,
) -> Result<()> {
    let reads = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    if reads || dev_key || endpoint.any_origin || request.header("x-appwrite-key").is_some() {
        return Ok(());
    }
    match request.origin() {
        Some(origin) if !project.allows_origin(origin, &app.own_hosts()) => {
            let host = url::Url::parse(origin)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned));
            Err(Refusal::UnknownOrigin(host.unwrap_or_else(|| "unknown".to_owned())).into())
        }
        _ => Ok(()),
    }
}

/// Refuses endpoints of projects on the console project, which is also the project of a request that names none.
pub(crate) fn check_project(project: &Project, is_named: bool, endpoint: &Declaration) -> Result<()> {
    match (project.is_console() && endpoint.in_projects_only, is_named) {
        (false, _) => Ok(()),
        (true, true) => Err(Refusal::ConsoleProject.into()),
        (true, false) => Err(Refusal::MissingProject.into()),
    }
}

/// Endpoints for people who are not signed in: signing in and up, and public facts.
const FOR_ANYBODY: [Scope; 4] = [
    Scope::SessionsWrite,
    Scope::LocaleRead,
    Scope::AvatarsRead,
    Scope::Public,
];

/// Treats a blocked user as a guest where anybody may call, so that the cookie of a blocked user does not lock the browser
/// for other people. A JWT is presented on purpose, and stays refused.
pub(crate) fn dismiss_blocked(endpoint: &Declaration, identified: &mut Identified) {
    let is_blocked = matches!(
        &identified.caller,
        Caller::User { person, by_jwt: false, .. } if !person.user.status
    );
    if is_blocked && endpoint.scopes.iter().any(|scope| FOR_ANYBODY.contains(scope)) {
        identified.caller = Caller::Guest;
        identified.scopes = Scopes::guest();
    }
}

/// Checks everything but the rate limit.
pub(crate) fn check(
    project: &Project,
    endpoint: &Declaration,
    identified: &Identified,
    request: &Request,
) -> Result<()> {
    let caller = &identified.caller;
    let settings = project.settings();
    let switched_off = endpoint.switch.is_some_and(|switch| !settings.has_service(switch));
    if switched_off && !caller.is_privileged() {
        return Err(Refusal::ServiceDisabled.into());
    }
    check_scope(endpoint, identified)?;
    if let Caller::User { person, .. } | Caller::Admin { person, .. } = caller {
        check_person(person, caller, endpoint, request)?;
    }
    if !settings.has_api(Api::Rest) && !caller.is_privileged() {
        return Err(Refusal::ApiDisabled.into());
    }
    let method_off = endpoint
        .auth_method
        .is_some_and(|method| !project.policy().allows(method));
    if method_off && !caller.is_privileged() {
        return Err(Refusal::MethodDisabled.into());
    }
    if endpoint.for_guests && matches!(caller, Caller::User { .. }) {
        return Err(SessionError::Exists.into());
    }
    Ok(())
}

fn check_scope(endpoint: &Declaration, identified: &Identified) -> Result<()> {
    let is_meant = !endpoint.for_servers || identified.caller.is_privileged();
    if is_meant && identified.scopes.has_any(&endpoint.scopes) {
        return Ok(());
    }
    let who = match &identified.caller {
        Caller::User { person, .. } | Caller::Admin { person, .. } => person.user.email.clone(),
        _ => None,
    };
    let scopes: Vec<_> = endpoint.scopes.iter().map(|scope| scope.as_str()).collect();
    Err(Refusal::MissingScope {
        who: who.unwrap_or_else(|| "User".to_owned()),
        role: identified.caller.role(),
        scopes: serde_json::to_string(&scopes).unwrap_or_default(),
    }
    .into())
}

fn check_person(person: &Person, caller: &Caller, endpoint: &Declaration, request: &Request) -> Result<()> {
    if !person.user.status && !endpoint.for_blocked {
        return Err(UserError::Blocked.into());
    }
    let session = caller.session().and_then(|id| person.session(id, request.now));
    if let Some(session) = session
        && !endpoint.before_mfa
        && factors::count(&session.factors.0) < factors::required(person)
    {
        return Err(Refusal::MoreFactors.into());
    }
    if endpoint.mfa_protected && !session.is_some_and(|session| is_recent(session, request.now)) {
        return Err(FactorError::ChallengeRequired.into());
    }
    Ok(())
}

/// How long an answered MFA challenge counts for protected endpoints.
const RECENT: Duration = Duration::from_secs(1800);

fn is_recent(session: &Session, now: Timestamp) -> bool {
    session.mfa_updated_at.is_some_and(|proven| proven.plus(RECENT) >= now)
}
