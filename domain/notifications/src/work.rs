//! The job that renders a notification and sends it.

use jobs::{Job, JobError, Worker};
use projects::Project;
use projects::templates::{self, Channel, Key, Template};
use secrets::Sealed;
use senders::{Mail, MailRoute, SendError, Sms};

use crate::compose;
use crate::notification::{MailNotification, Notification, SmsNotification};
use crate::notifier::Notifier;

/// Kind of the job, and the context of the encryption: a stored name that must not change.
pub(crate) const JOB: &str = "letter";
/// Kinds of this crate's jobs.
pub const JOBS: &[&str] = &[JOB];

/// Registers the job with a worker.
pub fn register(worker: Worker, notifier: &Notifier) -> Worker {
    let notifier = notifier.clone();
    worker.handle(JOB, move |job| {
        let notifier = notifier.clone();
        async move { notifier.deliver(job).await }
    })
}

impl Notifier {
    async fn deliver(&self, job: Job) -> Result<(), JobError> {
        let sealed = job.payload["letter"].as_str().unwrap_or_default().to_owned();
        let text = self.vault.open(&Sealed(sealed), JOB).map_err(JobError::permanent)?;
        let notification: Notification = serde_json::from_str(&text).map_err(JobError::permanent)?;
        let project = match self.projects.get(job.database.name()).await {
            Ok(project) => project,
            // The project and its database were deleted.
            Err(projects::Error::ProjectNotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if notification
            .until()
            .is_some_and(|until| until < job.database.engine().clock().now())
        {
            tracing::debug!(project = %project.id(), "a notification was dropped: what it holds has expired");
            return Ok(());
        }
        let sent = match &notification {
            Notification::Mail(notification) => self.mail(notification, &project).await?,
            Notification::Sms(notification) => self.sms(notification, &project).await?,
        };
        sent.map_err(|error| {
            if error.is_permanent() {
                JobError::permanent(error)
            } else {
                JobError::retry(error)
            }
        })
    }

    async fn mail(
        &self,
        notification: &MailNotification,
        project: &Project,
    ) -> Result<Result<(), SendError>, JobError> {
        let own_smtp = Some(&project.settings().smtp).filter(|smtp| smtp.is_usable());
        // A project's template is used only with its own mail server: mails by the operator's server are in the
        // operator's name.
        let own = match own_smtp {
            Some(_) => {
                self.own(
                    project,
                    Channel::Email,
                    notification.template.as_str(),
                    &notification.locale,
                )
                .await?
            }
            None => None,
        };
        let name = &project.record.name;
        let written = compose::mail(notification, name, own.as_ref());
        let (route, from, reply_to) = match own_smtp {
            Some(smtp) => self
                .project_route(smtp, own.as_ref(), project.id())
                .map_err(JobError::permanent)?,
            None => (MailRoute::Own, self.operator(name), None),
        };
        let mail = Mail {
            from,
            to: notification.to.clone(),
            reply_to,
            subject: written.subject,
            html: written.html,
            text: written.text,
        };
        Ok(self.post.mail(&mail, &route).await)
    }

    async fn sms(&self, notification: &SmsNotification, project: &Project) -> Result<Result<(), SendError>, JobError> {
        let own = self
            .own(
                project,
                Channel::Sms,
                notification.template.as_str(),
                &notification.locale,
            )
            .await?;
        let text = compose::sms(notification, &project.record.name, own.as_ref());
        let to = notification.to.clone();
        Ok(self.post.sms(&Sms { to, text }).await)
    }

    /// The project's own template, if there is one.
    async fn own(
        &self,
        project: &Project,
        channel: Channel,
        r#type: &'static str,
        locale: &str,
    ) -> Result<Option<Template>, JobError> {
        let key = Key {
            project: project.id().clone(),
            channel,
            r#type,
            locale: locale.to_owned(),
        };
        let read = self.projects.database().read(move |tx| templates::find_for(tx, key));
        Ok(read.await?)
    }
}
