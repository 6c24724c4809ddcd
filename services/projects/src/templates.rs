//! The project's own templates of mails and SMS. Where it has none, the default one is returned.

use api::{Call, Result};
use kernel::param::Text;
use kernel::{AnyCase, Email, OrBlank, Timestamp};
use notifications::{MailTemplate, SmsTemplate, default_sms};
use projects::templates::{Channel, Key, Locale, Template};
use projects_api::project::record_event;
use projects_api::smtp::address;
use projects_api::templates::{self, MAX_MESSAGE, default_email, key};

use crate::model;
use crate::target::State;

kernel::params! {
    /// Parameters of the operations on the template of a mail.
    pub(crate) struct GetEmailTemplate {
        /// Type of the template.
        r#type: AnyCase<MailTemplate> = "type",
        /// Locale of the recipients.
        locale: Locale = "locale",
    }
}

kernel::params! {
    /// Parameters of a changed template of a mail.
    pub(crate) struct UpdateEmailTemplate {
        /// Type of the template.
        r#type: AnyCase<MailTemplate> = "type",
        /// Locale of the recipients.
        locale: Locale = "locale",
        /// The subject.
        subject: Text<255, 1> = "subject",
        /// The message, as HTML.
        message: Text<MAX_MESSAGE, 1> = "message",
        /// The sender's name; empty for the project's.
        sender_name: Text<255> = "senderName" | Text::default(),
        /// The sender's address; empty for the project's.
        sender_email: OrBlank<Email> = "senderEmail" | OrBlank(None),
        /// Reply-to address; empty for the project's.
        reply_to: OrBlank<Email> = "replyTo" | OrBlank(None),
    }
}

kernel::params! {
    /// Parameters of the operations on the template of an SMS.
    pub(crate) struct GetSmsTemplate {
        /// Type of the template.
        r#type: AnyCase<SmsTemplate> = "type",
        /// Locale of the recipients.
        locale: Locale = "locale",
    }
}

kernel::params! {
    /// Parameters of a changed template of an SMS.
    pub(crate) struct UpdateSmsTemplate {
        /// Type of the template.
        r#type: AnyCase<SmsTemplate> = "type",
        /// Locale of the recipients.
        locale: Locale = "locale",
        /// The message.
        message: Text<1600, 1> = "message",
    }
}

/// Returns the template of a mail.
pub(crate) async fn get_mail(call: Call<State>, input: GetEmailTemplate) -> Result<model::EmailTemplate> {
    let AnyCase(about) = input.r#type;
    let key = key(&call, Channel::Email, about.as_str(), input.locale)?;
    let default = default_email(&key, about, call.now());
    templates::find(&call, key, default).await.map(show_mail)
}

/// Changes the template of a mail.
pub(crate) async fn update_mail(call: Call<State>, input: UpdateEmailTemplate) -> Result<model::EmailTemplate> {
    let key = key(&call, Channel::Email, input.r#type.0.as_str(), input.locale)?;
    let blank = Template::new(&key, call.now());
    let changed = templates::update(&call, key, blank, |template| {
        template.subject = input.subject.0;
        template.message = input.message.0;
        template.sender_name = input.sender_name.0;
        template.sender_email = address(input.sender_email);
        template.reply_to = address(input.reply_to);
        template.reply_to_name.clear();
    });
    changed.await.map(show_mail)
}

/// Deletes the project's template of a mail, and returns the default one.
pub(crate) async fn delete_mail(call: Call<State>, input: GetEmailTemplate) -> Result<model::EmailTemplate> {
    let AnyCase(about) = input.r#type;
    let key = key(&call, Channel::Email, about.as_str(), input.locale)?;
    let default = default_email(&key, about, call.now());
    remove(&call, key).await?;
    Ok(show_mail(default))
}

/// Returns the template of an SMS.
pub(crate) async fn get_sms(call: Call<State>, input: GetSmsTemplate) -> Result<model::SmsTemplate> {
    let AnyCase(about) = input.r#type;
    let key = key(&call, Channel::Sms, about.as_str(), input.locale)?;
    let default = our_sms(&key, about, call.now());
    templates::find(&call, key, default).await.map(show_sms)
}

/// Changes the template of an SMS.
pub(crate) async fn update_sms(call: Call<State>, input: UpdateSmsTemplate) -> Result<model::SmsTemplate> {
    let key = key(&call, Channel::Sms, input.r#type.0.as_str(), input.locale)?;
    let blank = Template::new(&key, call.now());
    let changed = templates::update(&call, key, blank, |template| template.message = input.message.0);
    changed.await.map(show_sms)
}

/// Deletes the project's template of an SMS, and returns the default one.
pub(crate) async fn delete_sms(call: Call<State>, input: GetSmsTemplate) -> Result<model::SmsTemplate> {
    let AnyCase(about) = input.r#type;
    let key = key(&call, Channel::Sms, about.as_str(), input.locale)?;
    let default = our_sms(&key, about, call.now());
    remove(&call, key).await?;
    Ok(show_sms(default))
}

async fn remove(call: &Call<State>, key: Key) -> Result<()> {
    call.act_in_console(move |act| {
        projects::templates::remove(act, &key)?;
        record_event(act, &key.project)
    })
    .await
}

fn our_sms(key: &Key, about: SmsTemplate, now: Timestamp) -> Template {
    let mut template = Template::new(key, now);
    default_sms(about, &key.locale).clone_into(&mut template.message);
    template
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

fn show_sms(own: Template) -> model::SmsTemplate {
    model::SmsTemplate {
        r#type: own.r#type,
        locale: own.locale,
        message: own.message,
    }
}
