//! Models of second factors.

use kernel::Timestamp;

api::model! {
    /// Secret and URI for an authenticator app.
    pub(crate) struct Authenticator as "mfaType" {
        /// The secret, in base32, to type in.
        secret: String = "secret",
        /// The URI of a QR code that says all of it.
        uri: String = "uri",
    }
}

api::model! {
    /// A question for a second factor.
    pub(crate) struct Challenge as "mfaChallenge" {
        /// The challenge's id.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// The user who is challenged.
        user_id: String = "userId",
        /// Expiry time.
        expire: Timestamp = "expire",
    }
}
