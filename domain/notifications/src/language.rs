//! Languages: the built-in texts, one file per language.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use projects::templates::MailTemplate;
use serde::Deserialize;

/// The texts in one language.
#[derive(Debug, Deserialize)]
pub struct Language {
    /// The language's code.
    #[serde(skip)]
    pub code: &'static str,
    /// `ltr` or `rtl`.
    #[serde(default = "left_to_right")]
    pub direction: String,
    pub(crate) hello: String,
    pub(crate) greeting: String,
    pub(crate) team: String,
    pub(crate) link: String,
    pub(crate) phrase: String,
    pub(crate) client: String,
    pub(crate) sms: SmsTexts,
    #[serde(flatten)]
    mails: BTreeMap<String, MailTexts>,
}

fn left_to_right() -> String {
    "ltr".to_owned()
}

/// The texts of one mail template.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailTexts {
    pub(crate) subject: String,
    pub(crate) body: String,
    #[serde(default)]
    pub(crate) button: String,
    pub(crate) footer: String,
    #[serde(default)]
    pub(crate) device: String,
    #[serde(default)]
    pub(crate) ip: String,
    #[serde(default)]
    pub(crate) country: String,
    #[serde(default)]
    pub(crate) time: String,
}

/// The texts of the SMS templates.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SmsTexts {
    pub(crate) code: String,
    pub(crate) invitation: String,
}

macro_rules! languages {
    ($($code:literal),* $(,)?) => {
        /// The available languages and their texts, parsed at first use.
        static LANGUAGES: &[(&str, &str, &OnceLock<Language>)] = &[$((
            $code,
            include_str!(concat!("../languages/", $code, ".toml")),
            { static READ: OnceLock<Language> = OnceLock::new(); &READ },
        )),*];
    };
}

languages!(
    "en", "ar", "de", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "tr", "uk", "zh"
);

impl Language {
    /// The language of a locale: `de` for `de-at`; English if the language is not available.
    #[expect(
        clippy::expect_used,
        reason = "the files are part of the program, and a test reads each of them"
    )]
    pub fn of(locale: &str) -> &'static Self {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        let found = LANGUAGES.iter().find(|(code, ..)| code.eq_ignore_ascii_case(language));
        let (code, texts, read) = found.unwrap_or(&LANGUAGES[0]);
        read.get_or_init(|| {
            let mut language: Self = toml::from_str(texts).expect("a language's texts");
            language.code = code;
            language
        })
    }

    /// The codes of all languages.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        LANGUAGES.iter().map(|(code, ..)| *code)
    }

    #[expect(clippy::expect_used, reason = "a test looks into each language for each template")]
    pub(crate) fn mail(&self, template: MailTemplate) -> &MailTexts {
        self.mails.get(template.as_str()).expect("a mail's texts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The placeholders of a text, sorted.
    fn placeholders(text: &str) -> Vec<&str> {
        let mut names: Vec<_> = text
            .split("{{")
            .skip(1)
            .filter_map(|rest| rest.split("}}").next())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_has_all_texts_with_the_same_placeholders() {
        let english = Language::of("en");
        for code in Language::codes() {
            let language = Language::of(code);
            assert_eq!(language.code, code);
            for (ours, theirs) in [
                (&language.hello, &english.hello),
                (&language.greeting, &english.greeting),
                (&language.team, &english.team),
                (&language.link, &english.link),
                (&language.phrase, &english.phrase),
                (&language.client, &english.client),
                (&language.sms.code, &english.sms.code),
                (&language.sms.invitation, &english.sms.invitation),
            ] {
                assert!(!ours.is_empty(), "{code}");
                assert_eq!(placeholders(ours), placeholders(theirs), "{code}: {ours}");
            }
            assert_eq!(
                language.mails.len(),
                MailTemplate::ALL.len(),
                "{code} has a mail that nobody sends"
            );
            for template in MailTemplate::ALL {
                let (ours, theirs) = (language.mail(*template), english.mail(*template));
                for (ours, theirs) in [
                    (&ours.subject, &theirs.subject),
                    (&ours.body, &theirs.body),
                    (&ours.button, &theirs.button),
                    (&ours.footer, &theirs.footer),
                    (&ours.device, &theirs.device),
                    (&ours.ip, &theirs.ip),
                    (&ours.country, &theirs.country),
                    (&ours.time, &theirs.time),
                ] {
                    assert_eq!(ours.is_empty(), theirs.is_empty(), "{code} {template}: {theirs}");
                    assert_eq!(placeholders(ours), placeholders(theirs), "{code} {template}: {ours}");
                }
            }
        }
    }

    #[test]
    fn a_locale_has_the_language_that_it_names() {
        assert_eq!(Language::of("de-at").code, "de");
        assert_eq!(Language::of("ZH-TW").code, "zh");
        assert_eq!(Language::of("xx").code, "en");
        assert_eq!(Language::of("").code, "en");
        assert_eq!(Language::of("ar-eg").direction, "rtl");
    }
}
