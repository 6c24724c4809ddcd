//! What is answered while factors are set up and asked for.

use kernel::Timestamp;

api::model! {
    /// What an authenticator app needs to know.
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
        /// When it was made.
        created_at: Timestamp = "$createdAt",
        /// Who is asked.
        user_id: String = "userId",
        /// Until when it can be answered.
        expire: Timestamp = "expire",
    }
}
