//! The projects service's table of contents.

use api::{Endpoint, PER_HOUR};
use kernel::Scope;

use crate::{
    State, attempts, auth, check, dev_keys, jwts, keys, oauth2, platforms, projects, smtp, switches, templates,
};

/// Every operation.
pub(crate) fn routes() -> Vec<Endpoint<State>> {
    let mut all = projects();
    all.extend(auth());
    all.extend(keys());
    all.extend(oauth2());
    all.extend(mail());
    all
}

#[rustfmt::skip]
fn projects() -> Vec<Endpoint<State>> {
    const READ: Scope = Scope::ProjectsRead;
    const WRITE: Scope = Scope::ProjectsWrite;
    vec![
        Endpoint::get("/v1/projects", projects::list).id("projects.list").about("The projects of the caller's organizations.").scope(READ),
        Endpoint::post("/v1/projects", projects::create).id("projects.create").about("Make a project.").scope(WRITE).audit("projects.create", "project"),
        Endpoint::get("/v1/projects/{projectId}", projects::get).id("projects.get").about("A project.").scope(READ),
        Endpoint::patch("/v1/projects/{projectId}", projects::update).id("projects.update").about("Describe a project anew.").scope(WRITE).audit("projects.update", "project"),
        Endpoint::delete("/v1/projects/{projectId}", projects::delete).id("projects.delete").about("Delete a project with everything in it.").scope(WRITE).audit("projects.delete", "project"),
        Endpoint::patch("/v1/projects/{projectId}/team", projects::update_team).id("projects.updateTeam").about("Hand a project to another organization.").scope(WRITE).audit("projects.update", "project"),
        Endpoint::put("/v1/projects/{projectId}/labels", projects::update_labels).id("projects.updateLabels").about("Replace a project's labels.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/service", switches::service).id("projects.updateServiceStatus").about("Switch a service for clients.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/service/all", switches::all_services).id("projects.updateServiceStatusAll").about("Switch every service for clients.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/api", switches::api).id("projects.updateAPIStatus").about("Switch an API for clients.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/api/all", switches::all_apis).id("projects.updateAPIStatusAll").about("Switch every API for clients.").scope(WRITE),
        Endpoint::get("/v1/projects/{projectId}/platforms", platforms::list).id("projects.listPlatforms").about("The apps that may call.").scope(Scope::PlatformsRead),
        Endpoint::post("/v1/projects/{projectId}/platforms", platforms::create).id("projects.createPlatform").about("Let an app call.").scope(Scope::PlatformsWrite).audit("platforms.create", "project"),
        Endpoint::get("/v1/projects/{projectId}/platforms/{platformId}", platforms::get).id("projects.getPlatform").about("An app that may call.").scope(Scope::PlatformsRead),
        Endpoint::put("/v1/projects/{projectId}/platforms/{platformId}", platforms::update).id("projects.updatePlatform").about("Change an app that may call.").scope(Scope::PlatformsWrite),
        Endpoint::delete("/v1/projects/{projectId}/platforms/{platformId}", platforms::delete).id("projects.deletePlatform").about("Let an app call no more.").scope(Scope::PlatformsWrite).audit("platforms.delete", "project"),
    ]
}

#[rustfmt::skip]
fn auth() -> Vec<Endpoint<State>> {
    const WRITE: Scope = Scope::ProjectsWrite;
    vec![
        Endpoint::patch("/v1/projects/{projectId}/auth/limit", auth::user_limit).id("projects.updateAuthLimit").about("Limit the number of users.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/duration", auth::duration).id("projects.updateAuthDuration").about("Set how long sessions last.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/max-sessions", auth::session_limit).id("projects.updateAuthSessionsLimit").about("Limit the sessions of one user.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/password-history", auth::password_history).id("projects.updateAuthPasswordHistory").about("Refuse old passwords.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/password-dictionary", auth::password_dictionary).id("projects.updateAuthPasswordDictionary").about("Refuse common passwords.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/personal-data", auth::personal_data).id("projects.updatePersonalDataCheck").about("Refuse passwords that name their user.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/session-alerts", auth::session_alerts).id("projects.updateSessionAlerts").about("Tell users of new sessions.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/session-invalidation", auth::session_invalidation).id("projects.updateSessionInvalidation").about("End other sessions when a password changes.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/memberships-privacy", auth::memberships_privacy).id("projects.updateMembershipsPrivacy").about("Set what members see of each other.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/mock-numbers", auth::mock_numbers).id("projects.updateMockNumbers").about("Give phone numbers fixed codes.").scope(WRITE),
        Endpoint::patch("/v1/projects/{projectId}/auth/{method}", auth::method).id("projects.updateAuthStatus").about("Switch a way to sign in.").scope(WRITE),
    ]
}

#[rustfmt::skip]
fn keys() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/projects/{projectId}/keys", keys::list).id("projects.listKeys").about("Keys of servers.").scope(Scope::KeysRead),
        Endpoint::post("/v1/projects/{projectId}/keys", keys::create).id("projects.createKey").about("Make a server's key.").scope(Scope::KeysWrite),
        Endpoint::get("/v1/projects/{projectId}/keys/{keyId}", keys::get).id("projects.getKey").about("A server's key.").scope(Scope::KeysRead),
        Endpoint::put("/v1/projects/{projectId}/keys/{keyId}", keys::update).id("projects.updateKey").about("Change a server's key.").scope(Scope::KeysWrite),
        Endpoint::delete("/v1/projects/{projectId}/keys/{keyId}", keys::delete).id("projects.deleteKey").about("Revoke a server's key.").scope(Scope::KeysWrite),
        Endpoint::get("/v1/projects/{projectId}/dev-keys", dev_keys::list).id("projects.listDevKeys").about("Keys of developers.").scope(Scope::ProjectsRead),
        Endpoint::post("/v1/projects/{projectId}/dev-keys", dev_keys::create).id("projects.createDevKey").about("Make a developer's key.").scope(Scope::ProjectsWrite),
        Endpoint::get("/v1/projects/{projectId}/dev-keys/{keyId}", dev_keys::get).id("projects.getDevKey").about("A developer's key.").scope(Scope::ProjectsRead),
        Endpoint::put("/v1/projects/{projectId}/dev-keys/{keyId}", dev_keys::update).id("projects.updateDevKey").about("Change a developer's key.").scope(Scope::ProjectsWrite),
        Endpoint::delete("/v1/projects/{projectId}/dev-keys/{keyId}", dev_keys::delete).id("projects.deleteDevKey").about("Revoke a developer's key.").scope(Scope::ProjectsWrite),
        Endpoint::post("/v1/projects/{projectId}/jwts", jwts::create).id("projects.createJWT").about("Make a key for a short while.").scope(Scope::ProjectsWrite),
    ]
}

#[rustfmt::skip]
fn oauth2() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::patch("/v1/projects/{projectId}/oauth2", oauth2::update).id("projects.updateOAuth2").about("Configure an OAuth2 provider.").scope(Scope::ProjectsWrite),
        Endpoint::get("/v1/projects/{projectId}/oauth2/attempts", attempts::list).id("projects.listOAuth2Attempts").about("OAuth2 sign-ins of the last seven days.").scope(Scope::ProjectsRead),
        Endpoint::get("/v1/projects/{projectId}/oauth2/attempts/{attemptId}", attempts::get).id("projects.getOAuth2Attempt").about("What happened in an OAuth2 sign-in.").scope(Scope::ProjectsRead),
        Endpoint::post("/v1/projects/{projectId}/oauth2/{provider}/check", check::check).id("projects.checkOAuth2").about("Examine the set-up of an OAuth2 provider.")
            .scope(Scope::ProjectsWrite).limit(60, PER_HOUR, "url:{url},userId:{userId}"),
    ]
}

#[rustfmt::skip]
fn mail() -> Vec<Endpoint<State>> {
    const WRITE: Scope = Scope::ProjectsWrite;
    const MAIL: &str = "/v1/projects/{projectId}/templates/email/{type}/{locale}";
    const SMS: &str = "/v1/projects/{projectId}/templates/sms/{type}/{locale}";
    vec![
        Endpoint::patch("/v1/projects/{projectId}/smtp", smtp::update).id("projects.updateSMTP").about("Send a project's mails by a server of its own.").scope(WRITE),
        Endpoint::post("/v1/projects/{projectId}/smtp/tests", smtp::test).id("projects.createSMTPTest").about("Send a mail that tries a mail server out.").scope(WRITE),
        Endpoint::get(MAIL, templates::get_mail).id("projects.getEmailTemplate").about("The words of a mail.").scope(WRITE),
        Endpoint::patch(MAIL, templates::update_mail).id("projects.updateEmailTemplate").about("Give a mail other words.").scope(WRITE),
        Endpoint::delete(MAIL, templates::delete_mail).id("projects.deleteEmailTemplate").about("Give a mail our words again.").scope(WRITE),
        Endpoint::get(SMS, templates::get_sms).id("projects.getSMSTemplate").about("The words of an SMS.").scope(WRITE),
        Endpoint::patch(SMS, templates::update_sms).id("projects.updateSMSTemplate").about("Give an SMS other words.").scope(WRITE),
        Endpoint::delete(SMS, templates::delete_sms).id("projects.deleteSMSTemplate").about("Give an SMS our words again.").scope(WRITE),
    ]
}
