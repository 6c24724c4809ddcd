//! Templates: the words of a project's own for the mails and SMS that the server writes on its behalf.

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
        /// An address is to be confirmed.
        Verification = "verification",
        /// A link that signs in.
        MagicSession = "magicSession",
        /// A forgotten password.
        Recovery = "recovery",
        /// An invitation to a team.
        Invitation = "invitation",
        /// A code as a second factor.
        MfaChallenge = "mfaChallenge",
        /// Somebody signed in.
        SessionAlert = "sessionAlert",
        /// A code that signs in.
        OtpSession = "otpSession",
    }
}

kernel::choices! {
    /// Kind of an SMS.
    pub enum SmsTemplate {
        /// A number is to be confirmed.
        Verification = "verification",
        /// A code that signs in.
        Login = "login",
        /// An invitation to a team.
        Invitation = "invitation",
        /// A code as a second factor.
        MfaChallenge = "mfaChallenge",
    }
}

/// A locale that readers may have: one of those that names are known in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Locale(pub locale_data::Locale);

impl Param for Locale {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        let text = value.as_str().unwrap_or_default();
        // Itself, not what it is a kind of: a template is kept for one locale.
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
    /// A template of a project's own.
    pub struct Template in templates as Templates {
        /// Id: project, channel, type and locale, in one text.
        pub id: String => Id,
        /// The project it belongs to.
        pub project_id: ProjectId => ProjectId,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// Channel.
        pub channel: Channel => Channel,
        /// Subject.
        pub r#type: String => Type,
        /// For readers of which locale.
        pub locale: String => Locale,
        /// The subject; empty for an SMS.
        pub subject: String => Subject,
        /// The message: markup for a mail.
        pub message: String => Message,
        /// The sender's name; empty for the project's.
        pub sender_name: String => SenderName,
        /// The sender's address; empty for the project's.
        pub sender_email: String => SenderEmail,
        /// Reply-to address; empty: the project's.
        pub reply_to: String => ReplyTo,
        /// Whom answers go to.
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
    /// Subject.
    pub r#type: &'static str,
    /// For readers of which locale.
    pub locale: String,
}

impl Key {
    fn id(&self) -> String {
        format!("{}:{}:{}:{}", self.project, self.channel, self.r#type, self.locale)
    }
}

impl Template {
    /// An empty one.
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

/// Finds a project's own template for a reader: of their locale, or else of their language.
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

/// The templates of a project's own, sorted by what they are for.
pub fn of_project(tx: &mut Tx<'_>, project: &ProjectId, channel: Channel) -> Result<Vec<Template>> {
    let query = Template::select()
        .and_where(Expr::col(Templates::ProjectId).eq(project.as_str()))
        .and_where(Expr::col(Templates::Channel).eq(channel.as_str()))
        .order_by(Templates::Id, db::sea_query::Order::Asc)
        .take();
    Ok(tx.all(&query)?)
}

/// Keeps a template, in the place of the one that there was.
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

/// Gives up a template: ours takes its place.
pub fn remove(tx: &mut Tx<'_>, key: &Key) -> Result<Template> {
    let template = find(tx, key)?.ok_or(Error::TemplateIsOurs)?;
    let delete = Query::delete()
        .from_table(Templates::Table)
        .and_where(Expr::col(Templates::Id).eq(key.id()))
        .take();
    tx.execute(&delete)?;
    Ok(template)
}
