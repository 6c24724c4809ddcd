use api::Endpoint;
use kernel::Scope;

use crate::{lists, location};

/// The table of operations.
pub fn routes() -> Vec<Endpoint<()>> {
    vec![
        Endpoint::get("/v1/locale", location::get)
            .id("locale.get")
            .about("Get the caller's location, derived from the IP address.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/codes", lists::codes)
            .id("locale.listCodes")
            .about("List locale codes.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/countries", lists::countries)
            .id("locale.listCountries")
            .about("List countries.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/countries/eu", lists::countries_of_the_union)
            .id("locale.listCountriesEU")
            .about("List the countries of the European Union.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/countries/phones", lists::phones)
            .id("locale.listCountriesPhones")
            .about("List the phone codes of countries.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/continents", lists::continents)
            .id("locale.listContinents")
            .about("List continents.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/currencies", lists::currencies)
            .id("locale.listCurrencies")
            .about("List currencies.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/languages", lists::languages)
            .id("locale.listLanguages")
            .about("List the languages of ISO 639-1, with their native names.")
            .scope(Scope::LocaleRead),
    ]
}
