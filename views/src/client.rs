//! Client description in sessions and log entries.

use std::sync::Arc;

use user_agents::Agent;

/// A client, parsed from its stored user agent and country.
pub(crate) struct ClientModel {
    pub(crate) agent: Arc<Agent>,
    pub(crate) country_code: String,
    pub(crate) country_name: &'static str,
}

impl ClientModel {
    pub(crate) fn read(user_agent: &str, country: &str) -> Self {
        let known = !country.is_empty();
        Self {
            agent: Agent::parse(user_agent),
            country_code: if known { country } else { "--" }.to_owned(),
            country_name: locale_data::country_name(country),
        }
    }
}
