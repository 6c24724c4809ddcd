//! The project's own mail server.

use api::{Call, NoContent, Result};
use kernel::{Email, OrBlank};
use projects::smtp::OwnSmtp;

use crate::project::change;
use crate::{State, Wire};

/// Sets the mail server. A server that is enabled is connected to first, so that a wrong setting is refused.
pub async fn update<W: Wire>(call: &Call<State<W>>, smtp: OwnSmtp) -> Result<W::Project> {
    smtp.check()?;
    if smtp.enabled {
        let project = W::project(call)?.id();
        call.app.notifier.verify_connection(&smtp, project).await?;
    }
    change(call, move |record| record.settings.0.smtp = smtp).await
}

/// Sends a test mail by this server, or by the operator's where it is not usable. Returns once the server accepted it.
pub async fn send_test<W: Wire>(call: &Call<State<W>>, smtp: &OwnSmtp, to: &[Email]) -> Result<NoContent> {
    call.app.notifier.try_out(smtp, W::project(call)?, to).await?;
    Ok(NoContent)
}

/// An address as it is stored in settings: empty if there is none.
pub fn address(email: OrBlank<Email>) -> String {
    email.0.map(|email| email.as_str().to_owned()).unwrap_or_default()
}
