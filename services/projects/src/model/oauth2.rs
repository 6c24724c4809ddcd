//! Sign-ins that were tried, and set-ups that were examined.

use kernel::Timestamp;
use serde_json::Value;

api::model! {
    /// Recorded OAuth2 sign-in.
    pub(crate) struct Attempt as "oauth2Attempt" {
        /// The attempt's id.
        id: String = "$id",
        /// Start of the sign-in.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// The provider's id.
        provider: String = "provider",
        /// Intended result: `session` or `token`.
        kind: String = "kind",
        /// Outcome: `started`, `succeeded` or `failed`.
        outcome: String = "outcome",
        /// The error's type, where it failed.
        error_type: String = "errorType",
        /// The error's message.
        error_message: String = "errorMessage",
        /// Error reported by the provider.
        provider_error: String = "providerError",
        /// The steps in order: name, milliseconds, outcome, detail.
        steps: Value = "steps",
        /// User who signed in.
        user_id: String = "userId",
        /// The client's address.
        ip: String = "ip",
        /// The country of that address; `--` when unknown.
        country_code: String = "countryCode",
        /// The client's operating system, in short.
        os_code: String = "osCode",
        /// The client's operating system.
        os_name: String = "osName",
        /// Its version.
        os_version: String = "osVersion",
        /// Type of the client: `browser`, `library`, ….
        client_type: String = "clientType",
        /// The client, in short.
        client_code: String = "clientCode",
        /// The client.
        client_name: String = "clientName",
        /// Its version.
        client_version: String = "clientVersion",
        /// Its engine.
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
        /// Number of all matching entries, of which these are a page.
        total: i64 = "total",
        /// The page.
        attempts: Vec<Attempt> = "attempts",
    }
}

api::model! {
    /// The outcome of an examination of a provider's set-up.
    pub(crate) struct Check as "oauth2Check" {
        /// Whether nothing is known to be wrong.
        ok: bool = "ok",
        /// The address to register at the provider.
        redirect_uri: String = "redirectUri",
        /// Checks in order.
        checks: Vec<CheckItem> = "checks",
    }
}

api::model! {
    /// One thing that was looked at.
    pub(crate) struct CheckItem as "oauth2CheckItem" {
        /// `settings`, `redirect_uri`, `discovery`, `keys`, `credentials` or `clock`.
        name: String = "name",
        /// `ok`, `failed`, or `unknown` when it cannot be told from here.
        outcome: String = "outcome",
        /// Finding.
        detail: String = "detail",
        /// Remedy; empty if none is needed.
        remedy: String = "remedy",
    }
}
