//! Reads mails in tests: follows a link, types a code.

use std::collections::HashMap;

use senders::Mail;
use url::Url;

/// What the link of a mail holds, by name.
///
/// # Panics
/// When there is no link: then the test has failed.
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

/// The code in a text: its six digits.
///
/// # Panics
/// When there is none: then the test has failed.
pub fn code_of(text: &str) -> String {
    let digits = text.split(|c: char| !c.is_ascii_digit());
    digits
        .into_iter()
        .find(|run| run.len() == 6)
        .expect("a code")
        .to_owned()
}
