//! A project's rules for its users: sign-up, sign-in methods, sessions and passwords.

use std::time::Duration;

use kernel::{Phone, Timestamp};
use serde::{Deserialize, Serialize};

kernel::choices! {
    /// A sign-in method that a project can disable. The text is the one in URLs.
    pub enum Method {
        /// E-mail and password.
        EmailPassword = "email-password",
        /// A link by e-mail.
        MagicUrl = "magic-url",
        /// A code by e-mail.
        EmailOtp = "email-otp",
        /// Anonymous sessions.
        Anonymous = "anonymous",
        /// Invitations to teams.
        Invites = "invites",
        /// Account JWTs.
        Jwt = "jwt",
        /// A code by SMS.
        Phone = "phone",
    }
}

/// A phone number with a fixed code, to which no SMS is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MockNumber {
    /// The number, E.164.
    pub phone: String,
    /// The code: six digits.
    pub otp: String,
    /// Time of addition; unknown for numbers that were set as a list.
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

/// Rules for users. Missing fields of a stored policy have their defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Maximum number of users; 0: unlimited.
    pub user_limit: u32,
    /// Session duration, in seconds.
    pub session_seconds: u32,
    /// Maximum number of sessions per user; the oldest is deleted. 0: only [`Policy::MAX_SESSIONS`] applies.
    pub session_limit: u16,
    /// Number of former passwords that may not be reused; 0: none.
    pub password_history: u8,
    /// Password strength rules.
    pub password_strength: Strength,
    /// Whether common passwords are refused.
    pub password_dictionary: bool,
    /// Whether a password must not contain personal data of its user.
    pub personal_data_check: bool,
    /// Whether a user gets a mail about each new session.
    pub session_alerts: bool,
    /// Whether a change of password ends the other sessions.
    pub invalidate_sessions: bool,
    /// Numbers with fixed codes.
    pub mock_numbers: Vec<MockNumber>,
    /// Whether members of a team see each other's user IDs.
    pub members_see_ids: bool,
    /// Whether they see each other's names.
    pub members_see_names: bool,
    /// Whether they see each other's e-mail addresses.
    pub members_see_emails: bool,
    /// Whether they see whether a member uses a second factor.
    pub members_see_mfa: bool,
    /// Whether they see each other's phone numbers.
    pub members_see_phones: bool,
    /// Whether they see the time of a member's last request.
    pub members_see_accesses: bool,
    /// Whether an OAuth2 provider's claim of multi-factor authentication counts as a second factor.
    pub trust_provider_mfa: bool,
    /// Whether addresses with a subaddress are refused, as in `ada+shop@example.com`.
    pub deny_aliased_emails: bool,
    /// Whether disposable addresses are refused.
    pub deny_disposable_emails: bool,
    /// Whether addresses of free mail providers are refused.
    pub deny_free_emails: bool,
    /// Whether all but corporate addresses are refused.
    pub deny_other_than_corporate_emails: bool,
    /// Disabled sign-in methods.
    pub disabled_methods: Vec<Method>,
}

/// Password strength rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Strength {
    /// Minimum number of characters.
    pub min: u16,
    /// Whether an upper-case letter is required.
    pub uppercase: bool,
    /// Whether a lower-case letter is required.
    pub lowercase: bool,
    /// Whether a digit is required.
    pub number: bool,
    /// Whether a character that is neither letter nor digit is required.
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
    /// Whether a password fulfils the rules.
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
    /// Upper bound for the sessions of one user, because all are read when the user calls.
    pub const MAX_SESSIONS: u16 = 5000;

    /// Maximum number of sessions per user.
    pub fn session_limit(&self) -> usize {
        match self.session_limit {
            0 => Self::MAX_SESSIONS.into(),
            limit => limit.min(Self::MAX_SESSIONS).into(),
        }
    }

    /// Session duration.
    pub fn session_duration(&self) -> Duration {
        Duration::from_secs(self.session_seconds.into())
    }

    /// Whether a sign-in method is enabled.
    pub fn allows(&self, method: Method) -> bool {
        !self.disabled_methods.contains(&method)
    }

    /// Enables or disables a sign-in method.
    pub fn set_method(&mut self, method: Method, on: bool) {
        self.disabled_methods.retain(|other| *other != method);
        if !on {
            self.disabled_methods.push(method);
        }
    }
}
