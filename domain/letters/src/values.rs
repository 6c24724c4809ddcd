//! What fills a letter, read from what is known of a request.

use clients::Agent;
use identity::Origin;
use kernel::Timestamp;
use places::Locale;

use crate::letter::Values;

/// With what program a request was made, as `agentClient`, `agentDevice` and `agentOs`; empty where that is not known.
pub fn of_agent(origin: &Origin) -> Values {
    let agent = Agent::parse(&origin.user_agent);
    let named = |name: &str, text: String| (name.to_owned(), text);
    Values::from([
        named("agentClient", agent.client_name.to_string()),
        named("agentDevice", device(&agent)),
        named("agentOs", agent.os_name.to_string()),
    ])
}

/// Where and when somebody signed in, as `device`, `ipAddress`, `country`, `date`, `year` and `time` (UTC).
pub fn of_sign_in(origin: &Origin, locale: Locale, now: Timestamp) -> Values {
    let agent = Agent::parse(&origin.user_agent);
    let told: Vec<String> = [agent.client_name.to_string(), device(&agent), agent.os_name.to_string()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let written = now.to_string();
    let (date, time) = written.split_once('T').unwrap_or((&written, ""));
    let known = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    let named = |name: &str, text: String| (name.to_owned(), text);
    Values::from([
        named("device", known(told.join(", "))),
        named("ipAddress", known(origin.ip.clone())),
        named("country", known(country(&origin.country, locale))),
        named("date", date.to_owned()),
        named("year", date.chars().take(4).collect()),
        named("time", format!("{} UTC", time.chars().take(5).collect::<String>())),
    ])
}

/// The name of a country as a locale has it; empty where the country is not known.
fn country(code: &str, locale: Locale) -> String {
    let Some(country) = places::country(code) else {
        return String::new();
    };
    locale.names().country(country.code).unwrap_or(country.name).to_owned()
}

fn device(agent: &Agent) -> String {
    let named = [&agent.device_brand, &agent.device_model].map(ToString::to_string);
    let named: Vec<String> = named.into_iter().filter(|part| !part.is_empty()).collect();
    match named.is_empty() {
        true => agent.device_name.to_string(),
        false => named.join(" "),
    }
}
