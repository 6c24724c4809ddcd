//! Factors of a user.

api::model! {
    /// Second factors of a user.
    pub struct Factors as "mfaFactors" {
        /// An authenticator app that was verified.
        totp: bool = "totp",
        /// A phone number that was verified.
        phone: bool = "phone",
        /// An e-mail address that was verified.
        email: bool = "email",
        /// Recovery codes.
        recovery_code: bool = "recoveryCode",
    }
}

api::model! {
    /// Recovery codes, for users who have lost every other factor.
    pub struct RecoveryCodes as "mfaRecoveryCodes" {
        /// The codes; each is good once.
        recovery_codes: Vec<String> = "recoveryCodes",
    }
}

/// Shows which second factors a user has.
pub fn factors(factors: identity::factors::Factors) -> Factors {
    Factors {
        totp: factors.totp,
        phone: factors.phone,
        email: factors.email,
        recovery_code: factors.recovery_code,
    }
}
