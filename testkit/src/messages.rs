//! Extracts links and codes from mails and SMS.

use std::collections::HashMap;

use senders::Mail;
use url::Url;

/// Query parameters of the first link in a mail, by name, and the link itself as `url`.
///
/// # Panics
/// If the mail contains no link.
pub fn link_of(mail: &Mail) -> HashMap<String, String> {
    let link = mail
        .text
        .split_whitespace()
        .find(|word| word.contains("://"))
        .expect("a link");
    let link = Url::parse(link).expect("a URL");
    let mut found: HashMap<String, String> = link.query_pairs().into_owned().collect();
    found.insert("url".to_owned(), link.as_str().to_owned());
    found
}

/// The six-digit code in a text.
///
/// # Panics
/// If the text contains no code.
pub fn code_of(text: &str) -> String {
    let digits = text.split(|c: char| !c.is_ascii_digit());
    digits
        .into_iter()
        .find(|run| run.len() == 6)
        .expect("a code")
        .to_owned()
}
