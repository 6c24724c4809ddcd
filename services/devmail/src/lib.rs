//! The development inbox: with `--dev`, the mails and SMS sent by the server, as a page and as JSON.
//!
//! The JSON of mails has the fields common to other mail catchers (maildev, MailHog's successors), so that an app's
//! tests can read codes and links from it. A mail's HTML is shown in a sandboxed frame that can only open links.

mod json;
mod page;

use api::{Reply, Request};
use http::{Method, StatusCode};
use senders::Inbox;

/// Path of the inbox.
pub const PATH: &str = "/dev/mail";
/// Path of the mails as JSON.
pub const MAILS: &str = "/dev/mail.json";
/// Path of the SMS as JSON.
pub const SMS: &str = "/dev/sms.json";

/// Handles a request whose path is under [`PATH`], or is [`MAILS`] or [`SMS`].
pub fn handle(inbox: &Inbox, request: &Request) -> Reply {
    let path = request.path.as_str();
    let rest = path.strip_prefix(PATH).filter(|_| path != MAILS).unwrap_or(path);
    match (&request.method, rest) {
        (&Method::GET, "" | "/") => page::list(inbox),
        (&Method::GET, MAILS) => Reply::json(StatusCode::OK, &json::mails(inbox)),
        (&Method::GET, SMS) => Reply::json(StatusCode::OK, &json::sms(inbox)),
        (&Method::DELETE, MAILS) => {
            inbox.clear();
            Reply::empty(StatusCode::NO_CONTENT)
        }
        (&Method::GET, rest) => {
            let (id, part) = rest
                .trim_start_matches('/')
                .split_once('/')
                .unwrap_or((rest.trim_start_matches('/'), ""));
            match (id.parse().ok().and_then(|id| inbox.mail(id)), part) {
                (Some(mail), "") => page::mail(id, &mail),
                (Some(mail), "html") => page::body(&mail),
                _ => page::missing(),
            }
        }
        _ => page::missing(),
    }
}
