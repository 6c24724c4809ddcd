//! Templates: a project's own texts for mails and SMS that the server sends on its behalf.

use db::Tx;
use db::sea_query::{Expr, ExprTrait, OnConflict, Query};
use kernel::Timestamp;
use kernel::param::{Param, Rule};
use serde_json::{Value, json};

use crate::Result;
use crate::error::Error;
use crate::ids::ProjectId;

kernel::choices! {
    /// Channel of a template.
    pub enum Channel {
        /// By mail.
        Email = "email",
        /// By SMS.
        Sms = "sms",
    }
}

db::text_value!(Channel, Channel::parse);

kernel::choices! {
    /// Kind of a mail.
    pub enum MailTemplate {
        /// Verification of an e-mail address.
        Verification = "verification",
        /// A link for signing in.
        MagicSession = "magicSession",
        /// Recovery of a forgotten password.
        Recovery = "recovery",
        /// An invitation to a team.
        Invitation = "invitation",
        /// A code for a second factor.
        MfaChallenge = "mfaChallenge",
        /// Alert about a new session.
        SessionAlert = "sessionAlert",
        /// A code for signing in.
        OtpSession = "otpSession",
    }
}

kernel::choices! {
    /// Kind of an SMS.
    pub enum SmsTemplate {
        /// Verification of a phone number.
        Verification = "verification",
        /// A code for signing in.
        Login = "login",
        /// An invitation to a team.
        Invitation = "invitation",
        /// A code for a second factor.
        MfaChallenge = "mfaChallenge",
    }
}

/// A supported locale for templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Locale(pub locale_data::Locale);

impl Param for Locale {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        let text = value.as_str().unwrap_or_default();
        // Only an exact match: `find` also returns a more general locale, but a template is stored for one locale.
        let found = locale_data::Locale::find(text).filter(|locale| locale.code().eq_ignore_ascii_case(text));
        found
            .map(Self)
            .ok_or(Rule::new("Value must be a locale, as en or pt-br"))
    }

    fn schema() -> Value {
        json!({"type": "string", "maxLength": 20})
    }
}

db::table! {
    /// A project's own template.
    pub struct Template in templates as Templates {
        /// Project, channel, type and locale, joined.
        pub id: String => Id,
        /// The project it belongs to.
        pub project_id: ProjectId => ProjectId,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// Channel.
        pub channel: Channel => Channel,
        /// Type: the text of a [`MailTemplate`] or [`SmsTemplate`].
        pub r#type: String => Type,
        /// Locale of the recipients.
        pub locale: String => Locale,
        /// The subject; empty for an SMS.
        pub subject: String => Subject,
        /// The message: HTML for a mail, plain text for an SMS.
        pub message: String => Message,
        /// The sender's name; empty for the project's.
        pub sender_name: String => SenderName,
        /// The sender's address; empty for the project's.
        pub sender_email: String => SenderEmail,
        /// Reply-to address; empty for the project's.
        pub reply_to: String => ReplyTo,
        /// Reply-to name.
        pub reply_to_name: String => ReplyToName,
    }
}

/// Key of a template.
#[derive(Debug, Clone)]
pub struct Key {
    /// The project it belongs to.
    pub project: ProjectId,
    /// Channel.
    pub channel: Channel,
    /// Type: the text of a [`MailTemplate`] or [`SmsTemplate`].
    pub r#type: &'static str,
    /// Locale of the recipients.
    pub locale: String,
}

impl Key {
    fn id(&self) -> String {
        format!("{}:{}:{}:{}", self.project, self.channel, self.r#type, self.locale)
    }
}

impl Template {
    /// An empty template.
    pub fn new(key: &Key, now: Timestamp) -> Self {
        Self {
            id: key.id(),
            project_id: key.project.clone(),
            updated_at: now,
            channel: key.channel,
            r#type: key.r#type.to_owned(),
            locale: key.locale.clone(),
            subject: String::new(),
            message: String::new(),
            sender_name: String::new(),
            sender_email: String::new(),
            reply_to: String::new(),
            reply_to_name: String::new(),
        }
    }
}

/// Finds a project's own template.
pub fn find(tx: &mut Tx<'_>, key: &Key) -> Result<Option<Template>> {
    let query = Template::select()
        .and_where(Expr::col(Templates::Id).eq(key.id()))
        .take();
    Ok(tx.optional(&query)?)
}

/// Finds a project's own template for a locale, or else for its language.
pub fn find_for(tx: &mut Tx<'_>, mut key: Key) -> Result<Option<Template>> {
    if let Some(template) = find(tx, &key)? {
        return Ok(Some(template));
    }
    let Some((language, _)) = key.locale.split_once('-') else {
        return Ok(None);
    };
    key.locale = language.to_owned();
    find(tx, &key)
}

/// The own templates of a project for a channel, ordered by type and locale.
pub fn of_project(tx: &mut Tx<'_>, project: &ProjectId, channel: Channel) -> Result<Vec<Template>> {
    let query = Template::select()
        .and_where(Expr::col(Templates::ProjectId).eq(project.as_str()))
        .and_where(Expr::col(Templates::Channel).eq(channel.as_str()))
        .order_by(Templates::Id, db::sea_query::Order::Asc)
        .take();
    Ok(tx.all(&query)?)
}

/// Stores a template, replacing an existing one.
pub fn put(tx: &mut Tx<'_>, template: &Template) -> Result<()> {
    let mut insert = template.insert();
    let fields = [
        Templates::UpdatedAt,
        Templates::Subject,
        Templates::Message,
        Templates::SenderName,
        Templates::SenderEmail,
        Templates::ReplyTo,
        Templates::ReplyToName,
    ];
    insert.on_conflict(OnConflict::column(Templates::Id).update_columns(fields).to_owned());
    tx.execute(&insert)?;
    Ok(())
}

/// Deletes a template, so that the built-in one is used.
pub fn remove(tx: &mut Tx<'_>, key: &Key) -> Result<Template> {
    let template = find(tx, key)?.ok_or(Error::TemplateIsOurs)?;
    let delete = Query::delete()
        .from_table(Templates::Table)
        .and_where(Expr::col(Templates::Id).eq(key.id()))
        .take();
    tx.execute(&delete)?;
    Ok(template)
}
