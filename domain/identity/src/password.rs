//! Passwords: 8 to 256 bytes, and the optional rules of a project.

use std::collections::HashSet;
use std::sync::OnceLock;

use kernel::param::{BadParam, Param, Rule};
use serde_json::{Value, json};

use crate::Result;
use crate::error::PasswordError;
use crate::policy::Policy;
use crate::users::User;

/// A password as typed. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The text, for hashing.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Param for Password {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        value
            .as_str()
            .filter(|text| (8..=256).contains(&text.len()))
            .map(|text| Self(text.to_owned()))
            .ok_or(Rule::new("Password must be between 8 and 256 characters long."))
    }

    fn schema() -> Value {
        json!({"type": "string", "format": "password", "minLength": 8, "maxLength": 256})
    }
}

/// A password as typed by somebody who has one: 1 to 256 bytes. The rules for new passwords do not apply, since imported
/// users can have older ones.
#[derive(Clone, PartialEq, Eq)]
pub struct CurrentPassword(String);

impl CurrentPassword {
    /// The text, for comparison.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The password as a new one.
    ///
    /// # Errors
    /// If it is too short for a new password; the error names the parameter `password`.
    pub fn as_new(&self) -> std::result::Result<Password, BadParam> {
        Password::parse(&Value::String(self.0.clone())).map_err(|rule| BadParam::Broken("password", rule))
    }
}

impl std::fmt::Debug for CurrentPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CurrentPassword(…)")
    }
}

impl Param for CurrentPassword {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        value
            .as_str()
            .filter(|text| (1..=256).contains(&text.len()))
            .map(|text| Self(text.to_owned()))
            .ok_or(Rule::new("Password must be between 1 and 256 characters long."))
    }

    fn schema() -> Value {
        json!({"type": "string", "format": "password", "minLength": 1, "maxLength": 256})
    }
}

/// Personal data that a password must not contain.
#[derive(Debug, Clone, Default)]
pub struct Personal<'a> {
    /// The user's ID.
    pub id: &'a str,
    /// The user's name.
    pub name: &'a str,
    /// The user's e-mail address.
    pub email: &'a str,
    /// The user's phone number.
    pub phone: &'a str,
}

impl<'a> Personal<'a> {
    /// Personal data of a user.
    pub fn of(user: &'a User) -> Self {
        Self {
            id: user.id.as_str(),
            name: &user.name,
            email: user.email.as_deref().unwrap_or_default(),
            phone: user.phone.as_deref().unwrap_or_default(),
        }
    }
}

/// Checks a new password against those rules of the project that need no hash.
pub fn check(password: &Password, policy: &Policy, personal: &Personal<'_>) -> Result<()> {
    if !policy.password_strength.is_met_by(&password.0) {
        return Err(PasswordError::Weak.into());
    }
    if policy.password_dictionary && is_common(password) {
        return Err(PasswordError::Common.into());
    }
    if !policy.personal_data_check {
        return Ok(());
    }
    let lower = password.0.to_lowercase();
    let local_part = personal.email.split('@').next().unwrap_or_default();
    let digits = personal.phone.trim_start_matches('+');
    let known = [
        personal.id,
        personal.name,
        personal.email,
        local_part,
        personal.phone,
        digits,
    ];
    if known
        .iter()
        .any(|part| !part.is_empty() && lower.contains(&part.to_lowercase()))
    {
        return Err(PasswordError::Personal.into());
    }
    Ok(())
}

/// Whether a password is in the list of common ones (which contains only those of sufficient length).
fn is_common(password: &Password) -> bool {
    static COMMON: OnceLock<HashSet<&'static str>> = OnceLock::new();
    COMMON
        .get_or_init(|| include_str!("common-passwords.txt").lines().collect())
        .contains(password.reveal())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_a_project_are_kept() {
        let password = |text: &str| Password::parse(&json!(text)).expect("long enough");
        let personal = Personal {
            id: "u1",
            name: "Ada",
            email: "lovelace@example.com",
            phone: "+491701234567",
        };
        let strict = Policy {
            password_dictionary: true,
            personal_data_check: true,
            ..Policy::default()
        };
        for bad in ["my-ADA-secret", "lovelace99", "x491701234567", "password1", "12345678"] {
            assert!(check(&password(bad), &strict, &personal).is_err(), "{bad}");
            assert!(check(&password(bad), &Policy::default(), &personal).is_ok(), "{bad}");
        }
        assert!(check(&password("correct horse battery"), &strict, &personal).is_ok());
        assert!(Password::parse(&json!("1234567")).is_err());
    }
}
