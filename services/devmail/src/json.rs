//! The inbox as JSON, oldest first.

use senders::{Inbox, Mailbox};
use serde_json::{Value, json};

pub(crate) fn mails(inbox: &Inbox) -> Value {
    let mails = inbox.mails().into_iter().map(|(id, time, mail)| {
        json!({
            "id": id.to_string(),
            "date": time,
            "from": people(Some(&mail.from)),
            "to": people(Some(&mail.to)),
            "replyTo": people(mail.reply_to.as_ref()),
            "subject": mail.subject,
            "html": mail.html,
            "text": mail.text,
        })
    });
    mails.collect()
}

fn people(mailbox: Option<&Mailbox>) -> Value {
    mailbox
        .map(|one| json!({"address": one.address, "name": one.name}))
        .into_iter()
        .collect()
}

pub(crate) fn sms(inbox: &Inbox) -> Value {
    let sms = inbox.sms().into_iter();
    sms.map(|(id, time, sms)| json!({"id": id.to_string(), "date": time, "to": sms.to, "message": sms.text}))
        .collect()
}
