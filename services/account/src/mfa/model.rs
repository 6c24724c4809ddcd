//! Models of second factors.

use kernel::Timestamp;

api::model! {
    /// Secret and URI for an authenticator app.
    pub(crate) struct Authenticator as "mfaType" {
        /// Secret in base32, for manual entry.
        secret: String = "secret",
        /// `otpauth` URI with secret and account, for a QR code.
        uri: String = "uri",
    }
}

api::model! {
    /// A challenge for a second factor.
    pub(crate) struct Challenge as "mfaChallenge" {
        /// Challenge ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// User ID.
        user_id: String = "userId",
        /// Expiry time.
        expire: Timestamp = "expire",
    }
}
