//! A project.

use api::Date;
use kernel::Timestamp;
use serde_json::Value;
use views::{DevKey, Key};

use super::Platform;

api::model! {
    /// A project, with everything that its owners configure.
    pub(crate) struct Project as "project" {
        /// The project's id.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Its name.
        name: String = "name",
        /// Purpose.
        description: String = "description",
        /// The organization that owns it.
        team_id: String = "teamId",
        /// A file id.
        logo: String = "logo",
        /// Its web site.
        url: String = "url",
        /// The company's name.
        legal_name: String = "legalName",
        /// The company's country.
        legal_country: String = "legalCountry",
        /// The company's state.
        legal_state: String = "legalState",
        /// The company's city.
        legal_city: String = "legalCity",
        /// The company's address.
        legal_address: String = "legalAddress",
        /// The company's tax id.
        legal_tax_id: String = "legalTaxId",
        /// Session duration, in seconds.
        auth_duration: i64 = "authDuration",
        /// Most users; 0 is no limit.
        auth_limit: i64 = "authLimit",
        /// Most sessions of one user.
        auth_sessions_limit: i64 = "authSessionsLimit",
        /// Number of previous passwords that may not be reused.
        auth_password_history: i64 = "authPasswordHistory",
        /// Whether common passwords are refused.
        auth_password_dictionary: bool = "authPasswordDictionary",
        /// Whether a password may not contain what is known of its user.
        auth_personal_data_check: bool = "authPersonalDataCheck",
        /// Numbers with fixed codes.
        auth_mock_numbers: Vec<MockNumber> = "authMockNumbers",
        /// Whether users are told of new sessions by mail.
        auth_session_alerts: bool = "authSessionAlerts",
        /// Whether members of a team see each other's names.
        auth_memberships_user_name: bool = "authMembershipsUserName",
        /// Whether they see each other's e-mail addresses.
        auth_memberships_user_email: bool = "authMembershipsUserEmail",
        /// Whether they see who uses a second factor.
        auth_memberships_mfa: bool = "authMembershipsMfa",
        /// Whether a change of password ends the other sessions.
        auth_invalidate_sessions: bool = "authInvalidateSessions",
        /// The OAuth2 providers, configured or not.
        oauth_providers: Vec<AuthProvider> = "oAuthProviders",
        /// Platforms from which calls are accepted.
        platforms: Vec<Platform> = "platforms",
        /// Webhooks.
        webhooks: Vec<Value> = "webhooks",
        /// Keys of servers.
        keys: Vec<Key> = "keys",
        /// Keys of developers.
        dev_keys: Vec<DevKey> = "devKeys",
        /// Whether mail goes through a server of the project's own.
        smtp_enabled: bool = "smtpEnabled",
        /// That mail's sender.
        smtp_sender_name: String = "smtpSenderName",
        /// The sender's address.
        smtp_sender_email: String = "smtpSenderEmail",
        /// Reply-to address.
        smtp_reply_to: String = "smtpReplyTo",
        /// The mail server.
        smtp_host: String = "smtpHost",
        /// Its port.
        smtp_port: i64 = "smtpPort",
        /// The user name there.
        smtp_username: String = "smtpUsername",
        /// Always empty.
        smtp_password: String = "smtpPassword",
        /// Transport security of the connection.
        smtp_secure: String = "smtpSecure",
        /// Number of pings.
        ping_count: i64 = "pingCount",
        /// Time of the last ping.
        pinged_at: Date = "pingedAt",
        /// Labels given by its owners.
        labels: Vec<String> = "labels",
        /// Whether users may sign in with e-mail and password.
        auth_email_password: bool = "authEmailPassword",
        /// Whether they may sign in by a link.
        auth_users_auth_magic_url: bool = "authUsersAuthMagicURL",
        /// Whether they may sign in by a code sent by mail.
        auth_email_otp: bool = "authEmailOtp",
        /// Whether they may sign in without any proof.
        auth_anonymous: bool = "authAnonymous",
        /// Whether they may be invited to teams.
        auth_invites: bool = "authInvites",
        /// Whether they may make JWTs.
        auth_jwt: bool = "authJWT",
        /// Whether they may sign in by a code sent by SMS.
        auth_phone: bool = "authPhone",
        /// Whether clients may use `account`.
        service_account: bool = "serviceStatusForAccount",
        /// Whether clients may use `avatars`.
        service_avatars: bool = "serviceStatusForAvatars",
        /// Whether clients may use `databases`.
        service_databases: bool = "serviceStatusForDatabases",
        /// Whether clients may use `tablesdb`.
        service_tablesdb: bool = "serviceStatusForTablesdb",
        /// Whether clients may use `locale`.
        service_locale: bool = "serviceStatusForLocale",
        /// Whether clients may use `health`.
        service_health: bool = "serviceStatusForHealth",
        /// Whether clients may use `storage`.
        service_storage: bool = "serviceStatusForStorage",
        /// Whether clients may use `teams`.
        service_teams: bool = "serviceStatusForTeams",
        /// Whether clients may use `users`.
        service_users: bool = "serviceStatusForUsers",
        /// Whether clients may use `sites`.
        service_sites: bool = "serviceStatusForSites",
        /// Whether clients may use `functions`.
        service_functions: bool = "serviceStatusForFunctions",
        /// Whether clients may use `graphql`.
        service_graphql: bool = "serviceStatusForGraphql",
        /// Whether clients may use `messaging`.
        service_messaging: bool = "serviceStatusForMessaging",
    }
}

api::model! {
    /// Projects.
    pub(crate) struct ProjectList as "projectList" {
        /// Number of all matching entries, of which these are a page.
        total: i64 = "total",
        /// The page.
        projects: Vec<Project> = "projects",
    }
}

api::model! {
    /// A phone number that gets a fixed code and no SMS.
    pub(crate) struct MockNumber as "mockNumber" {
        /// The number, E.164.
        phone: String = "phone",
        /// The code.
        otp: String = "otp",
    }
}

api::model! {
    /// An OAuth2 provider as a project configured it.
    pub(crate) struct AuthProvider as "authProvider" {
        /// The provider's id.
        key: String = "key",
        /// Its name.
        name: String = "name",
        /// The client id at the provider.
        app_id: String = "appId",
        /// Always empty: the secret is never told again.
        secret: String = "secret",
        /// Whether users may sign in with it.
        enabled: bool = "enabled",
    }
}
