//! Models of tokens and JWTs.

use kernel::Timestamp;

api::model! {
    /// A one-time token.
    pub struct Token as "token" {
        /// Token ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// User ID.
        user_id: String = "userId",
        /// Secret; empty except for servers.
        secret: String = "secret",
        /// Expiry time.
        expire: Timestamp = "expire",
        /// Security phrase, which the user compares with that in the mail.
        phrase: String = "phrase",
    }
}

api::model! {
    /// A JSON Web Token that authenticates a user.
    pub struct Jwt as "jwt" {
        /// The token.
        jwt: String = "jwt",
    }
}

/// The model of a token, with its alias if it has one; `secret` is set if the caller may read it.
pub fn token(token: &identity::tokens::Token, secret: Option<String>) -> Token {
    Token {
        id: token.id.to_string(),
        created_at: token.created_at,
        user_id: token.alias.clone().unwrap_or_else(|| token.user_id.to_string()),
        secret: secret.unwrap_or_default(),
        expire: token.expire,
        phrase: String::new(),
    }
}
