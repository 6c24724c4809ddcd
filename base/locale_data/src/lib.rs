//! Countries, continents, currencies and languages, with their names in every locale.
//!
//! The tables in `data/` are generated from CLDR by `scripts/make-data`. Locale-independent data is stored as text,
//! parsed once at first use. Names are compressed, one block per locale, and decompressed on each request, so that an
//! idle server keeps none in memory.
//!
//! Not here: the locale of a request, and the country of an IP address (`user_agents`).

mod locales;
mod names;
mod tables;

pub use locales::Locale;
pub use names::{CurrencyNames, Names};
pub use tables::{Country, Currency, Language, countries, country, country_name, currency, languages};
