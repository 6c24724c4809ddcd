//! Locale-independent data.

use std::sync::LazyLock;

/// A country of ISO 3166-1, or Kosovo (XK).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// Its code of two letters, in upper case.
    pub code: &'static str,
    /// Its English name.
    pub name: &'static str,
    /// The code of its continent: `AF`, `AN`, `AS`, `EU`, `NA`, `OC`, `SA`.
    pub continent: &'static str,
    /// Whether it is a member of the European Union.
    pub in_union: bool,
    /// Calling code without `+`; none for territories without telephones.
    pub calling_code: Option<&'static str>,
    /// The code of its currency.
    pub currency: Option<&'static str>,
}

/// A current legal-tender currency of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Currency {
    /// Its code of three letters.
    pub code: &'static str,
    /// Its symbol in its own country.
    pub native_symbol: &'static str,
    /// Number of decimal digits.
    pub digits: u8,
    /// Rounding increment of prices; 0 means the last digit.
    pub rounding: f64,
}

/// A language of ISO 639-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// Its code, in lower case.
    pub code: &'static str,
    /// Its English name.
    pub name: &'static str,
    /// Name in its own language.
    pub native_name: &'static str,
}

static COUNTRIES: LazyLock<Vec<Country>> =
    LazyLock::new(|| rows(include_str!("../data/countries.tsv")).map(country_of).collect());
static CURRENCIES: LazyLock<Vec<Currency>> =
    LazyLock::new(|| rows(include_str!("../data/currencies.tsv")).map(currency_of).collect());
static LANGUAGES: LazyLock<Vec<Language>> =
    LazyLock::new(|| rows(include_str!("../data/languages.tsv")).map(language_of).collect());

/// Every country, by code.
pub fn countries() -> &'static [Country] {
    &COUNTRIES
}

/// A country by its code; case is ignored.
pub fn country(code: &str) -> Option<&'static Country> {
    let code = code.to_ascii_uppercase();
    let index = COUNTRIES.binary_search_by(|country| country.code.cmp(&code)).ok()?;
    COUNTRIES.get(index)
}

/// The English name of a country by its code, ignoring case; `Unknown` for `--` and all other codes.
pub fn country_name(code: &str) -> &'static str {
    country(code).map_or("Unknown", |country| country.name)
}

/// A currency by its code.
pub fn currency(code: &str) -> Option<&'static Currency> {
    let index = CURRENCIES.binary_search_by(|currency| currency.code.cmp(code)).ok()?;
    CURRENCIES.get(index)
}

/// Every language, by English name.
pub fn languages() -> &'static [Language] {
    &LANGUAGES
}

/// The rows of an embedded table.
pub(crate) fn rows(table: &'static str) -> impl Iterator<Item = Row> {
    table.lines().map(|line| Row(line.split('\t')))
}

/// A row, read from left to right.
pub(crate) struct Row(std::str::Split<'static, char>);

impl Row {
    /// The next field; empty if there is none.
    pub(crate) fn next(&mut self) -> &'static str {
        self.0.next().unwrap_or_default()
    }

    fn given(&mut self) -> Option<&'static str> {
        Some(self.next()).filter(|text| !text.is_empty())
    }
}

fn country_of(mut row: Row) -> Country {
    Country {
        code: row.next(),
        name: row.next(),
        continent: row.next(),
        in_union: row.given().is_some(),
        calling_code: row.given(),
        currency: row.given(),
    }
}

fn currency_of(mut row: Row) -> Currency {
    Currency {
        code: row.next(),
        native_symbol: row.next(),
        digits: row.next().parse().unwrap_or(2),
        rounding: row.next().parse().unwrap_or(0.0),
    }
}

fn language_of(mut row: Row) -> Language {
    Language {
        code: row.next(),
        name: row.next(),
        native_name: row.next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_found_by_its_code_in_either_case() {
        assert!(countries().is_sorted_by_key(|country| country.code));
        let germany = country("de").expect("a country");
        assert_eq!(
            (germany.name, germany.continent, germany.in_union),
            ("Germany", "EU", true)
        );
        assert_eq!((germany.calling_code, germany.currency), (Some("49"), Some("EUR")));
        assert_eq!(country("DE"), country("de"));
        assert_eq!(country_name("--"), "Unknown");
        assert_eq!(country("jm").and_then(|jamaica| jamaica.calling_code), Some("1876"));
    }

    #[test]
    fn every_table_is_whole() {
        assert_eq!(countries().len(), 250);
        assert_eq!(countries().iter().filter(|country| country.in_union).count(), 27);
        for country in countries() {
            assert!(country.code.len() == 2 && !country.name.is_empty(), "{country:?}");
            assert!(
                country.currency.is_none_or(|code| currency(code).is_some()),
                "{country:?}"
            );
        }
        assert!(languages().len() >= 180);
        assert!(languages().iter().all(|language| !language.native_name.is_empty()));
        let franc = currency("CHF").expect("a currency");
        assert_eq!((franc.digits, franc.rounding), (2, 0.05));
        assert_eq!(currency("JPY").map(|yen| yen.digits), Some(0));
    }
}
