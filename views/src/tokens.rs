//! Models of tokens and JWTs.

use kernel::Timestamp;

api::model! {
    /// A one-time token.
    pub struct Token as "token" {
        /// The token's id.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// The user it belongs to.
        user_id: String = "userId",
        /// The secret; empty for all but servers.
        secret: String = "secret",
        /// Expiry time.
        expire: Timestamp = "expire",
        /// The words that the user compares with those in the mail.
        phrase: String = "phrase",
    }
}

api::model! {
    /// A JSON Web Token that stands for a user.
    pub struct Jwt as "jwt" {
        /// The token.
        jwt: String = "jwt",
    }
}

/// Shows a token; its secret only where the caller may have it.
pub fn token(token: &identity::tokens::Token, secret: Option<String>) -> Token {
    Token {
        id: token.id.to_string(),
        created_at: token.created_at,
        user_id: token.user_id.to_string(),
        secret: secret.unwrap_or_default(),
        expire: token.expire,
        phrase: String::new(),
    }
}
