//! The project's own templates of mails. Where it has none, the default one is returned.

use api::{Call, Result};
use kernel::param::Text;
use kernel::query::Texts;
use kernel::{AnyCase, Email, OrBlank};
use notifications::MailTemplate;
use projects::templates::{Channel, Locale, Template, of_project};
use projects_api::Wire;
use projects_api::smtp::address;
use projects_api::templates::{self, MAX_MESSAGE, default_email, key};

use crate::model;
use crate::own::{Own, State};

kernel::params! {
    /// Parameters of the list of templates.
    pub(crate) struct ListTemplates {
        /// Limit and offset.
        queries: Texts = "queries",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// Parameters of the template of a mail.
    pub(crate) struct GetTemplate {
        /// Type of the mail.
        template_id: AnyCase<MailTemplate> = "templateId",
        /// Locale of the recipients.
        locale: Locale = "locale" | Locale::default(),
    }
}

kernel::params! {
    /// Changes to a template; absent fields stay as they are.
    pub(crate) struct UpdateTemplate {
        /// Type of the mail.
        template_id: AnyCase<MailTemplate> = "templateId",
        /// Locale of the recipients.
        locale: Locale = "locale" | Locale::default(),
        /// The subject.
        subject: Option<Text<255, 1>> = "subject",
        /// The message, as HTML.
        message: Option<Text<MAX_MESSAGE, 1>> = "message",
        /// The sender's name; empty for the project's.
        sender_name: Option<Text<255>> = "senderName",
        /// The sender's address; empty for the project's.
        sender_email: Option<OrBlank<Email>> = "senderEmail",
        /// Reply-to address; empty for the project's.
        reply_to_email: Option<OrBlank<Email>> = "replyToEmail",
        /// Reply-to name.
        reply_to_name: Option<Text<255>> = "replyToName",
    }
}

/// Lists the project's own templates.
pub(crate) async fn list(call: Call<State>, input: ListTemplates) -> Result<model::EmailTemplateList> {
    let paging = input.queries.read("", input.total)?.paging(db::list::DEFAULT_LIMIT)?;
    let id = Own::project(&call)?.id().clone();
    let console = call.app.projects.database();
    let own = console.read(move |tx| of_project(tx, &id, Channel::Email)).await?;
    let (total, templates) = model::page(own.into_iter().map(show).collect(), paging, input.total);
    Ok(model::EmailTemplateList { total, templates })
}

/// Returns the template of a mail.
pub(crate) async fn get(call: Call<State>, input: GetTemplate) -> Result<model::EmailTemplate> {
    let AnyCase(about) = input.template_id;
    let key = key(&call, Channel::Email, about.as_str(), input.locale)?;
    let default = default_email(&key, about, call.now());
    templates::find(&call, key, default).await.map(show)
}

/// Changes the template of a mail.
pub(crate) async fn update(call: Call<State>, input: UpdateTemplate) -> Result<model::EmailTemplate> {
    let AnyCase(about) = input.template_id;
    let key = key(&call, Channel::Email, about.as_str(), input.locale)?;
    let default = default_email(&key, about, call.now());
    let changed = templates::update(&call, key, default, |template| apply(input, template));
    changed.await.map(show)
}

fn apply(input: UpdateTemplate, template: &mut Template) {
    let changes = [
        (&mut template.subject, input.subject.map(|text| text.0)),
        (&mut template.message, input.message.map(|text| text.0)),
        (&mut template.sender_name, input.sender_name.map(|text| text.0)),
        (&mut template.sender_email, input.sender_email.map(address)),
        (&mut template.reply_to, input.reply_to_email.map(address)),
        (&mut template.reply_to_name, input.reply_to_name.map(|text| text.0)),
    ];
    for (field, new) in changes {
        if let Some(new) = new {
            *field = new;
        }
    }
}

fn show(template: Template) -> model::EmailTemplate {
    model::EmailTemplate {
        template_id: template.r#type,
        locale: template.locale,
        subject: template.subject,
        message: template.message,
        sender_name: template.sender_name,
        sender_email: template.sender_email,
        reply_to_email: template.reply_to,
        reply_to_name: template.reply_to_name,
    }
}
