//! A project's rules for its users: who may sign up, how, and for how long.

use std::time::Duration;

use kernel::{Phone, Timestamp};
use serde::{Deserialize, Serialize};

kernel::choices! {
    /// A way to sign in that a project can switch off. The text is the one in URLs.
    pub enum Method {
        /// E-mail and password.
        EmailPassword = "email-password",
        /// A link by e-mail.
        MagicUrl = "magic-url",
        /// A code by e-mail.
        EmailOtp = "email-otp",
        /// Without any proof.
        Anonymous = "anonymous",
        /// Invitations to teams.
        Invites = "invites",
        /// Account JWTs.
        Jwt = "jwt",
        /// A code by SMS.
        Phone = "phone",
    }
}

/// A phone number that gets a fixed code and no SMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MockNumber {
    /// The number, E.164.
    pub phone: String,
    /// The code: six digits.
    pub otp: String,
    /// Time of addition; unknown for those imported in a list.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// Time of the last change.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
}

impl kernel::param::Param for MockNumber {
    fn parse(value: &serde_json::Value) -> Result<Self, kernel::param::Rule> {
        const RULE: kernel::param::Rule =
            kernel::param::Rule::new("Value must be an object with a `phone` in E.164 and an `otp` of six digits");
        let phone = value["phone"].as_str().and_then(Phone::new).ok_or(RULE)?;
        let otp = value["otp"]
            .as_str()
            .filter(|otp| otp.len() == 6 && otp.bytes().all(|b| b.is_ascii_digit()));
        Ok(Self {
            phone: phone.as_str().to_owned(),
            otp: otp.ok_or(RULE)?.to_owned(),
            created_at: None,
            updated_at: None,
        })
    }

    fn schema() -> serde_json::Value {
        serde_json::json!({"type": "object", "properties": {"phone": {"type": "string"}, "otp": {"type": "string"}}})
    }
}

/// The rules. What a stored policy does not name has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Most users; 0 is no limit.
    pub user_limit: u32,
    /// Session duration, in seconds.
    pub session_seconds: u32,
    /// Most sessions of one user; the oldest goes. 0 is no limit but [`Policy::MOST_SESSIONS`].
    pub session_limit: u16,
    /// Number of former passwords that may not be reused; 0: none.
    pub password_history: u8,
    /// Password strength rules.
    pub password_strength: Strength,
    /// Whether common passwords are refused.
    pub password_dictionary: bool,
    /// Whether a password may not contain what is known of its user.
    pub personal_data_check: bool,
    /// Whether a user is told of a new session by mail.
    pub session_alerts: bool,
    /// Whether a change of password ends the other sessions.
    pub invalidate_sessions: bool,
    /// Numbers with fixed codes.
    pub mock_numbers: Vec<MockNumber>,
    /// Whether members of a team see each other's ids.
    pub members_see_ids: bool,
    /// … and names.
    pub members_see_names: bool,
    /// … and e-mail addresses.
    pub members_see_emails: bool,
    /// … and whether they use a second factor.
    pub members_see_mfa: bool,
    /// … and phone numbers.
    pub members_see_phones: bool,
    /// … and when they were last here.
    pub members_see_accesses: bool,
    /// Whether the word of an OAuth2 provider that it asked for several factors counts as a second one.
    pub trust_provider_mfa: bool,
    /// Whether addresses with a subaddress are refused, as in `ada+shop@example.com`.
    pub deny_aliased_emails: bool,
    /// Whether addresses that are thrown away soon are refused.
    pub deny_disposable_emails: bool,
    /// Whether addresses of providers for everybody are refused.
    pub deny_free_emails: bool,
    /// Whether only addresses of organizations are taken.
    pub deny_other_than_corporate_emails: bool,
    /// Ways to sign in that are switched off.
    pub disabled_methods: Vec<Method>,
}

/// Password strength rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Strength {
    /// Fewest characters.
    pub min: u16,
    /// Whether it needs a capital letter.
    pub uppercase: bool,
    /// Whether it needs a small letter.
    pub lowercase: bool,
    /// Whether it needs a digit.
    pub number: bool,
    /// Whether it needs a character that is neither letter nor digit.
    pub symbols: bool,
}

impl Default for Strength {
    fn default() -> Self {
        Self {
            min: 8,
            uppercase: false,
            lowercase: false,
            number: false,
            symbols: false,
        }
    }
}

impl Strength {
    /// Whether a password is as strong as this asks.
    pub fn is_met_by(&self, password: &str) -> bool {
        let has = |wanted: bool, test: fn(char) -> bool| !wanted || password.chars().any(test);
        password.chars().count() >= usize::from(self.min)
            && has(self.uppercase, char::is_uppercase)
            && has(self.lowercase, char::is_lowercase)
            && has(self.number, |c| c.is_numeric())
            && has(self.symbols, |c| !c.is_alphanumeric())
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            user_limit: 0,
            session_seconds: 31_536_000,
            session_limit: 10,
            password_history: 0,
            password_strength: Strength::default(),
            password_dictionary: false,
            personal_data_check: false,
            session_alerts: false,
            invalidate_sessions: false,
            mock_numbers: Vec::new(),
            members_see_ids: true,
            members_see_names: true,
            members_see_emails: true,
            members_see_mfa: true,
            members_see_phones: false,
            members_see_accesses: false,
            trust_provider_mfa: false,
            deny_aliased_emails: false,
            deny_disposable_emails: false,
            deny_free_emails: false,
            deny_other_than_corporate_emails: false,
            disabled_methods: Vec::new(),
        }
    }
}

impl Policy {
    /// Most sessions of one user, whatever a project wants: they are all read when the user calls.
    pub const MOST_SESSIONS: u16 = 5000;

    /// Most sessions of one user.
    pub fn session_limit(&self) -> usize {
        match self.session_limit {
            0 => Self::MOST_SESSIONS.into(),
            limit => limit.min(Self::MOST_SESSIONS).into(),
        }
    }

    /// Session duration.
    pub fn session_duration(&self) -> Duration {
        Duration::from_secs(self.session_seconds.into())
    }

    /// Whether a way to sign in is on.
    pub fn allows(&self, method: Method) -> bool {
        !self.disabled_methods.contains(&method)
    }

    /// Switches a way to sign in on or off.
    pub fn set_method(&mut self, method: Method, on: bool) {
        self.disabled_methods.retain(|other| *other != method);
        if !on {
            self.disabled_methods.push(method);
        }
    }
}
