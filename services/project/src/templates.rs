//! The words of the project's own for mails. What it has none for is shown as ours, to begin from.

use api::{Call, Result};
use kernel::param::Text;
use kernel::query::Texts;
use kernel::{AnyCase, Email, OrBlank};
use notifications::{MailTemplate, default_mail};
use projects::templates::{self, Channel, Key, Locale, Template};

use crate::own::{of, record_event};
use crate::{State, model};

/// The longest message, in characters.
const LONGEST: usize = 500_000;

kernel::params! {
    /// Limit and offset.
    pub(crate) struct ListTemplates {
        /// Limit and offset.
        queries: Texts = "queries",
        /// Whether to count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// A template.
    pub(crate) struct GetTemplate {
        /// Subject.
        template_id: AnyCase<MailTemplate> = "templateId",
        /// For readers of which locale.
        locale: Locale = "locale" | Locale::default(),
    }
}

kernel::params! {
    /// Changes to a template; absent fields stay as they are.
    pub(crate) struct UpdateTemplate {
        /// Subject.
        template_id: AnyCase<MailTemplate> = "templateId",
        /// For readers of which locale.
        locale: Locale = "locale" | Locale::default(),
        /// The subject.
        subject: Option<Text<255, 1>> = "subject",
        /// The message, as markup.
        message: Option<Text<LONGEST, 1>> = "message",
        /// The sender's name; empty for the project's.
        sender_name: Option<Text<255>> = "senderName",
        /// The sender's address; empty for the project's.
        sender_email: Option<OrBlank<Email>> = "senderEmail",
        /// Reply-to address; empty: the project's.
        reply_to_email: Option<OrBlank<Email>> = "replyToEmail",
        /// Whom answers go to.
        reply_to_name: Option<Text<255>> = "replyToName",
    }
}

/// The project's own templates.
pub(crate) async fn list(call: Call<State>, input: ListTemplates) -> Result<model::EmailTemplateList> {
    let paging = input.queries.read("", input.total)?.paging(db::list::DEFAULT_LIMIT)?;
    let id = of(&call)?.id().clone();
    let console = call.app.projects.database();
    let own = console
        .read(move |tx| templates::of_project(tx, &id, Channel::Email))
        .await?;
    let (total, templates) = model::page(own.into_iter().map(show).collect(), paging, input.total);
    Ok(model::EmailTemplateList { total, templates })
}

/// A mail's words.
pub(crate) async fn get(call: Call<State>, input: GetTemplate) -> Result<model::EmailTemplate> {
    let key = key(&call, input.template_id.0, input.locale)?;
    let ours = ours(&key, input.template_id.0, &call);
    let console = call.app.projects.database();
    let own = console.read(move |tx| templates::find(tx, &key)).await?;
    Ok(show(own.unwrap_or(ours)))
}

/// Gives a mail other words.
pub(crate) async fn update(call: Call<State>, input: UpdateTemplate) -> Result<model::EmailTemplate> {
    let key = key(&call, input.template_id.0, input.locale)?;
    let ours = ours(&key, input.template_id.0, &call);
    let template = call
        .act_in_console(move |act| {
            let mut template = templates::find(act, &key)?.unwrap_or(ours);
            template.updated_at = act.now();
            apply(input, &mut template);
            templates::put(act, &template)?;
            record_event(act, &key.project)?;
            api::Result::Ok(template)
        })
        .await?;
    Ok(show(template))
}

fn key(call: &Call<State>, about: MailTemplate, locale: Locale) -> Result<Key> {
    Ok(Key {
        project: of(call)?.id().clone(),
        channel: Channel::Email,
        r#type: about.as_str(),
        locale: locale.0.code().to_owned(),
    })
}

/// Our own words, as a project's begin.
fn ours(key: &Key, about: MailTemplate, call: &Call<State>) -> Template {
    let mut template = Template::new(key, call.now());
    (template.subject, template.message) = default_mail(about, &key.locale);
    template
}

fn apply(input: UpdateTemplate, template: &mut Template) {
    let text = |email: OrBlank<Email>| email.0.map(|email| email.as_str().to_owned()).unwrap_or_default();
    let changes = [
        (&mut template.subject, input.subject.map(|text| text.0)),
        (&mut template.message, input.message.map(|text| text.0)),
        (&mut template.sender_name, input.sender_name.map(|text| text.0)),
        (&mut template.sender_email, input.sender_email.map(text)),
        (&mut template.reply_to, input.reply_to_email.map(text)),
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
