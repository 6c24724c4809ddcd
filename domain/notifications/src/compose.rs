//! Rendering of notifications: fills the built-in or the project's template, as HTML and as plain text.

use projects::templates::{MailTemplate, SmsTemplate, Template};

use crate::fill;
use crate::language::{Language, MailTexts};
use crate::notification::{MailNotification, SmsNotification, Values};

/// Layout of every mail.
const LAYOUT: &str = include_str!("layout.html");

/// A rendered mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// The subject.
    pub subject: String,
    /// HTML body: a complete document.
    pub html: String,
    /// Plain-text body.
    pub text: String,
}

/// Kind of a mail's body.
enum BodyKind {
    /// A link to follow.
    Link,
    /// A code to type.
    Code,
    /// Facts about the client of a sign-in.
    ClientFacts,
}

fn body_kind(template: MailTemplate) -> BodyKind {
    match template {
        MailTemplate::Verification | MailTemplate::MagicSession | MailTemplate::Recovery | MailTemplate::Invitation => {
            BodyKind::Link
        }
        MailTemplate::OtpSession | MailTemplate::MfaChallenge => BodyKind::Code,
        MailTemplate::SessionAlert => BodyKind::ClientFacts,
    }
}

/// The built-in mail with its placeholders: subject and message, as the starting point for a project's template.
pub fn default_mail(template: MailTemplate, locale: &str) -> (String, String) {
    let language = Language::of(locale);
    let texts = language.mail(template);
    let message = paragraphs(language, texts, template, &[])
        .iter()
        .map(Piece::markup)
        .collect();
    (texts.subject.clone(), message)
}

/// The built-in SMS with its placeholders.
pub fn default_sms(template: SmsTemplate, locale: &str) -> &'static str {
    let texts = &Language::of(locale).sms;
    match template {
        SmsTemplate::Verification | SmsTemplate::Login | SmsTemplate::MfaChallenge => &texts.code,
        SmsTemplate::Invitation => &texts.invitation,
    }
}

/// Renders a mail.
pub(crate) fn mail(notification: &MailNotification, project: &str, own: Option<&Template>) -> RenderedMail {
    let language = Language::of(&notification.locale);
    let texts = language.mail(notification.template);
    let mut values = notification.client.values(&notification.locale);
    values.extend(notification.values.clone());
    values.entry("project".to_owned()).or_insert_with(|| project.to_owned());
    values.insert("direction".to_owned(), language.direction.clone());
    let subject = own.map_or(&texts.subject, |own| &own.subject);
    let subject = fill::plain(subject, &values);
    values.insert("subject".to_owned(), subject.clone());
    let (markup, text) = match own {
        Some(own) => {
            let markup = fill::html(&own.message, &values);
            let text = fill::stripped(&markup);
            (markup, text)
        }
        None => {
            let empty: Vec<&str> = ["user", "phrase", "agentClient"]
                .into_iter()
                .filter(|name| values.get(*name).is_none_or(String::is_empty))
                .collect();
            let pieces = paragraphs(language, texts, notification.template, &empty);
            let markup: String = pieces
                .iter()
                .map(|piece| fill::html(&piece.markup(), &values))
                .collect();
            let text: Vec<String> = pieces
                .iter()
                .filter_map(Piece::text)
                .map(|text| fill::plain(&text, &values))
                .collect();
            (markup, text.join("\n\n"))
        }
    };
    let html = page(language, &subject, &markup, &values);
    RenderedMail { subject, html, text }
}

/// Renders the test mail.
pub(crate) fn test_message(project: &str) -> RenderedMail {
    let values = Values::from([("project".to_owned(), project.to_owned())]);
    let sentence = "This is a test: {{project}} can send mail.";
    let subject = fill::plain("Test mail of {{project}}", &values);
    let markup = fill::html(&Piece::Paragraph(sentence.to_owned()).markup(), &values);
    RenderedMail {
        html: page(Language::of("en"), &subject, &markup, &values),
        text: fill::plain(sentence, &values),
        subject,
    }
}

/// Renders an SMS.
pub(crate) fn sms(notification: &SmsNotification, project: &str, own: Option<&Template>) -> String {
    let mut values = notification.values.clone();
    values.entry("project".to_owned()).or_insert_with(|| project.to_owned());
    let template = own.map_or_else(
        || default_sms(notification.template, &notification.locale),
        |own| &own.message,
    );
    fill::plain(template, &values)
}

fn page(language: &Language, subject: &str, markup: &str, values: &Values) -> String {
    let mut frame: Values = [
        ("language", language.code),
        ("direction", &language.direction),
        ("subject", subject),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    frame.insert("project".to_owned(), values.get("project").cloned().unwrap_or_default());
    // The message is markup already, so it is inserted last and unescaped.
    match LAYOUT.split_once("{{body}}") {
        Some((before, after)) => [&fill::html(before, &frame), markup, &fill::html(after, &frame)].concat(),
        None => markup.to_owned(),
    }
}

/// A part of a mail's body, with its placeholders.
enum Piece {
    Paragraph(String),
    Button(String),
    Code,
    Facts(Vec<(String, &'static str)>),
    Small(String),
    /// The button's URL as text, for mail programs that do not show the button.
    Link(String),
}

/// The parts of a built-in mail. `empty`: names of the variables without a value.
fn paragraphs(language: &Language, texts: &MailTexts, template: MailTemplate, empty: &[&str]) -> Vec<Piece> {
    let has = |name: &str| !empty.contains(&name);
    let hello = if has("user") {
        &language.hello
    } else {
        &language.greeting
    };
    let mut pieces = vec![Piece::Paragraph(hello.clone()), Piece::Paragraph(texts.body.clone())];
    match body_kind(template) {
        BodyKind::Link => {
            pieces.push(Piece::Button(texts.button.clone()));
            pieces.push(Piece::Link(language.link.clone()));
        }
        BodyKind::Code => pieces.push(Piece::Code),
        BodyKind::ClientFacts => pieces.push(Piece::Facts(vec![
            (texts.device.clone(), "{{device}}"),
            (texts.ip.clone(), "{{ipAddress}}"),
            (texts.country.clone(), "{{country}}"),
            (texts.time.clone(), "{{date}} {{time}}"),
        ])),
    }
    let signs_in = matches!(template, MailTemplate::MagicSession | MailTemplate::OtpSession);
    if signs_in && has("phrase") {
        pieces.push(Piece::Paragraph(language.phrase.clone()));
    }
    if (signs_in || template == MailTemplate::MfaChallenge) && has("agentClient") {
        pieces.push(Piece::Small(language.client.clone()));
    }
    pieces.push(Piece::Paragraph(texts.footer.clone()));
    pieces.push(Piece::Paragraph(language.team.clone()));
    pieces
}

impl Piece {
    fn markup(&self) -> String {
        match self {
            Self::Paragraph(text) => format!("<p>{text}</p>\n"),
            Self::Small(text) => format!("<p class=\"small\">{text}</p>\n"),
            Self::Link(text) => format!("<p class=\"small\">{text} {{{{redirect}}}}</p>\n"),
            Self::Button(text) => format!("<p><a class=\"button\" href=\"{{{{redirect}}}}\">{text}</a></p>\n"),
            Self::Code => "<p class=\"code\">{{otp}}</p>\n".to_owned(),
            Self::Facts(facts) => {
                let rows: String = facts
                    .iter()
                    .map(|(name, value)| format!("<tr><th>{name}</th><td>{value}</td></tr>"))
                    .collect();
                format!("<table class=\"facts\" role=\"presentation\">{rows}</table>\n")
            }
        }
    }

    /// The part as plain text; none if it is omitted there.
    fn text(&self) -> Option<String> {
        Some(match self {
            Self::Paragraph(text) | Self::Small(text) => text.clone(),
            // The URL is in the button's link, which plain text does not have.
            Self::Button(text) => format!("{text}:\n{{{{redirect}}}}"),
            Self::Link(_) => return None,
            Self::Code => "{{otp}}".to_owned(),
            Self::Facts(facts) => {
                let lines: Vec<String> = facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                lines.join("\n")
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;
    use projects::ProjectId;
    use projects::templates::{Channel, Key};
    use senders::Mailbox;

    use super::*;
    use crate::ClientFacts;

    fn notification(template: MailTemplate, locale: &str, values: &[(&str, &str)]) -> MailNotification {
        MailNotification {
            to: Mailbox::new("Ada", "ada@example.com"),
            template,
            locale: locale.to_owned(),
            values: values
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            client: ClientFacts::of(&identity::Origin::default(), Timestamp::from_millis(0)),
            until: None,
        }
    }

    #[test]
    fn every_mail_has_all_placeholders_filled_in_every_language() {
        let values = [
            ("user", "Ada"),
            ("redirect", "https://app.example/?a=1&b=2"),
            ("otp", "012345"),
            ("phrase", "Quiet river"),
            ("team", "Crew"),
            ("owner", "Grace"),
            ("agentDevice", "Laptop"),
            ("agentClient", "Firefox"),
            ("agentOs", "Linux"),
            ("device", "Laptop"),
            ("ipAddress", "192.0.2.1"),
            ("country", "Chile"),
            ("date", "2026-11-22"),
            ("time", "12:00 UTC"),
        ];
        for code in Language::codes() {
            for template in MailTemplate::ALL {
                let written = mail(&notification(*template, code, &values), "Shop", None);
                for text in [&written.subject, &written.html, &written.text] {
                    assert!(!text.contains("{{") && !text.is_empty(), "{code} {template}: {text}");
                }
                assert!(written.html.contains(&format!("lang=\"{code}\"")), "{code}");
                assert_eq!(written.html.contains("dir=\"rtl\""), code == "ar", "{code}");
            }
        }
    }

    #[test]
    fn greetings_work_without_a_name_and_names_are_escaped() {
        let written = mail(
            &notification(MailTemplate::Recovery, "en", &[("redirect", "https://x.example/?a&b")]),
            "A & B",
            None,
        );
        assert!(written.html.contains("<p>Hello,</p>"), "{}", written.html);
        assert!(written.html.contains("https://x.example/?a&amp;b") && written.html.contains("A &amp; B"));
        assert!(written.text.contains("https://x.example/?a&b"), "{}", written.text);
        let evil = mail(
            &notification(
                MailTemplate::Recovery,
                "en",
                &[("user", "<img src=x>"), ("redirect", "https://x.example/")],
            ),
            "Shop",
            None,
        );
        assert!(!evil.html.contains("<img"), "{}", evil.html);
    }

    #[test]
    fn project_templates_replace_the_built_in_ones() {
        let key = Key {
            project: ProjectId::trusted("shop"),
            channel: Channel::Email,
            r#type: "recovery",
            locale: "en".to_owned(),
        };
        let mut own = Template::new(&key, Timestamp::from_millis(0));
        own.subject = "Hey {{user}}".to_owned();
        own.message = "<p>Click <a href=\"{{redirect}}\">this</a>, {{user}}</p>".to_owned();
        let notification = notification(
            MailTemplate::Recovery,
            "en",
            &[("user", "A<b>"), ("redirect", "https://x.example/")],
        );
        let written = mail(&notification, "Shop", Some(&own));
        assert_eq!(written.subject, "Hey A<b>");
        assert!(
            written
                .html
                .contains("<a href=\"https://x.example/\">this</a>, A&lt;b&gt;"),
            "{}",
            written.html
        );
        assert_eq!(written.text, "Click https://x.example/ this, A<b>");
    }
}
