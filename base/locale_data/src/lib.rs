//! Countries, continents, currencies and languages: what they are, and what they are called in every locale.
//!
//! The tables in `data/` are made from CLDR by `scripts/make-data`. What is the same everywhere lies there as text, read once
//! at first use. Names lie compressed, a block a locale, and are unpacked when asked for: an idle server holds none.
//!
//! Not here: which locale a request means, and the country of an address (`clients`).

mod locales;
mod names;
mod tables;

pub use locales::Locale;
pub use names::{CurrencyNames, Names};
pub use tables::{Country, Currency, Language, countries, country, country_name, currency, languages};
