//! Location of the caller.

use api::{Call, Result};

use crate::locale_params::LocaleParams;
use crate::model::Location;

/// Placeholder for an unknown code.
const UNKNOWN: &str = "--";

pub(crate) async fn get(call: Call, locale_params: LocaleParams) -> Result<Location> {
    let names = locale_params.names(&call);
    let code = (call.app.country_of)(call.request.ip);
    let country = locale_data::country(&code);
    let named = |name: Option<&str>| name.unwrap_or(names.unknown()).to_owned();
    Ok(Location {
        ip: call.request.ip.to_string(),
        country_code: country.map_or(UNKNOWN, |country| country.code),
        country: named(country.and_then(|country| names.country(country.code))),
        continent_code: country.map_or(UNKNOWN, |country| country.continent),
        continent: named(country.and_then(|country| names.continent(country.continent))),
        in_union: country.is_some_and(|country| country.in_union),
        currency: country.and_then(|country| country.currency).unwrap_or(UNKNOWN),
    })
}
