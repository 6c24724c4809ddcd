//! Models of recorded sign-ins and of checks of a provider's configuration.

use kernel::Timestamp;
use serde_json::Value;

api::model! {
    /// Recorded OAuth2 sign-in.
    pub(crate) struct Attempt as "oauth2Attempt" {
        /// ID of the sign-in.
        id: String = "$id",
        /// Start of the sign-in.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// The provider's ID.
        provider: String = "provider",
        /// Intended result: `session` or `token`.
        kind: String = "kind",
        /// Outcome: `started`, `succeeded` or `failed`.
        outcome: String = "outcome",
        /// Type of the error, if it failed.
        error_type: String = "errorType",
        /// Message of the error.
        error_message: String = "errorMessage",
        /// Error reported by the provider.
        provider_error: String = "providerError",
        /// The steps in order: name, milliseconds, outcome, detail.
        steps: Value = "steps",
        /// User who signed in.
        user_id: String = "userId",
        /// IP address of the client.
        ip: String = "ip",
        /// Country of the IP address; `--` if unknown.
        country_code: String = "countryCode",
        /// Operating system of the client, as a code.
        os_code: String = "osCode",
        /// Operating system of the client.
        os_name: String = "osName",
        /// Its version.
        os_version: String = "osVersion",
        /// Type of the client: `browser`, `library`, ….
        client_type: String = "clientType",
        /// Client, as a code.
        client_code: String = "clientCode",
        /// Client.
        client_name: String = "clientName",
        /// Its version.
        client_version: String = "clientVersion",
        /// Engine of the client.
        client_engine: String = "clientEngine",
        /// The engine's version.
        client_engine_version: String = "clientEngineVersion",
        /// Type of the device.
        device_name: String = "deviceName",
        /// Manufacturer of the device.
        device_brand: String = "deviceBrand",
        /// Model of the device.
        device_model: String = "deviceModel",
    }
}

api::model! {
    /// OAuth2 sign-ins of the last seven days.
    pub(crate) struct AttemptList as "oauth2AttemptList" {
        /// Number of matching entries.
        total: i64 = "total",
        /// Entries of the page.
        attempts: Vec<Attempt> = "attempts",
    }
}

api::model! {
    /// Result of a check of a provider's configuration.
    pub(crate) struct Check as "oauth2Check" {
        /// Whether no check failed.
        ok: bool = "ok",
        /// Redirect URI to register at the provider.
        redirect_uri: String = "redirectUri",
        /// Checks in order.
        checks: Vec<CheckItem> = "checks",
    }
}

api::model! {
    /// One check.
    pub(crate) struct CheckItem as "oauth2CheckItem" {
        /// `settings`, `redirect_uri`, `discovery`, `keys`, `credentials` or `clock`.
        name: String = "name",
        /// `ok`, `failed` or `unknown`.
        outcome: String = "outcome",
        /// Finding.
        detail: String = "detail",
        /// Remedy; empty if none is needed.
        remedy: String = "remedy",
    }
}
