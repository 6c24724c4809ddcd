//! The endpoints.

use api::{Endpoint, PER_HOUR};
use kernel::Scope;
use projects_api::{labels, project};

use crate::target::State;
use crate::{attempts, auth, check, dev_keys, jwts, keys, oauth2, platforms, projects, smtp, switches, templates};

/// All endpoints.
pub(crate) fn routes() -> Vec<Endpoint<State>> {
    let mut all = projects();
    all.extend(auth());
    all.extend(keys());
    all.extend(oauth2());
    all.extend(mail());
    all
}
fn projects() -> Vec<Endpoint<State>> {
    const READ: Scope = Scope::ProjectsRead;
    const WRITE: Scope = Scope::ProjectsWrite;
    vec![
        Endpoint::get("/v1/projects", projects::list)
            .id("projects.list")
            .about("List the projects of the caller's organizations.")
            .scope(READ),
        Endpoint::post("/v1/projects", projects::create)
            .id("projects.create")
            .about("Create a project.")
            .scope(WRITE)
            .audit("projects.create", "project"),
        Endpoint::get("/v1/projects/{projectId}", project::get)
            .id("projects.get")
            .about("Get a project.")
            .scope(READ),
        Endpoint::patch("/v1/projects/{projectId}", projects::update)
            .id("projects.update")
            .about("Update a project.")
            .scope(WRITE)
            .audit("projects.update", "project"),
        Endpoint::delete("/v1/projects/{projectId}", projects::delete)
            .id("projects.delete")
            .about("Delete a project and its data.")
            .scope(WRITE)
            .audit("projects.delete", "project"),
        Endpoint::patch("/v1/projects/{projectId}/team", projects::update_team)
            .id("projects.updateTeam")
            .about("Transfer a project to another organization.")
            .scope(WRITE)
            .audit("projects.update", "project"),
        Endpoint::put("/v1/projects/{projectId}/labels", labels::update)
            .id("projects.updateLabels")
            .about("Replace a project's labels.")
            .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/service", switches::service)
            .id("projects.updateServiceStatus")
            .about("Switch a service on or off for clients.")
            .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/service/all", switches::all_services)
            .id("projects.updateServiceStatusAll")
            .about("Switch all services on or off for clients.")
            .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/api", switches::api)
            .id("projects.updateAPIStatus")
            .about("Switch an API on or off for clients.")
            .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/api/all", switches::all_apis)
            .id("projects.updateAPIStatusAll")
            .about("Switch all APIs on or off for clients.")
            .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/development", switches::development)
            .id("projects.updateDevelopment")
            .about("Switch development on or off: redirects to localhost and Expo without a platform.")
            .scope(WRITE)
            .audit("projects.update", "project"),
        Endpoint::get("/v1/projects/{projectId}/platforms", platforms::list)
            .id("projects.listPlatforms")
            .about("List platforms.")
            .scope(Scope::PlatformsRead),
        Endpoint::post("/v1/projects/{projectId}/platforms", platforms::create)
            .id("projects.createPlatform")
            .about("Create a platform.")
            .scope(Scope::PlatformsWrite)
            .audit("platforms.create", "project"),
        Endpoint::get("/v1/projects/{projectId}/platforms/{platformId}", platforms::get)
            .id("projects.getPlatform")
            .about("Get a platform.")
            .scope(Scope::PlatformsRead),
        Endpoint::put("/v1/projects/{projectId}/platforms/{platformId}", platforms::update)
            .id("projects.updatePlatform")
            .about("Update a platform.")
            .scope(Scope::PlatformsWrite),
        Endpoint::delete("/v1/projects/{projectId}/platforms/{platformId}", platforms::delete)
            .id("projects.deletePlatform")
            .about("Delete a platform.")
            .scope(Scope::PlatformsWrite)
            .audit("platforms.delete", "project"),
    ]
}
fn auth() -> Vec<Endpoint<State>> {
    const WRITE: Scope = Scope::ProjectsWrite;
    vec![
        Endpoint::patch("/v1/projects/{projectId}/auth/limit", auth::user_limit)
            .id("projects.updateAuthLimit")
            .about("Limit the number of users.")
            .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/duration", auth::duration)
            .id("projects.updateAuthDuration")
            .about("Set how long sessions last.")
            .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/max-sessions", auth::session_limit)
            .id("projects.updateAuthSessionsLimit")
            .about("Limit the sessions of one user.")
            .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/password-history", auth::password_history)
            .id("projects.updateAuthPasswordHistory")
            .about("Refuse a user's earlier passwords.")
            .scope(WRITE),
        Endpoint::patch(
            "/v1/projects/{projectId}/auth/password-dictionary",
            auth::password_dictionary,
        )
        .id("projects.updateAuthPasswordDictionary")
        .about("Refuse common passwords.")
        .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/personal-data", auth::personal_data)
            .id("projects.updatePersonalDataCheck")
            .about("Refuse passwords that contain personal data of the user.")
            .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/session-alerts", auth::session_alerts)
            .id("projects.updateSessionAlerts")
            .about("Switch session alerts on or off.")
            .scope(WRITE),
        Endpoint::patch(
            "/v1/projects/{projectId}/auth/session-invalidation",
            auth::session_invalidation,
        )
        .id("projects.updateSessionInvalidation")
        .about("End other sessions when a password changes.")
        .scope(WRITE),
        Endpoint::patch(
            "/v1/projects/{projectId}/auth/memberships-privacy",
            auth::memberships_privacy,
        )
        .id("projects.updateMembershipsPrivacy")
        .about("Set which fields of each other members of a team see.")
        .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/mock-numbers", auth::mock_numbers)
            .id("projects.updateMockNumbers")
            .about("Set the phone numbers with fixed codes.")
            .scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/{method}", auth::method)
            .id("projects.updateAuthStatus")
            .about("Switch a sign-in method on or off.")
            .scope(WRITE),
    ]
}
fn keys() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/projects/{projectId}/keys", keys::list)
            .id("projects.listKeys")
            .about("List keys.")
            .scope(Scope::KeysRead),
        Endpoint::post("/v1/projects/{projectId}/keys", keys::create)
            .id("projects.createKey")
            .about("Create a key.")
            .scope(Scope::KeysWrite),
        Endpoint::get("/v1/projects/{projectId}/keys/{keyId}", keys::get)
            .id("projects.getKey")
            .about("Get a key.")
            .scope(Scope::KeysRead),
        Endpoint::put("/v1/projects/{projectId}/keys/{keyId}", keys::update)
            .id("projects.updateKey")
            .about("Update a key.")
            .scope(Scope::KeysWrite),
        Endpoint::delete("/v1/projects/{projectId}/keys/{keyId}", keys::delete)
            .id("projects.deleteKey")
            .about("Delete a key.")
            .scope(Scope::KeysWrite),
        Endpoint::get("/v1/projects/{projectId}/dev-keys", dev_keys::list)
            .id("projects.listDevKeys")
            .about("List development keys.")
            .scope(Scope::ProjectsRead),
        Endpoint::post("/v1/projects/{projectId}/dev-keys", dev_keys::create)
            .id("projects.createDevKey")
            .about("Create a development key.")
            .scope(Scope::ProjectsWrite),
        Endpoint::get("/v1/projects/{projectId}/dev-keys/{keyId}", dev_keys::get)
            .id("projects.getDevKey")
            .about("Get a development key.")
            .scope(Scope::ProjectsRead),
        Endpoint::put("/v1/projects/{projectId}/dev-keys/{keyId}", dev_keys::update)
            .id("projects.updateDevKey")
            .about("Update a development key.")
            .scope(Scope::ProjectsWrite),
        Endpoint::delete("/v1/projects/{projectId}/dev-keys/{keyId}", dev_keys::delete)
            .id("projects.deleteDevKey")
            .about("Delete a development key.")
            .scope(Scope::ProjectsWrite),
        Endpoint::post("/v1/projects/{projectId}/jwts", jwts::create)
            .id("projects.createJWT")
            .about("Create a key that expires within an hour.")
            .scope(Scope::ProjectsWrite),
    ]
}
fn oauth2() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::patch("/v1/projects/{projectId}/oauth2", oauth2::update)
            .id("projects.updateOAuth2")
            .about("Configure an OAuth2 provider.")
            .scope(Scope::ProjectsWrite),
        Endpoint::get("/v1/projects/{projectId}/oauth2/attempts", attempts::list)
            .id("projects.listOAuth2Attempts")
            .about("List the OAuth2 sign-ins of the last seven days.")
            .scope(Scope::ProjectsRead),
        Endpoint::get("/v1/projects/{projectId}/oauth2/attempts/{attemptId}", attempts::get)
            .id("projects.getOAuth2Attempt")
            .about("Get the trace of an OAuth2 sign-in.")
            .scope(Scope::ProjectsRead),
        Endpoint::post("/v1/projects/{projectId}/oauth2/{provider}/check", check::check)
            .id("projects.checkOAuth2")
            .about("Check the configuration of an OAuth2 provider.")
            .scope(Scope::ProjectsWrite)
            .limit(60, PER_HOUR, "url:{url},userId:{userId}"),
    ]
}
fn mail() -> Vec<Endpoint<State>> {
    const WRITE: Scope = Scope::ProjectsWrite;
    const MAIL: &str = "/v1/projects/{projectId}/templates/email/{type}/{locale}";
    const SMS: &str = "/v1/projects/{projectId}/templates/sms/{type}/{locale}";
    vec![
        Endpoint::patch("/v1/projects/{projectId}/smtp", smtp::update)
            .id("projects.updateSMTP")
            .about("Configure a project's SMTP server.")
            .scope(WRITE),
        Endpoint::post("/v1/projects/{projectId}/smtp/tests", smtp::test)
            .id("projects.createSMTPTest")
            .about("Send a test e-mail through an SMTP server.")
            .scope(WRITE),
        Endpoint::get(MAIL, templates::get_mail)
            .id("projects.getEmailTemplate")
            .about("Get an e-mail template.")
            .scope(WRITE),
        Endpoint::patch(MAIL, templates::update_mail)
            .id("projects.updateEmailTemplate")
            .about("Update an e-mail template.")
            .scope(WRITE),
        Endpoint::delete(MAIL, templates::delete_mail)
            .id("projects.deleteEmailTemplate")
            .about("Reset an e-mail template to its default.")
            .scope(WRITE),
        Endpoint::get(SMS, templates::get_sms)
            .id("projects.getSMSTemplate")
            .about("Get an SMS template.")
            .scope(WRITE),
        Endpoint::patch(SMS, templates::update_sms)
            .id("projects.updateSMSTemplate")
            .about("Update an SMS template.")
            .scope(WRITE),
        Endpoint::delete(SMS, templates::delete_sms)
            .id("projects.deleteSMSTemplate")
            .about("Reset an SMS template to its default.")
            .scope(WRITE),
    ]
}
