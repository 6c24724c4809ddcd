//! The project's own templates of mails and SMS.

use api::{Call, Result};
use kernel::Timestamp;
use notifications::{MailTemplate, default_mail};
use projects::templates::{self, Channel, Key, Locale, Template};

use crate::project::record_event;
use crate::{State, Wire};

/// Maximum length of the message of a mail, in characters.
pub const MAX_MESSAGE: usize = 500_000;

/// Key of a template of the project.
pub fn key<W: Wire>(call: &Call<State<W>>, channel: Channel, r#type: &'static str, locale: Locale) -> Result<Key> {
    Ok(Key {
        project: W::project(call)?.id().clone(),
        channel,
        r#type,
        locale: locale.0.code().to_owned(),
    })
}

/// The default template of a mail.
pub fn default_email(key: &Key, about: MailTemplate, now: Timestamp) -> Template {
    let mut template = Template::new(key, now);
    (template.subject, template.message) = default_mail(about, &key.locale);
    template
}

/// The project's template, or else the default one.
pub async fn find<W: Wire>(call: &Call<State<W>>, key: Key, default: Template) -> Result<Template> {
    let console = call.app.projects.database();
    let own = console.read(move |tx| templates::find(tx, &key)).await?;
    Ok(own.unwrap_or(default))
}

/// Changes the project's template; if it has none, the default one is the base.
pub async fn update<W: Wire>(
    call: &Call<State<W>>,
    key: Key,
    default: Template,
    change: impl FnOnce(&mut Template) + Send + 'static,
) -> Result<Template> {
    call.act_in_console(move |act| {
        let mut template = templates::find(act, &key)?.unwrap_or(default);
        template.updated_at = act.now();
        change(&mut template);
        templates::put(act, &template)?;
        record_event(act, &key.project)?;
        api::Result::Ok(template)
    })
    .await
}
