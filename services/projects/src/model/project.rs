//! A project.

use api::Date;
use kernel::Timestamp;
use serde_json::Value;
use views::{DevKey, Key};

use super::Platform;

api::model! {
    /// A project with its configuration.
    pub(crate) struct Project as "project" {
        /// The project's ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Its name.
        name: String = "name",
        /// Description.
        description: String = "description",
        /// Organization that owns the project.
        team_id: String = "teamId",
        /// File ID of the logo.
        logo: String = "logo",
        /// URL of the website.
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
        /// The company's tax ID.
        legal_tax_id: String = "legalTaxId",
        /// Session duration, in seconds.
        auth_duration: i64 = "authDuration",
        /// Maximum number of users; 0 for no limit.
        auth_limit: i64 = "authLimit",
        /// Maximum number of sessions of a user.
        auth_sessions_limit: i64 = "authSessionsLimit",
        /// Number of previous passwords that may not be reused.
        auth_password_history: i64 = "authPasswordHistory",
        /// Whether common passwords are refused.
        auth_password_dictionary: bool = "authPasswordDictionary",
        /// Whether passwords that contain personal data of the user are refused.
        auth_personal_data_check: bool = "authPersonalDataCheck",
        /// Numbers with fixed codes.
        auth_mock_numbers: Vec<MockNumber> = "authMockNumbers",
        /// Whether session alerts are sent.
        auth_session_alerts: bool = "authSessionAlerts",
        /// Whether members of a team see each other's names.
        auth_memberships_user_name: bool = "authMembershipsUserName",
        /// Whether they see each other's e-mail addresses.
        auth_memberships_user_email: bool = "authMembershipsUserEmail",
        /// Whether they see who uses a second factor.
        auth_memberships_mfa: bool = "authMembershipsMfa",
        /// Whether a change of the password deletes the other sessions.
        auth_invalidate_sessions: bool = "authInvalidateSessions",
        /// Available OAuth2 providers.
        oauth_providers: Vec<AuthProvider> = "oAuthProviders",
        /// Platforms.
        platforms: Vec<Platform> = "platforms",
        /// Webhooks.
        webhooks: Vec<Value> = "webhooks",
        /// API keys.
        keys: Vec<Key> = "keys",
        /// Development keys.
        dev_keys: Vec<DevKey> = "devKeys",
        /// Whether mails are sent by the project's own server.
        smtp_enabled: bool = "smtpEnabled",
        /// Sender name of mails.
        smtp_sender_name: String = "smtpSenderName",
        /// The sender's address.
        smtp_sender_email: String = "smtpSenderEmail",
        /// Reply-to address.
        smtp_reply_to: String = "smtpReplyTo",
        /// The mail server.
        smtp_host: String = "smtpHost",
        /// Its port.
        smtp_port: i64 = "smtpPort",
        /// User name at the mail server.
        smtp_username: String = "smtpUsername",
        /// Always empty.
        smtp_password: String = "smtpPassword",
        /// Encryption of the connection to the mail server.
        smtp_secure: String = "smtpSecure",
        /// Number of pings.
        ping_count: i64 = "pingCount",
        /// Time of the last ping.
        pinged_at: Date = "pingedAt",
        /// Labels given by its owners.
        labels: Vec<String> = "labels",
        /// Whether URLs on the developer's own device are redirect targets without a platform.
        development: bool = "development",
        /// Whether users may sign in with e-mail and password.
        auth_email_password: bool = "authEmailPassword",
        /// Whether users may sign in by a link.
        auth_users_auth_magic_url: bool = "authUsersAuthMagicURL",
        /// Whether users may sign in by a code sent by mail.
        auth_email_otp: bool = "authEmailOtp",
        /// Whether users may sign in anonymously.
        auth_anonymous: bool = "authAnonymous",
        /// Whether users may be invited to teams.
        auth_invites: bool = "authInvites",
        /// Whether users may create JWTs.
        auth_jwt: bool = "authJWT",
        /// Whether users may sign in by a code sent by SMS.
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
        /// Number of matching entries.
        total: i64 = "total",
        /// Entries of the page.
        projects: Vec<Project> = "projects",
    }
}

api::model! {
    /// A phone number with a fixed code, to which no SMS is sent.
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
        /// The provider's ID.
        key: String = "key",
        /// Its name.
        name: String = "name",
        /// Client ID at the provider.
        app_id: String = "appId",
        /// Always empty: the secret is not returned.
        secret: String = "secret",
        /// Whether users may sign in with it.
        enabled: bool = "enabled",
    }
}
