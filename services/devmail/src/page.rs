//! The inbox as HTML pages.

use api::Reply;
use api::page::{STYLE, plain};
use http::{HeaderName, StatusCode};
use kernel::markup::escape;
use senders::{Inbox, Mail};

/// Reloads a list's page every 5 seconds to show new messages.
const REFRESH: &str = "<meta http-equiv=\"refresh\" content=\"5\">";
const OWN: &str = "body{place-items:start center}main{max-width:46rem}table{width:100%;border-collapse:collapse;margin:1rem 0}\
td,th{padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);text-align:start;vertical-align:top;overflow-wrap:anywhere}\
th{color:var(--soft);font-weight:400;white-space:nowrap}time{color:var(--soft);white-space:nowrap}iframe{width:100%;height:44rem;border:1px solid \
var(--line);border-radius:10px;background:#fff}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:.9em/1.5 ui-monospace,monospace}\
@media(max-width:40rem){body{padding:.5rem}main{padding:1.25rem}td{display:block;border:0;padding:.15rem 0}tr{display:block;padding:.6rem 0;\
border-bottom:1px solid var(--line)}}";

/// Content security policy of the inbox: allows inline styles and the mail's frame.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// Content security policy of a mail: allows inline styles, images, and links opened in a new window.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'; form-action 'none'; \
     sandbox allow-popups allow-popups-to-escape-sandbox";

pub(crate) fn list(inbox: &Inbox) -> Reply {
    let mails: String = inbox
        .mails()
        .iter()
        .rev()
        .map(|(id, time, mail)| {
            format!(
                "<tr><td><time>{}</time></td><td>{}</td><td><a href=\"/dev/mail/{id}\">{}</a></td></tr>",
                clock(&time.to_string()),
                escape(&mail.to.address),
                escape(&mail.subject)
            )
        })
        .collect();
    let sms: String = inbox
        .sms()
        .iter()
        .rev()
        .map(|(_, time, sms)| {
            format!(
                "<tr><td><time>{}</time></td><td>{}</td><td>{}</td></tr>",
                clock(&time.to_string()),
                escape(&sms.to),
                escape(&sms.text)
            )
        })
        .collect();
    let section = |title: &str, rows: &str| match rows {
        "" => format!("<h2>{title}</h2><p>None yet.</p>"),
        rows => format!("<h2>{title}</h2><table>{rows}</table>"),
    };
    let body = format!(
        "<h1>Inbox</h1><p>What this server sent while it is being tried out. Nothing here left the machine, unless a mail server \
         or an SMS gateway is set up. As JSON: <a href=\"/dev/mail.json\">mails</a>, <a href=\"/dev/sms.json\">SMS</a>.</p>{}{}",
        section("Mails", &mails),
        section("SMS", &sms)
    );
    show("Inbox", &body, REFRESH)
}

pub(crate) fn mail(id: &str, mail: &Mail) -> Reply {
    let row = |name: &str, value: &str| format!("<tr><th>{name}</th><td>{}</td></tr>", escape(value));
    let reply_to = mail
        .reply_to
        .as_ref()
        .map(|to| row("Reply to", &to.shown()))
        .unwrap_or_default();
    let body = format!(
        "<p><a href=\"/dev/mail\">Inbox</a></p><h1>{}</h1><table>{}{}{reply_to}</table>\
         <iframe title=\"The mail\" src=\"/dev/mail/{}/html\"></iframe><h2>As plain text</h2><pre>{}</pre>",
        escape(&mail.subject),
        row("From", &mail.from.shown()),
        row("To", &mail.to.shown()),
        escape(id),
        escape(&mail.text)
    );
    show(&mail.subject, &body, "")
}

/// The HTML of a mail. Links open in a new window, not in the frame.
pub(crate) fn body(mail: &Mail) -> Reply {
    let html = mail.html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    Reply::html(StatusCode::OK, html, MAIL_POLICY)
}

pub(crate) fn missing() -> Reply {
    plain(
        StatusCode::NOT_FOUND,
        "Not found",
        "<h1>There is no such message</h1><p><a href=\"/dev/mail\">Inbox</a></p>",
    )
}

fn show(title: &str, body: &str, head: &str) -> Reply {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\">{head}<title>{}</title><style>{STYLE}{OWN}</style></head>\
         <body><main><p class=\"mark\">Ferrite</p>{body}</main></body></html>",
        escape(title)
    );
    let frames = HeaderName::from_static("x-frame-options");
    Reply::html(StatusCode::OK, html, POLICY).with(frames, "DENY")
}

/// The time of day (`HH:MM:SS`) of an ISO 8601 time.
fn clock(instant: &str) -> String {
    instant.get(11..19).unwrap_or(instant).to_owned()
}
