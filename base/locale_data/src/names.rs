//! Decompressed names of one locale.

use embedded_data::Pack;

/// One block per set of names; locales with identical names share one.
static NAMES: Pack = Pack::new(include_bytes!("../data/names.bin"));

/// Names in one locale. Each list is sorted by name, in the locale's collation.
#[derive(Debug, Clone)]
pub struct Names(String);

/// Names of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrencyNames<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its plural name.
    pub plural: &'a str,
    /// Its symbol.
    pub symbol: &'a str,
}

impl Names {
    pub(crate) fn unpack(block: usize) -> Self {
        // The blocks are embedded in the program, and a test decompresses each.
        let text = NAMES.block(block).and_then(|bytes| String::from_utf8(bytes).ok());
        Self(text.unwrap_or_default())
    }

    fn section(&self, index: usize) -> impl Iterator<Item = &str> {
        self.0.split("\n\n").nth(index).unwrap_or_default().lines()
    }

    fn pairs(&self, index: usize) -> impl Iterator<Item = (&str, &str)> {
        self.section(index).filter_map(|line| line.split_once('\t'))
    }

    /// Name of an unknown country.
    pub fn unknown(&self) -> &str {
        self.section(0).next().unwrap_or("Unknown")
    }

    /// Codes and names of countries.
    pub fn countries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs(1)
    }

    /// The name of a country by its code in upper case.
    pub fn country(&self, code: &str) -> Option<&str> {
        self.countries().find(|(known, _)| *known == code).map(|(_, name)| name)
    }

    /// Codes and names of continents.
    pub fn continents(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs(2)
    }

    /// The name of a continent.
    pub fn continent(&self, code: &str) -> Option<&str> {
        self.continents()
            .find(|(known, _)| *known == code)
            .map(|(_, name)| name)
    }

    /// The names of currencies.
    pub fn currencies(&self) -> impl Iterator<Item = CurrencyNames<'_>> {
        self.section(3).filter_map(|line| {
            let mut fields = line.split('\t');
            Some(CurrencyNames {
                code: fields.next()?,
                name: fields.next()?,
                plural: fields.next()?,
                symbol: fields.next()?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{Locale, countries, currency};

    #[test]
    fn every_locale_names_everything() {
        for locale in Locale::all() {
            let names = locale.names();
            assert_eq!(names.countries().count(), countries().len(), "{locale:?}");
            assert_eq!(names.continents().count(), 7, "{locale:?}");
            assert_eq!(names.currencies().count(), 153, "{locale:?}");
            assert!(
                names.currencies().all(|named| currency(named.code).is_some()),
                "{locale:?}"
            );
            assert!(
                countries().iter().all(|country| names.country(country.code).is_some()),
                "{locale:?}"
            );
            assert!(names.countries().all(|(_, name)| !name.trim().is_empty()), "{locale:?}");
            assert!(!names.unknown().is_empty() && !locale.name().is_empty(), "{locale:?}");
        }
    }

    #[test]
    fn names_are_those_of_the_locale_in_its_order() {
        let swedish = Locale::find("sv").expect("a locale").names();
        assert_eq!(swedish.country("DE"), Some("Tyskland"));
        assert_eq!(swedish.continent("OC"), Some("Oceanien"));
        // Å and Ö sort after Z in Swedish.
        let last: Vec<_> = swedish.countries().map(|(code, _)| code).collect();
        assert_eq!(&last[last.len() - 3..], ["AX", "AT", "TL"]);
        let english = Locale::default().names();
        assert_eq!(english.unknown(), "Unknown");
        let dollar = english
            .currencies()
            .find(|named| named.code == "USD")
            .expect("a currency");
        assert_eq!(
            (dollar.symbol, dollar.name, dollar.plural),
            ("$", "US Dollar", "US dollars")
        );
    }
}
