//! Where the caller seems to be.

use api::{Call, Result};

use crate::model::Whereabouts;
use crate::speaking::Speaking;

/// What stands for a code that is not known.
const UNKNOWN: &str = "--";

pub(crate) async fn get(call: Call, speaking: Speaking) -> Result<Whereabouts> {
    let names = speaking.names(&call);
    let code = (call.app.country_of)(call.request.ip);
    let country = places::country(&code);
    let named = |name: Option<&str>| name.unwrap_or(names.unknown()).to_owned();
    Ok(Whereabouts {
        ip: call.request.ip.to_string(),
        country_code: country.map_or(UNKNOWN, |country| country.code),
        country: named(country.and_then(|country| names.country(country.code))),
        continent_code: country.map_or(UNKNOWN, |country| country.continent),
        continent: named(country.and_then(|country| names.continent(country.continent))),
        in_union: country.is_some_and(|country| country.in_union),
        currency: country.and_then(|country| country.currency).unwrap_or(UNKNOWN),
    })
}
