//! Locale: where the caller seems to be, and what countries, continents, languages, currencies and calling codes are called
//! in the caller's language.
//!
//! The language is chosen by the parameter `locale` or the header `X-Appwrite-Locale`, and is the server's where they name
//! none that is known. The names are CLDR's (`positions`); where an address lies says the operator's file of countries.

mod lists;
mod locale_params;
mod model;
mod routes;
mod whereabouts;

pub use routes::routes;

/// The service.
pub fn service() -> api::Service {
    api::Service::new("locale", (), routes()).switched_by(projects::Service::Locale)
}
