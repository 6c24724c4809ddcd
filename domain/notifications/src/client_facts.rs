//! Client that caused a notification: stored raw and parsed when the notification is rendered, because the rules for
//! user agents are compiled at first use, which would delay the act.

use identity::Origin;
use kernel::Timestamp;
use locale_data::Locale;
use serde::{Deserialize, Serialize};
use user_agents::Agent;

use crate::notification::Values;

/// The client of a request, and the time of the request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClientFacts {
    ip: String,
    user_agent: String,
    country: String,
    time: Timestamp,
}

impl ClientFacts {
    /// Client of a request.
    pub fn of(origin: &Origin, now: Timestamp) -> Self {
        Self {
            ip: origin.ip.clone(),
            user_agent: origin.user_agent.clone(),
            country: origin.country.clone(),
            time: now,
        }
    }

    /// Template variables about the client: the program (`agentClient`, `agentDevice`, `agentOs`), the origin
    /// (`device`, `ipAddress`, `country`) and the time (`date`, `year` and `time`, in UTC).
    pub(crate) fn values(&self, locale: &str) -> Values {
        let agent = Agent::parse(&self.user_agent);
        let (client, device, os) = (agent.client_name.to_string(), device(&agent), agent.os_name.to_string());
        let named: Vec<&str> = [&*client, &*device, &*os]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        let known = |text: String| if text.is_empty() { "–".to_owned() } else { text };
        let written = self.time.to_string();
        let (date, time) = written.split_once('T').unwrap_or((&written, ""));
        let named = [
            ("device", known(named.join(", "))),
            ("ipAddress", known(self.ip.clone())),
            ("country", known(country(&self.country, locale))),
            ("date", date.to_owned()),
            ("year", date.chars().take(4).collect()),
            ("time", format!("{} UTC", time.chars().take(5).collect::<String>())),
            ("agentClient", client),
            ("agentDevice", device),
            ("agentOs", os),
        ];
        named.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

/// Name of a country in a locale; empty if the country is unknown.
fn country(code: &str, locale: &str) -> String {
    let Some(country) = locale_data::country(code) else {
        return String::new();
    };
    let locale = Locale::find(locale).unwrap_or_default();
    locale.names().country(country.code).unwrap_or(country.name).to_owned()
}

fn device(agent: &Agent) -> String {
    let named = [&agent.device_brand, &agent.device_model].map(ToString::to_string);
    let named: Vec<String> = named.into_iter().filter(|part| !part.is_empty()).collect();
    if named.is_empty() {
        agent.device_name.to_string()
    } else {
        named.join(" ")
    }
}
