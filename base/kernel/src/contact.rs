//! Contact addresses: e-mail and phone.

use serde_json::{Value, json};

use crate::param::{Param, Rule};

/// An e-mail address in lower case: addresses are compared case-insensitively.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Parses an address of the dot-atom form (RFC 5321, 4.1.2, without quoted local parts and address literals).
    pub fn new(text: &str) -> Option<Self> {
        let (local, domain) = text.rsplit_once('@')?;
        let local_fits = (1..=64).contains(&local.len())
            && local
                .split('.')
                .all(|atom| !atom.is_empty() && atom.chars().all(is_atom_char));
        let labels: Vec<_> = domain.split('.').collect();
        let domain_fits = domain.len() <= 253 && labels.len() > 1 && labels.iter().all(|label| is_label(label));
        (local_fits && domain_fits).then(|| Self(text.to_lowercase()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

fn is_atom_char(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

impl Param for Email {
    fn parse(value: &Value) -> Result<Self, Rule> {
        value
            .as_str()
            .and_then(Self::new)
            .ok_or(Rule::new("Value must be a valid email address"))
    }

    fn schema() -> Value {
        json!({"type": "string", "format": "email"})
    }
}

/// A phone number in E.164: `+`, then 7 to 15 digits, the first not 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// Parses a number.
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        let fits =
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        fits.then(|| Self(text.to_owned()))
    }

    /// The number, with its `+`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Param for Phone {
    fn parse(value: &Value) -> Result<Self, Rule> {
        value.as_str().and_then(Self::new).ok_or(Rule::new(
            "Phone number must start with a '+' can have a maximum of fifteen digits",
        ))
    }

    fn schema() -> Value {
        json!({"type": "string", "format": "phone"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_the_dot_atom_form() {
        for good in [
            "ada@example.com",
            "a.b+c@x-y.example",
            "o'neil@example.co.uk",
            "用户@例子.广告",
        ] {
            assert!(Email::new(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a@b",
            ".a@b.c",
            "a..b@c.d",
            "a@-b.c",
            "a b@c.d",
            "a@b.c\n",
            "a@b@c.d",
        ] {
            assert!(Email::new(bad).is_none(), "{bad}");
        }
        assert_eq!(
            Email::new("Ada@Example.COM").map(|e| e.as_str().to_owned()).as_deref(),
            Some("ada@example.com")
        );
    }

    #[test]
    fn numbers_are_e164() {
        assert!(Phone::new("+491701234567").is_some());
        for bad in ["491701234567", "+0123456789", "+123456", "+1234567890123456", "+49 170"] {
            assert!(Phone::new(bad).is_none(), "{bad}");
        }
    }
}
