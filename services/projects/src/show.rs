//! Conversion of stored values to models.

use api::Date;
use identity::policy::Method;
use oauth::Provider;
use projects::oauth::Configured;
use projects::platforms::Platform;
use projects::{Project, Service};
use projects_api::keys::{show_listed, show_listed_dev_key};

use crate::model;

/// The model of a project.
pub(crate) fn project<'a>(offered: impl Iterator<Item = &'a Provider>, project: &Project) -> model::Project {
    let (record, policy, settings) = (&project.record, project.policy(), project.settings());
    let smtp = &settings.smtp;
    model::Project {
        id: record.id.to_string(),
        created_at: record.created_at,
        updated_at: record.updated_at,
        name: record.name.clone(),
        description: record.description.clone(),
        team_id: record.team_id.to_string(),
        logo: record.logo.clone(),
        url: record.url.clone(),
        legal_name: record.legal_name.clone(),
        legal_country: record.legal_country.clone(),
        legal_state: record.legal_state.clone(),
        legal_city: record.legal_city.clone(),
        legal_address: record.legal_address.clone(),
        legal_tax_id: record.legal_tax_id.clone(),
        auth_duration: policy.session_seconds.into(),
        auth_limit: policy.user_limit.into(),
        auth_sessions_limit: policy.session_limit.into(),
        auth_password_history: policy.password_history.into(),
        auth_password_dictionary: policy.password_dictionary,
        auth_personal_data_check: policy.personal_data_check,
        auth_mock_numbers: policy.mock_numbers.iter().map(mock_number).collect(),
        auth_session_alerts: policy.session_alerts,
        auth_memberships_user_name: policy.members_see_names,
        auth_memberships_user_email: policy.members_see_emails,
        auth_memberships_mfa: policy.members_see_mfa,
        auth_invalidate_sessions: policy.invalidate_sessions,
        oauth_providers: offered
            .map(|provider| auth_provider(provider, project.provider(&provider.id)))
            .collect(),
        platforms: project.platforms.iter().map(platform).collect(),
        webhooks: Vec::new(),
        keys: project.keys.iter().map(show_listed).collect(),
        dev_keys: project.dev_keys.iter().map(show_listed_dev_key).collect(),
        smtp_enabled: smtp.enabled,
        smtp_sender_name: smtp.sender_name.clone(),
        smtp_sender_email: smtp.sender_email.clone(),
        smtp_reply_to: smtp.reply_to.clone(),
        smtp_host: smtp.host.clone(),
        smtp_port: smtp.shown_port(),
        smtp_username: smtp.username.clone(),
        smtp_password: String::new(),
        smtp_secure: smtp.secure.map(|secure| secure.to_string()).unwrap_or_default(),
        ping_count: record.ping_count,
        pinged_at: Date(record.pinged_at),
        labels: record.labels.0.clone(),
        development: project.settings().development,
        auth_email_password: policy.allows(Method::EmailPassword),
        auth_users_auth_magic_url: policy.allows(Method::MagicUrl),
        auth_email_otp: policy.allows(Method::EmailOtp),
        auth_anonymous: policy.allows(Method::Anonymous),
        auth_invites: policy.allows(Method::Invites),
        auth_jwt: policy.allows(Method::Jwt),
        auth_phone: policy.allows(Method::Phone),
        service_account: settings.has_service(Service::Account),
        service_avatars: settings.has_service(Service::Avatars),
        service_databases: settings.has_service(Service::Databases),
        service_tablesdb: settings.has_service(Service::TablesDb),
        service_locale: settings.has_service(Service::Locale),
        service_health: settings.has_service(Service::Health),
        service_storage: settings.has_service(Service::Storage),
        service_teams: settings.has_service(Service::Teams),
        service_users: settings.has_service(Service::Users),
        service_sites: settings.has_service(Service::Sites),
        service_functions: settings.has_service(Service::Functions),
        service_graphql: settings.has_service(Service::GraphQl),
        service_messaging: settings.has_service(Service::Messaging),
    }
}

fn mock_number(number: &identity::policy::MockNumber) -> model::MockNumber {
    model::MockNumber {
        phone: number.phone.clone(),
        otp: number.otp.clone(),
    }
}

fn auth_provider(provider: &Provider, configured: Option<&Configured>) -> model::AuthProvider {
    model::AuthProvider {
        key: provider.id.clone(),
        name: provider.name.clone(),
        app_id: configured.map(|own| own.app_id.clone()).unwrap_or_default(),
        secret: String::new(),
        enabled: configured.is_some_and(|own| own.enabled),
    }
}

/// The model of a platform.
pub(crate) fn platform(platform: &Platform) -> model::Platform {
    model::Platform {
        id: platform.id.to_string(),
        created_at: platform.created_at,
        updated_at: platform.updated_at,
        name: platform.name.clone(),
        r#type: platform.r#type.to_string(),
        key: platform.key.clone(),
        store: platform.store.clone(),
        hostname: platform.hostname.clone(),
        http_user: String::new(),
        http_pass: String::new(),
    }
}
