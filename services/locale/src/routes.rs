use api::Endpoint;
use kernel::Scope;

use crate::{lists, whereabouts};

/// The table of operations.
pub fn routes() -> Vec<Endpoint<()>> {
    vec![
        Endpoint::get("/v1/locale", whereabouts::get)
            .id("locale.get")
            .about("Where the caller seems to be, by the address of the request.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/codes", lists::codes)
            .id("locale.listCodes")
            .about("The locales in which names are known.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/countries", lists::countries)
            .id("locale.listCountries")
            .about("The countries of the world.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/countries/eu", lists::countries_of_the_union)
            .id("locale.listCountriesEU")
            .about("The members of the European Union.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/countries/phones", lists::phones)
            .id("locale.listCountriesPhones")
            .about("The calling codes of countries.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/continents", lists::continents)
            .id("locale.listContinents")
            .about("The continents.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/currencies", lists::currencies)
            .id("locale.listCurrencies")
            .about("The currencies that are paid with today.")
            .scope(Scope::LocaleRead),
        Endpoint::get("/v1/locale/languages", lists::languages)
            .id("locale.listLanguages")
            .about("The languages of ISO 639-1, with what they call themselves.")
            .scope(Scope::LocaleRead),
    ]
}
