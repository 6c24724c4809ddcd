//! The endpoints.

use api::Endpoint;
use kernel::Scope::{
    Global, KeysRead, KeysWrite, MocksRead, MocksWrite, OAuth2Read, OAuth2Write, PlatformsRead, PlatformsWrite,
    PoliciesRead, PoliciesWrite, ProjectPoliciesRead, ProjectPoliciesWrite, ProjectRead, ProjectWrite, TemplatesRead,
    TemplatesWrite,
};
use projects_api::{labels, project, switches};

use crate::own::State;
use crate::platforms::{android, apple, linux, web, windows};
use crate::{keys, mock_phones, oauth2, ping, platforms, policies, policy_views, smtp, templates};

/// All endpoints.
pub(crate) fn routes() -> Vec<Endpoint<State>> {
    let mut all = project();
    all.extend(keys());
    all.extend(platforms());
    all.extend(policies());
    all.extend(mail());
    all
}

fn project() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/ping", ping::ping)
            .id("ping.get")
            .about("Check that the project is reached.")
            .scope(Global)
            .limit(60, 60, "url:{url},ip:{ip}")
            .emits("projects.[projectId].ping"),
        Endpoint::get("/v1/project", project::get)
            .id("project.get")
            .about("Get the project.")
            .scope(ProjectRead),
        Endpoint::put("/v1/project/labels", labels::update)
            .id("project.updateLabels")
            .about("Replace the project's labels.")
            .scope(ProjectWrite)
            .audit("projects.update", "project"),
        Endpoint::patch("/v1/project/auth-methods/{methodId}", switches::method)
            .id("project.updateAuthMethod")
            .about("Switch a sign-in method on or off.")
            .scope(ProjectWrite)
            .audit("projects.update", "project"),
        Endpoint::patch("/v1/project/services/{serviceId}", switches::service)
            .id("project.updateService")
            .about("Switch a service on or off for clients.")
            .scope(ProjectWrite)
            .audit("projects.update", "project"),
        Endpoint::patch("/v1/project/protocols/{protocolId}", switches::protocol)
            .id("project.updateProtocol")
            .about("Switch a protocol on or off for clients.")
            .scope(ProjectWrite)
            .audit("projects.update", "project"),
        Endpoint::patch("/v1/project/development", switches::development)
            .id("project.updateDevelopment")
            .about("Switch development on or off: redirects to localhost and Expo without a platform.")
            .scope(ProjectWrite)
            .audit("projects.update", "project"),
        Endpoint::get("/v1/project/oauth2", oauth2::list)
            .id("project.listOAuth2Providers")
            .about("List the OAuth2 providers with their configuration.")
            .scope(OAuth2Read)
            .scope(ProjectRead),
        Endpoint::get("/v1/project/oauth2/{providerId}", oauth2::get)
            .id("project.getOAuth2Provider")
            .about("Get the configuration of an OAuth2 provider.")
            .scope(OAuth2Read)
            .scope(ProjectRead),
        Endpoint::patch("/v1/project/oauth2/{providerId}", oauth2::update)
            .id("project.updateOAuth2Provider")
            .about("Configure an OAuth2 provider.")
            .scope(OAuth2Write)
            .scope(ProjectWrite)
            .emits("oauth2.[providerId].update")
            .audit("projects.update", "project"),
        Endpoint::get("/v1/project/mock-phones", mock_phones::list)
            .id("project.listMockPhones")
            .about("List phone numbers with fixed codes.")
            .scope(MocksRead)
            .scope(ProjectRead),
        Endpoint::post("/v1/project/mock-phones", mock_phones::create)
            .id("project.createMockPhone")
            .about("Create a fixed code for a phone number.")
            .scope(MocksWrite)
            .scope(ProjectWrite)
            .audit("projects.update", "project"),
        Endpoint::get("/v1/project/mock-phones/{number}", mock_phones::get)
            .id("project.getMockPhone")
            .about("Get a phone number with a fixed code.")
            .scope(MocksRead)
            .scope(ProjectRead),
        Endpoint::put("/v1/project/mock-phones/{number}", mock_phones::update)
            .id("project.updateMockPhone")
            .about("Update the fixed code of a phone number.")
            .scope(MocksWrite)
            .scope(ProjectWrite)
            .audit("projects.update", "project"),
        Endpoint::delete("/v1/project/mock-phones/{number}", mock_phones::delete)
            .id("project.deleteMockPhone")
            .about("Delete a phone number with a fixed code.")
            .scope(MocksWrite)
            .scope(ProjectWrite)
            .audit("projects.update", "project"),
    ]
}
fn keys() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/project/keys", keys::list)
            .id("project.listKeys")
            .about("List the project's keys.")
            .scope(KeysRead),
        Endpoint::post("/v1/project/keys", keys::create)
            .id("project.createKey")
            .about("Create a key.")
            .scope(KeysWrite)
            .audit("keys.create", "project"),
        Endpoint::post("/v1/project/keys/ephemeral", keys::create_ephemeral)
            .id("project.createEphemeralKey")
            .about("Create a key that expires within an hour.")
            .scope(KeysWrite),
        Endpoint::get("/v1/project/keys/{keyId}", keys::get)
            .id("project.getKey")
            .about("Get a key.")
            .scope(KeysRead),
        Endpoint::put("/v1/project/keys/{keyId}", keys::update)
            .id("project.updateKey")
            .about("Update a key; its secret does not change.")
            .scope(KeysWrite)
            .audit("keys.update", "project"),
        Endpoint::delete("/v1/project/keys/{keyId}", keys::delete)
            .id("project.deleteKey")
            .about("Delete a key.")
            .scope(KeysWrite)
            .audit("keys.delete", "project"),
    ]
}
fn platforms() -> Vec<Endpoint<State>> {
    let new = |endpoint: Endpoint<State>| {
        endpoint
            .about("Create a platform.")
            .scope(PlatformsWrite)
            .audit("platforms.create", "project")
    };
    let change = |endpoint: Endpoint<State>| {
        endpoint
            .about("Update a platform.")
            .scope(PlatformsWrite)
            .audit("platforms.update", "project")
    };
    vec![
        Endpoint::get("/v1/project/platforms", platforms::list)
            .id("project.listPlatforms")
            .about("List platforms.")
            .scope(PlatformsRead),
        Endpoint::get("/v1/project/platforms/{platformId}", platforms::get)
            .id("project.getPlatform")
            .about("Get a platform.")
            .scope(PlatformsRead),
        Endpoint::delete("/v1/project/platforms/{platformId}", platforms::delete)
            .id("project.deletePlatform")
            .about("Delete a platform.")
            .scope(PlatformsWrite)
            .audit("platforms.delete", "project"),
        new(Endpoint::post("/v1/project/platforms/web", web::create).id("project.createWebPlatform")),
        change(Endpoint::put("/v1/project/platforms/web/{platformId}", web::update).id("project.updateWebPlatform")),
        new(Endpoint::post("/v1/project/platforms/apple", apple::create).id("project.createApplePlatform")),
        change(
            Endpoint::put("/v1/project/platforms/apple/{platformId}", apple::update).id("project.updateApplePlatform"),
        ),
        new(Endpoint::post("/v1/project/platforms/android", android::create).id("project.createAndroidPlatform")),
        change(
            Endpoint::put("/v1/project/platforms/android/{platformId}", android::update)
                .id("project.updateAndroidPlatform"),
        ),
        new(Endpoint::post("/v1/project/platforms/windows", windows::create).id("project.createWindowsPlatform")),
        change(
            Endpoint::put("/v1/project/platforms/windows/{platformId}", windows::update)
                .id("project.updateWindowsPlatform"),
        ),
        new(Endpoint::post("/v1/project/platforms/linux", linux::create).id("project.createLinuxPlatform")),
        change(
            Endpoint::put("/v1/project/platforms/linux/{platformId}", linux::update).id("project.updateLinuxPlatform"),
        ),
    ]
}
fn policies() -> Vec<Endpoint<State>> {
    let rule = |endpoint: Endpoint<State>| {
        endpoint
            .scope(PoliciesWrite)
            .scope(ProjectPoliciesWrite)
            .audit("projects.update", "project")
    };
    vec![
        Endpoint::get("/v1/project/policies", policy_views::list)
            .id("project.listPolicies")
            .about("List the project's policies.")
            .scope(PoliciesRead)
            .scope(ProjectPoliciesRead),
        Endpoint::get("/v1/project/policies/{policyId}", policy_views::get)
            .id("project.getPolicy")
            .about("Get a policy.")
            .scope(PoliciesRead)
            .scope(ProjectPoliciesRead),
        rule(
            Endpoint::patch(
                "/v1/project/policies/password-dictionary",
                policies::password_dictionary,
            )
            .id("project.updatePasswordDictionaryPolicy")
            .about("Refuse common passwords."),
        ),
        rule(
            Endpoint::patch("/v1/project/policies/password-history", policies::password_history)
                .id("project.updatePasswordHistoryPolicy")
                .about("Refuse a user's earlier passwords."),
        ),
        rule(
            Endpoint::patch(
                "/v1/project/policies/password-personal-data",
                policies::password_personal_data,
            )
            .id("project.updatePasswordPersonalDataPolicy")
            .about("Refuse passwords that contain personal data of the user."),
        ),
        rule(
            Endpoint::patch("/v1/project/policies/password-strength", policies::password_strength)
                .id("project.updatePasswordStrengthPolicy")
                .about("Set the required kinds of characters of passwords."),
        ),
        rule(
            Endpoint::patch("/v1/project/policies/session-alert", policies::session_alert)
                .id("project.updateSessionAlertPolicy")
                .about("Switch session alerts on or off."),
        ),
        rule(
            Endpoint::patch("/v1/project/policies/session-duration", policies::session_duration)
                .id("project.updateSessionDurationPolicy")
                .about("Set how long sessions last."),
        ),
        rule(
            Endpoint::patch(
                "/v1/project/policies/session-invalidation",
                policies::session_invalidation,
            )
            .id("project.updateSessionInvalidationPolicy")
            .about("End other sessions when a password is changed."),
        ),
        rule(
            Endpoint::patch("/v1/project/policies/session-limit", policies::session_limit)
                .id("project.updateSessionLimitPolicy")
                .about("Limit the sessions of one user."),
        ),
        rule(
            Endpoint::patch("/v1/project/policies/user-limit", policies::user_limit)
                .id("project.updateUserLimitPolicy")
                .about("Limit the number of users."),
        ),
        rule(
            Endpoint::patch("/v1/project/policies/deny-aliased-email", policies::deny_aliased_email)
                .id("project.updateDenyAliasedEmailPolicy")
                .about("Refuse e-mail addresses with a subaddress, as in ada+shop@example.com."),
        ),
        rule(
            Endpoint::patch(
                "/v1/project/policies/deny-disposable-email",
                policies::deny_disposable_email,
            )
            .id("project.updateDenyDisposableEmailPolicy")
            .about("Refuse disposable e-mail addresses."),
        ),
        rule(
            Endpoint::patch("/v1/project/policies/deny-free-email", policies::deny_free_email)
                .id("project.updateDenyFreeEmailPolicy")
                .about("Refuse e-mail addresses of free providers."),
        ),
        rule(
            Endpoint::patch(
                "/v1/project/policies/deny-corporate-email",
                policies::deny_corporate_email,
            )
            .id("project.updateDenyCorporateEmailPolicy")
            .about("Refuse e-mail addresses that are not of a company's domain."),
        ),
        rule(
            Endpoint::patch(
                "/v1/project/policies/trusted-provider-mfa",
                policies::trusted_provider_mfa,
            )
            .id("project.updateTrustedProviderMFAPolicy")
            .about("Trust multi-factor sign-ins that an OAuth2 provider reports."),
        ),
        rule(
            Endpoint::patch("/v1/project/policies/membership-privacy", policies::membership_privacy)
                .id("project.updateMembershipPrivacyPolicy")
                .about("Set which fields of each other members of a team see."),
        ),
    ]
}
fn mail() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::patch("/v1/project/smtp", smtp::update)
            .id("project.updateSMTP")
            .about("Configure the project's SMTP server.")
            .scope(ProjectWrite)
            .audit("projects.update", "project"),
        Endpoint::post("/v1/project/smtp/tests", smtp::test)
            .id("project.createSMTPTest")
            .about("Send a test e-mail through the project's SMTP server.")
            .scope(ProjectWrite),
        Endpoint::get("/v1/project/templates/email", templates::list)
            .id("project.listEmailTemplates")
            .about("List the project's e-mail templates.")
            .scope(TemplatesRead)
            .scope(ProjectRead),
        Endpoint::patch("/v1/project/templates/email", templates::update)
            .id("project.updateEmailTemplate")
            .about("Update an e-mail template.")
            .scope(TemplatesWrite)
            .scope(ProjectWrite)
            .audit("projects.update", "project"),
        Endpoint::get("/v1/project/templates/email/{templateId}", templates::get)
            .id("project.getEmailTemplate")
            .about("Get an e-mail template.")
            .scope(TemplatesRead)
            .scope(ProjectRead),
    ]
}
