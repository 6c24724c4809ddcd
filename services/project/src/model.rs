//! The JSON that leaves, with the names of the SDKs' later generation.

use api::Date;
use kernel::Timestamp;
use serde_json::{Map, Value};

api::model! {
    /// A project.
    pub(crate) struct Project as "projectSettings" {
        /// Its id.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Its name.
        name: String = "name",
        /// The organization that owns it.
        team_id: String = "teamId",
        /// Region.
        region: &'static str = "region",
        /// Whether it is in use.
        status: &'static str = "status",
        /// Keys of developers.
        dev_keys: Vec<views::DevKey> = "devKeys",
        /// Whether it has a mail server of its own.
        smtp_enabled: bool = "smtpEnabled",
        /// The sender's name in mails.
        smtp_sender_name: String = "smtpSenderName",
        /// The sender's address in mails.
        smtp_sender_email: String = "smtpSenderEmail",
        /// The name that mails are answered to.
        smtp_reply_to_name: String = "smtpReplyToName",
        /// The address that mails are answered to.
        smtp_reply_to_email: String = "smtpReplyToEmail",
        /// The mail server.
        smtp_host: String = "smtpHost",
        /// The mail server's port.
        smtp_port: i64 = "smtpPort",
        /// The account at the mail server.
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
        /// Steps of a first visit; none are kept.
        onboarding: Map<String, Value> = "onboarding",
        /// Ways to sign in.
        auth_methods: Vec<Switch> = "authMethods",
        /// Services.
        services: Vec<Switch> = "services",
        /// Ways to speak to the server.
        protocols: Vec<Switch> = "protocols",
        /// Blocks by the operator: always empty.
        blocks: Vec<Value> = "blocks",
        /// Time of the console's last access; not recorded.
        console_accessed_at: Date = "consoleAccessedAt",
        /// Whether a web application firewall stands before it.
        waf_enabled: bool = "wafEnabled",
    }
}

api::model! {
    /// Something that is on or off.
    pub(crate) struct Switch as "projectSwitch" {
        /// Identifier.
        id: &'static str = "$id",
        /// Whether it is on.
        enabled: bool = "enabled",
    }
}

api::model! {
    /// A number with a fixed code.
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
        /// The page.
        mock_numbers: Vec<MockPhone> = "mockNumbers",
    }
}

api::model! {
    /// Platforms; what names an app has another field on each kind.
    pub(crate) struct PlatformList as "projectPlatformList" {
        /// Number of entries.
        total: i64 = "total",
        /// The page.
        platforms: Vec<Value> = "platforms",
    }
}

api::model! {
    /// Policies, each with fields of its own.
    pub(crate) struct PolicyList as "projectPolicyList" {
        /// Number of entries.
        total: i64 = "total",
        /// The page.
        policies: Vec<Value> = "policies",
    }
}

api::model! {
    /// OAuth2 providers, each with fields of its own.
    pub(crate) struct ProviderList as "projectOAuth2ProviderList" {
        /// Number of entries.
        total: i64 = "total",
        /// The page.
        providers: Vec<Value> = "providers",
    }
}

api::model! {
    /// Password strength rules.
    pub(crate) struct Strength as "policyPasswordStrength" {
        /// The policy's id.
        id: &'static str = "$id",
        /// Fewest characters.
        min: u16 = "min",
        /// Whether it needs a capital letter.
        uppercase: bool = "uppercase",
        /// Whether it needs a small letter.
        lowercase: bool = "lowercase",
        /// Whether it needs a digit.
        number: bool = "number",
        /// Whether it needs a character that is neither letter nor digit.
        symbols: bool = "symbols",
    }
}

/// A page of a list that is short enough to lie in memory, and its total where it is asked for.
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
    /// The words of a mail, the project's own or ours.
    pub(crate) struct EmailTemplate as "emailTemplate" {
        /// Subject.
        template_id: String = "templateId",
        /// For readers of which locale.
        locale: String = "locale",
        /// The subject.
        subject: String = "subject",
        /// The message, as markup.
        message: String = "message",
        /// The sender's name; empty for the project's.
        sender_name: String = "senderName",
        /// The sender's address; empty for the project's.
        sender_email: String = "senderEmail",
        /// Reply-to address; empty: the project's.
        reply_to_email: String = "replyToEmail",
        /// Whom answers go to.
        reply_to_name: String = "replyToName",
    }
}

api::model! {
    /// Templates of mails.
    pub(crate) struct EmailTemplateList as "emailTemplateList" {
        /// Number of all matching entries, of which these are a page.
        total: i64 = "total",
        /// The page.
        templates: Vec<EmailTemplate> = "templates",
    }
}
