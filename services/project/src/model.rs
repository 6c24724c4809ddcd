//! Models of the newer wire format.

use api::Date;
use kernel::Timestamp;
use serde_json::{Map, Value};

api::model! {
    /// A project.
    pub(crate) struct Project as "projectSettings" {
        /// Its ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Its name.
        name: String = "name",
        /// Organization that owns the project.
        team_id: String = "teamId",
        /// Region.
        region: &'static str = "region",
        /// Status.
        status: &'static str = "status",
        /// Development keys.
        dev_keys: Vec<views::DevKey> = "devKeys",
        /// Whether mails are sent by the project's own server.
        smtp_enabled: bool = "smtpEnabled",
        /// The sender's name in mails.
        smtp_sender_name: String = "smtpSenderName",
        /// The sender's address in mails.
        smtp_sender_email: String = "smtpSenderEmail",
        /// Reply-to name of mails.
        smtp_reply_to_name: String = "smtpReplyToName",
        /// Reply-to address of mails.
        smtp_reply_to_email: String = "smtpReplyToEmail",
        /// The mail server.
        smtp_host: String = "smtpHost",
        /// The mail server's port.
        smtp_port: i64 = "smtpPort",
        /// User name at the mail server.
        smtp_username: String = "smtpUsername",
        /// Always empty.
        smtp_password: &'static str = "smtpPassword",
        /// Encryption of the connection to the mail server.
        smtp_secure: String = "smtpSecure",
        /// Number of pings.
        ping_count: i64 = "pingCount",
        /// Time of the last ping.
        pinged_at: Date = "pingedAt",
        /// Labels given by its owners.
        labels: Vec<String> = "labels",
        /// Always empty.
        onboarding: Map<String, Value> = "onboarding",
        /// Sign-in methods.
        auth_methods: Vec<Switch> = "authMethods",
        /// Services.
        services: Vec<Switch> = "services",
        /// Protocols.
        protocols: Vec<Switch> = "protocols",
        /// Always empty.
        blocks: Vec<Value> = "blocks",
        /// Time of the console's last access; not recorded.
        console_accessed_at: Date = "consoleAccessedAt",
        /// Whether a web application firewall is enabled.
        waf_enabled: bool = "wafEnabled",
        /// Whether URLs on the developer's own device are redirect targets without a platform.
        development: bool = "development",
    }
}

api::model! {
    /// A switch.
    pub(crate) struct Switch as "projectSwitch" {
        /// Identifier.
        id: &'static str = "$id",
        /// Whether it is on.
        enabled: bool = "enabled",
    }
}

api::model! {
    /// A phone number with a fixed code.
    pub(crate) struct MockPhone as "projectMockNumber" {
        /// The number, E.164.
        number: String = "number",
        /// The code.
        otp: String = "otp",
        /// Creation time; empty when unknown.
        created_at: Date = "$createdAt",
        /// Update time; empty when unknown.
        updated_at: Date = "$updatedAt",
    }
}

api::model! {
    /// Numbers with fixed codes.
    pub(crate) struct MockPhoneList as "projectMockNumberList" {
        /// Number of entries.
        total: i64 = "total",
        /// Entries of the page.
        mock_numbers: Vec<MockPhone> = "mockNumbers",
    }
}

api::model! {
    /// Platforms; the field with the app's ID depends on the kind.
    pub(crate) struct PlatformList as "projectPlatformList" {
        /// Number of entries.
        total: i64 = "total",
        /// Entries of the page.
        platforms: Vec<Value> = "platforms",
    }
}

api::model! {
    /// Policies, each with its own fields.
    pub(crate) struct PolicyList as "projectPolicyList" {
        /// Number of entries.
        total: i64 = "total",
        /// Entries of the page.
        policies: Vec<Value> = "policies",
    }
}

api::model! {
    /// OAuth2 providers, each with its own fields.
    pub(crate) struct ProviderList as "projectOAuth2ProviderList" {
        /// Number of entries.
        total: i64 = "total",
        /// Entries of the page.
        providers: Vec<Value> = "providers",
    }
}

api::model! {
    /// Password strength rules.
    pub(crate) struct Strength as "policyPasswordStrength" {
        /// The policy's ID.
        id: &'static str = "$id",
        /// Minimum number of characters.
        min: u16 = "min",
        /// Whether an uppercase letter is required.
        uppercase: bool = "uppercase",
        /// Whether a lowercase letter is required.
        lowercase: bool = "lowercase",
        /// Whether a digit is required.
        number: bool = "number",
        /// Whether a character that is neither letter nor digit is required.
        symbols: bool = "symbols",
    }
}

/// A page of a list in memory, with the total count if requested.
pub(crate) fn page<T>(all: Vec<T>, (limit, offset): (u64, u64), count: bool) -> (i64, Vec<T>) {
    let total = if count {
        i64::try_from(all.len()).unwrap_or(i64::MAX)
    } else {
        0
    };
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    (total, all.into_iter().skip(size(offset)).take(size(limit)).collect())
}

api::model! {
    /// The template of a mail.
    pub(crate) struct EmailTemplate as "emailTemplate" {
        /// Type of the mail.
        template_id: String = "templateId",
        /// Locale of the recipients.
        locale: String = "locale",
        /// The subject.
        subject: String = "subject",
        /// The message, as HTML.
        message: String = "message",
        /// The sender's name; empty for the project's.
        sender_name: String = "senderName",
        /// The sender's address; empty for the project's.
        sender_email: String = "senderEmail",
        /// Reply-to address; empty for the project's.
        reply_to_email: String = "replyToEmail",
        /// Reply-to name.
        reply_to_name: String = "replyToName",
    }
}

api::model! {
    /// Templates of mails.
    pub(crate) struct EmailTemplateList as "emailTemplateList" {
        /// Number of matching entries.
        total: i64 = "total",
        /// Entries of the page.
        templates: Vec<EmailTemplate> = "templates",
    }
}
