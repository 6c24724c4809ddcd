//! Opening of sessions, shared by several services: creates the session, records its event, sends an alert by mail if
//! the project has enabled it, and builds the reply.

use std::sync::Arc;

use api::{Act, Base, Created, Result, With, cookies};
use identity::sessions::{self, Opened, Proof};
use identity::{Origin, Policy, UserId, users};
use locale_data::Locale;
use notifications::{ClientFacts, MailNotification, MailTemplate, Notification, Notifier, Values};
use secrets::Vault;
use senders::Mailbox;

use crate::sessions::record_session_event;

/// Dependencies of opening a session.
#[derive(Debug, Clone)]
pub struct SessionOpener {
    origin: Origin,
    policy: Policy,
    vault: Arc<Vault>,
    notifier: Notifier,
    locale: Locale,
    /// Whether mail can be sent at all.
    mails: bool,
    /// Whether the new session replaces the active one; then no alert is sent.
    replaces: bool,
}

impl SessionOpener {
    /// Reads the dependencies from a call.
    pub fn of(call: &Base) -> Self {
        Self {
            origin: call.origin(),
            policy: call.project.policy().clone(),
            vault: Arc::clone(&call.app.vault),
            notifier: call.app.notifier.clone(),
            locale: call.locale(),
            mails: call.app.notifier.check_mail(&call.project).is_ok(),
            replaces: false,
        }
    }

    /// Sets whether the new session replaces the active one; then no alert is sent.
    #[must_use]
    pub fn replacing(mut self, replaces: bool) -> Self {
        self.replaces = replaces;
        self
    }

    /// The server's keys.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Opens a session and records its event.
    pub fn open(&self, act: &mut Act<'_, '_>, user: &UserId, proof: Proof) -> Result<Opened> {
        let opened = self.open_session(act, user, proof)?;
        record_session_event(act, &opened.session, &self.vault)?;
        Ok(opened)
    }

    /// Opens a session without recording its event, for acts that record another event.
    pub fn open_session(&self, act: &mut Act<'_, '_>, user: &UserId, proof: Proof) -> Result<Opened> {
        // No alert for sessions that were opened by e-mail.
        let by_mail = proof.factors == ["email"];
        let opened = sessions::open(act, user, proof, &self.origin, &self.policy, &self.vault)?;
        if self.policy.session_alerts && self.mails && !by_mail && !self.replaces {
            self.alert(act, user)?;
        }
        Ok(opened)
    }

    /// Alerts a user of the new session by mail, if there are other sessions.
    fn alert(&self, act: &mut Act<'_, '_>, user: &UserId) -> Result<()> {
        let user = users::find(act, user)?;
        let Some(email) = &user.email else { return Ok(()) };
        if sessions::of_user(act, &user.id)?.len() < 2 {
            return Ok(());
        }
        let values = Values::from([("user".to_owned(), user.name.clone())]);
        let notification = Notification::Mail(MailNotification {
            to: Mailbox::new(user.name, email),
            template: MailTemplate::SessionAlert,
            locale: self.locale.code().to_owned(),
            values,
            client: ClientFacts::of(&self.origin, act.now()),
            until: None,
        });
        Ok(self.notifier.enqueue(act, &notification)?)
    }

    /// The reply to the client: the session, and cookies. Only privileged callers get the secret.
    pub fn answer(&self, call: &Base, opened: &Opened) -> Result<With<Created<crate::Session>>> {
        let secret = call.caller.is_privileged().then(|| opened.token.clone());
        let view = crate::session(&opened.session, true, secret, &self.vault, true)?;
        let headers = cookies::open(&call.app, &call.project, &call.request, opened);
        Ok(With(Created(view), headers))
    }
}
