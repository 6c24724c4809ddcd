//! The words of a project's own for mails and SMS. What it has none for is shown as ours, to begin from.

use api::{Call, Result};
use kernel::param::Text;
use kernel::{AnyCase, Email, OrBlank};
use notifications::{MailTemplate, SmsTemplate, default_mail, default_sms};
use projects::templates::{self, Channel, Key, Locale, Template};

use crate::projects::record_event;
use crate::{State, model};

/// The longest message, in characters.
const LONGEST: usize = 500_000;

kernel::params! {
    /// A mail's template.
    pub(crate) struct GetEmailTemplate {
        /// Subject.
        r#type: AnyCase<MailTemplate> = "type",
        /// For readers of which locale.
        locale: Locale = "locale",
    }
}

kernel::params! {
    /// Other words for a mail.
    pub(crate) struct UpdateEmailTemplate {
        /// Subject.
        r#type: AnyCase<MailTemplate> = "type",
        /// For readers of which locale.
        locale: Locale = "locale",
        /// The subject.
        subject: Text<255, 1> = "subject",
        /// The message, as markup.
        message: Text<LONGEST, 1> = "message",
        /// The sender's name; empty for the project's.
        sender_name: Text<255> = "senderName" | Text::default(),
        /// The sender's address; empty for the project's.
        sender_email: OrBlank<Email> = "senderEmail" | OrBlank(None),
        /// Reply-to address; empty: the project's.
        reply_to: OrBlank<Email> = "replyTo" | OrBlank(None),
    }
}

kernel::params! {
    /// An SMS's template.
    pub(crate) struct GetSmsTemplate {
        /// Subject.
        r#type: AnyCase<SmsTemplate> = "type",
        /// For readers of which locale.
        locale: Locale = "locale",
    }
}

kernel::params! {
    /// Other words for an SMS.
    pub(crate) struct UpdateSmsTemplate {
        /// Subject.
        r#type: AnyCase<SmsTemplate> = "type",
        /// For readers of which locale.
        locale: Locale = "locale",
        /// The message.
        message: Text<1600, 1> = "message",
    }
}

fn key(call: &Call<State>, channel: Channel, r#type: &'static str, locale: Locale) -> Result<Key> {
    Ok(Key {
        project: call.target()?.id().clone(),
        channel,
        r#type,
        locale: locale.0.code().to_owned(),
    })
}

/// A mail's words.
pub(crate) async fn get_mail(call: Call<State>, input: GetEmailTemplate) -> Result<model::EmailTemplate> {
    let AnyCase(about) = input.r#type;
    let key = key(&call, Channel::Email, about.as_str(), input.locale)?;
    let locale = key.locale.clone();
    let own = call.read(move |tx| templates::find(tx, &key)).await?;
    Ok(own.map_or_else(|| our_mail(about, &locale), show_mail))
}

/// Gives a mail other words.
pub(crate) async fn update_mail(call: Call<State>, input: UpdateEmailTemplate) -> Result<model::EmailTemplate> {
    let key = key(&call, Channel::Email, input.r#type.0.as_str(), input.locale)?;
    let text = |email: OrBlank<Email>| email.0.map(|email| email.as_str().to_owned()).unwrap_or_default();
    let mut template = Template::new(&key, call.now());
    template.subject = input.subject.0;
    template.message = input.message.0;
    template.sender_name = input.sender_name.0;
    template.sender_email = text(input.sender_email);
    template.reply_to = text(input.reply_to);
    put(&call, template).await.map(show_mail)
}

/// Gives a mail our words again.
pub(crate) async fn delete_mail(call: Call<State>, input: GetEmailTemplate) -> Result<model::EmailTemplate> {
    let AnyCase(about) = input.r#type;
    let key = key(&call, Channel::Email, about.as_str(), input.locale)?;
    let locale = key.locale.clone();
    remove(&call, key).await?;
    Ok(our_mail(about, &locale))
}

/// An SMS's words.
pub(crate) async fn get_sms(call: Call<State>, input: GetSmsTemplate) -> Result<model::SmsTemplate> {
    let AnyCase(about) = input.r#type;
    let key = key(&call, Channel::Sms, about.as_str(), input.locale)?;
    let locale = key.locale.clone();
    let own = call.read(move |tx| templates::find(tx, &key)).await?;
    Ok(own.map_or_else(|| our_sms(about, &locale), show_sms))
}

/// Gives an SMS other words.
pub(crate) async fn update_sms(call: Call<State>, input: UpdateSmsTemplate) -> Result<model::SmsTemplate> {
    let key = key(&call, Channel::Sms, input.r#type.0.as_str(), input.locale)?;
    let mut template = Template::new(&key, call.now());
    template.message = input.message.0;
    put(&call, template).await.map(show_sms)
}

/// Gives an SMS our words again.
pub(crate) async fn delete_sms(call: Call<State>, input: GetSmsTemplate) -> Result<model::SmsTemplate> {
    let AnyCase(about) = input.r#type;
    let key = key(&call, Channel::Sms, about.as_str(), input.locale)?;
    let locale = key.locale.clone();
    remove(&call, key).await?;
    Ok(our_sms(about, &locale))
}

async fn put(call: &Call<State>, template: Template) -> Result<Template> {
    call.act_in_console(move |act| {
        templates::put(act, &template)?;
        record_event(act, &template.project_id)?;
        api::Result::Ok(template)
    })
    .await
}

async fn remove(call: &Call<State>, key: Key) -> Result<()> {
    call.act_in_console(move |act| {
        templates::remove(act, &key)?;
        record_event(act, &key.project)
    })
    .await
}

fn our_mail(about: MailTemplate, locale: &str) -> model::EmailTemplate {
    let (subject, message) = default_mail(about, locale);
    model::EmailTemplate {
        r#type: about.to_string(),
        locale: locale.to_owned(),
        message,
        sender_name: String::new(),
        sender_email: String::new(),
        reply_to: String::new(),
        subject,
    }
}

fn show_mail(own: Template) -> model::EmailTemplate {
    model::EmailTemplate {
        r#type: own.r#type,
        locale: own.locale,
        message: own.message,
        sender_name: own.sender_name,
        sender_email: own.sender_email,
        reply_to: own.reply_to,
        subject: own.subject,
    }
}

fn our_sms(about: SmsTemplate, locale: &str) -> model::SmsTemplate {
    model::SmsTemplate {
        r#type: about.to_string(),
        locale: locale.to_owned(),
        message: default_sms(about, locale).to_owned(),
    }
}

fn show_sms(own: Template) -> model::SmsTemplate {
    model::SmsTemplate {
        r#type: own.r#type,
        locale: own.locale,
        message: own.message,
    }
}
