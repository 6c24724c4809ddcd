//! An entry of the audit log.

use identity::audit::Entry;
use identity::users::User;
use kernel::Timestamp;

use crate::client::ClientModel;

api::model! {
    /// An entry of the audit log.
    pub struct Log as "log" {
        /// Name of the event.
        event: String = "event",
        /// ID of the acting user.
        user_id: String = "userId",
        /// The user's e-mail address.
        user_email: String = "userEmail",
        /// The user's name.
        user_name: String = "userName",
        /// Mode: `default` or `admin`.
        mode: String = "mode",
        /// The client's IP address.
        ip: String = "ip",
        /// Time of the event.
        time: Timestamp = "time",
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
    }
}

/// The model of an entry, with the name and e-mail address of its user.
pub fn log(entry: &Entry, user: Option<&User>) -> Log {
    let client = ClientModel::read(&entry.user_agent, &entry.country);
    let agent = &client.agent;
    Log {
        event: entry.event.clone(),
        user_id: entry.user_id.clone(),
        user_email: user.and_then(|user| user.email.clone()).unwrap_or_default(),
        user_name: user.map(|user| user.name.clone()).unwrap_or_default(),
        mode: entry.mode.clone(),
        ip: entry.ip.clone(),
        time: entry.time,
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
    }
}
