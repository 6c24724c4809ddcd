//! Locale: the caller's estimated location, and localized names of countries, continents, languages, currencies and
//! calling codes.
//!
//! The language is selected by the parameter `locale` or the header `X-Appwrite-Locale`; if neither contains a known
//! locale, the server's default is used. The names come from CLDR (`locale_data`); the country of an IP address comes
//! from the operator's country database.

mod lists;
mod locale_params;
mod location;
mod model;
mod routes;

pub use routes::routes;

/// Builds the service.
pub fn service() -> api::Service {
    api::Service::new("locale", (), routes()).switched_by(projects::Service::Locale)
}
