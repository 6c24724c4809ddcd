//! Session of a user.

use api::{Act, Date};
use identity::sessions::Grant;
use kernel::Timestamp;
use secrets::Vault;

use crate::client::ClientModel;

api::model! {
    /// Session of a user.
    pub struct Session as "session" {
        /// Session ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// User ID.
        user_id: String = "userId",
        /// Expiry time.
        expire: Timestamp = "expire",
        /// Sign-in method.
        provider: String = "provider",
        /// User ID at the provider.
        provider_uid: String = "providerUid",
        /// The provider's access token.
        provider_access_token: String = "providerAccessToken",
        /// Expiry time of the access token; empty if unknown.
        provider_access_token_expiry: Date = "providerAccessTokenExpiry",
        /// The provider's refresh token.
        provider_refresh_token: String = "providerRefreshToken",
        /// The client's IP address.
        ip: String = "ip",
        /// Code of the client's operating system.
        os_code: String = "osCode",
        /// Name of the client's operating system.
        os_name: String = "osName",
        /// Version of the client's operating system.
        os_version: String = "osVersion",
        /// Client type: `browser`, `library`, `desktop` or `mobile app`.
        client_type: String = "clientType",
        /// Code of the client program.
        client_code: String = "clientCode",
        /// Name of the client program.
        client_name: String = "clientName",
        /// Version of the client program.
        client_version: String = "clientVersion",
        /// Engine of the client program.
        client_engine: String = "clientEngine",
        /// Version of the engine.
        client_engine_version: String = "clientEngineVersion",
        /// Type of the client's device.
        device_name: String = "deviceName",
        /// Manufacturer of the device.
        device_brand: String = "deviceBrand",
        /// Model of the device.
        device_model: String = "deviceModel",
        /// ISO 3166 code of the client's country in lower case; `--` if unknown.
        country_code: String = "countryCode",
        /// Name of the client's country.
        country_name: &'static str = "countryName",
        /// Whether it is the session of the request.
        current: bool = "current",
        /// Verified factors.
        factors: Vec<String> = "factors",
        /// Session secret; empty except for servers.
        secret: String = "secret",
        /// Time of the last verification of a second factor; empty if never.
        mfa_updated_at: Date = "mfaUpdatedAt",
    }
}

/// The model of a session. `current` is whether it is the session of the request; `secret` is set if the caller may
/// read it; `show_tokens` includes the provider's tokens.
pub fn session(
    session: &identity::sessions::Session,
    current: bool,
    secret: Option<String>,
    vault: &Vault,
    show_tokens: bool,
) -> identity::Result<Session> {
    let sealed = session.provider_grant.as_deref().filter(|_| show_tokens);
    let grant = Grant::open(vault, sealed, session.id.as_str())?;
    let client = ClientModel::read(&session.user_agent, &session.country);
    let agent = &client.agent;
    Ok(Session {
        id: session.id.to_string(),
        created_at: session.created_at,
        updated_at: session.updated_at,
        user_id: session.user_id.to_string(),
        expire: session.expire,
        provider: session.provider.clone(),
        provider_uid: session.provider_uid.clone(),
        provider_access_token: grant.access_token,
        provider_access_token_expiry: Date(session.provider_expiry),
        provider_refresh_token: grant.refresh_token,
        ip: session.ip.clone(),
        os_code: agent.os_code.to_string(),
        os_name: agent.os_name.to_string(),
        os_version: agent.os_version.to_string(),
        client_type: agent.client_type.to_string(),
        client_code: agent.client_code.to_string(),
        client_name: agent.client_name.to_string(),
        client_version: agent.client_version.to_string(),
        client_engine: agent.client_engine.to_string(),
        client_engine_version: agent.client_engine_version.to_string(),
        device_name: agent.device_name.to_string(),
        device_brand: agent.device_brand.to_string(),
        device_model: agent.device_model.to_string(),
        country_code: client.country_code,
        country_name: client.country_name,
        current,
        factors: session.factors.0.clone(),
        secret: secret.unwrap_or_default(),
        mfa_updated_at: Date(session.mfa_updated_at),
    })
}

/// Records the declared event of a session, without its secret and the provider's tokens.
pub fn record_session_event(
    act: &mut Act<'_, '_>,
    session: &identity::sessions::Session,
    vault: &Vault,
) -> api::Result<()> {
    let view = self::session(session, false, None, vault, false)?;
    let payload = serde_json::to_value(view).unwrap_or_default();
    act.record_event(
        &[("userId", session.user_id.as_str()), ("sessionId", session.id.as_str())],
        payload,
    )
}
