//! Tokens and user profile that a provider returns.

use std::collections::BTreeMap;

/// The tokens of one sign-in or refresh. They are secret and must be stored sealed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Tokens {
    /// The access token.
    pub access_token: String,
    /// The refresh token. After a refresh it is the new one, or the old one if the provider sent none.
    pub refresh_token: Option<String>,
    /// Lifetime of the access token in seconds; `None` if unknown.
    pub expires_in: Option<u64>,
    /// The id_token, verified; never set by a refresh.
    pub id_token: Option<String>,
    /// Parameters of the callback that a refresh needs again (VK's device, Zoho's data centre).
    pub extras: BTreeMap<String, String>,
}

/// Prints which tokens are present, not their values.
impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens")
            .field("access_token", &!self.access_token.is_empty())
            .field("refresh_token", &self.refresh_token.is_some())
            .field("expires_in", &self.expires_in)
            .field("id_token", &self.id_token.is_some())
            .field("extras", &self.extras.keys())
            .finish()
    }
}

/// User profile from the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The id at the provider: the only claim that identifies a user (OpenID Connect Core 5.7).
    pub uid: String,
    /// The e-mail address, as the provider writes it.
    pub email: Option<String>,
    /// Whether the provider has verified the address, by the record's rule.
    pub email_verified: bool,
    /// The name: at most 128 characters, no control characters.
    pub name: Option<String>,
    /// Authentication methods (`amr`, RFC 8176), from a verified ID token.
    pub amr: Vec<String>,
}

impl Profile {
    /// Whether the provider used several factors: `amr` contains `mfa`, or methods of two different kinds. Two methods
    /// of one kind may describe the same factor (`otp` and `sms`).
    pub fn is_multi_factor(&self) -> bool {
        const KNOWN: &[&str] = &["pwd", "pin", "kba"];
        const OWNED: &[&str] = &["otp", "sms", "tel", "hwk", "swk", "sc", "pop"];
        const GROWN: &[&str] = &["face", "fpt", "iris", "retina", "vbm"];
        let says = |ways: &[&str]| self.amr.iter().any(|way| ways.contains(&way.as_str()));
        says(&["mfa"]) || [KNOWN, OWNED, GROWN].into_iter().filter(|kind| says(kind)).count() > 1
    }
}

/// Result of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The tokens.
    pub tokens: Tokens,
    /// The user.
    pub profile: Profile,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_factors_are_of_several_kinds() {
        let is = |amr: &[&str]| {
            let profile = Profile {
                uid: "1".into(),
                email: None,
                email_verified: false,
                name: None,
                amr: amr.iter().map(|way| (*way).to_owned()).collect(),
            };
            profile.is_multi_factor()
        };
        for several in [&["mfa"][..], &["pwd", "otp"], &["swk", "fpt"], &["hwk", "pin", "user"]] {
            assert!(is(several), "{several:?}");
        }
        for one in [&[][..], &["pwd"], &["otp", "sms"], &["pwd", "rba"], &["wia"], &["MFA"]] {
            assert!(!is(one), "{one:?}");
        }
    }
}
