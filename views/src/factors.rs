//! Factors of a user.

api::model! {
    /// Second factors of a user.
    pub struct Factors as "mfaFactors" {
        /// Whether there is a verified authenticator app.
        totp: bool = "totp",
        /// Whether there is a verified phone number.
        phone: bool = "phone",
        /// Whether there is a verified e-mail address.
        email: bool = "email",
        /// Whether there are recovery codes.
        recovery_code: bool = "recoveryCode",
    }
}

api::model! {
    /// Recovery codes, for users who have lost every other factor.
    pub struct RecoveryCodes as "mfaRecoveryCodes" {
        /// The codes; each can be used once.
        recovery_codes: Vec<String> = "recoveryCodes",
    }
}

/// The model of a user's second factors.
pub fn factors(factors: identity::factors::Factors) -> Factors {
    Factors {
        totp: factors.totp,
        phone: factors.phone,
        email: factors.email,
        recovery_code: factors.recovery_code,
    }
}
