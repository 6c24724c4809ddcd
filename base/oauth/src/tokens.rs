//! What a provider hands out, and who it says the user is.

use std::collections::BTreeMap;

/// The tokens of one sign-in or refresh. They are secrets: keep them sealed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Tokens {
    /// The access token.
    pub access_token: String,
    /// The refresh token. After a refresh it is the new one, or the old one where the provider sent none.
    pub refresh_token: Option<String>,
    /// Seconds that the access token lives; `None` when the provider does not say.
    pub expires_in: Option<u64>,
    /// The id_token, verified; never set by a refresh.
    pub id_token: Option<String>,
    /// Parameters of the callback that a refresh needs again (VK's device, Zoho's data centre).
    pub extras: BTreeMap<String, String>,
}

/// Prints which tokens there are, not what they are.
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

/// Who the provider says that the user is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The id at the provider: the only claim that identifies a user (OpenID Connect Core 5.7).
    pub uid: String,
    /// The e-mail address, as the provider writes it.
    pub email: Option<String>,
    /// Whether the provider vouches for the address, by the record's rule.
    pub email_verified: bool,
    /// The name: at most 128 characters, no control characters.
    pub name: Option<String>,
}

/// The end of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The tokens.
    pub tokens: Tokens,
    /// The user.
    pub profile: Profile,
}
