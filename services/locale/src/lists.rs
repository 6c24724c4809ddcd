//! Lists of countries, languages, currencies etc., sorted by name in the collation order of the response locale.

use api::{Call, Result};
use locale_data::Locale;

use crate::locale_params::LocaleParams;
use crate::model::{
    Code, CodeList, Continent, ContinentList, Country, CountryList, Currency, CurrencyList, Language, LanguageList,
    Phone, PhoneList,
};

pub(crate) async fn codes(_: Call, (): ()) -> Result<CodeList> {
    let code = |locale: Locale| Code {
        code: locale.code(),
        name: locale.name(),
    };
    Ok(CodeList::of(Locale::all().map(code)))
}

pub(crate) async fn countries(call: Call, locale_params: LocaleParams) -> Result<CountryList> {
    let names = locale_params.names(&call);
    Ok(CountryList::of(names.countries().map(country)))
}

pub(crate) async fn countries_of_the_union(call: Call, locale_params: LocaleParams) -> Result<CountryList> {
    let names = locale_params.names(&call);
    let in_union = |(code, _): &(&str, &str)| locale_data::country(code).is_some_and(|country| country.in_union);
    Ok(CountryList::of(names.countries().filter(in_union).map(country)))
}

pub(crate) async fn phones(call: Call, locale_params: LocaleParams) -> Result<PhoneList> {
    let names = locale_params.names(&call);
    let phone = |(code, name): (&str, &str)| {
        let country = locale_data::country(code)?;
        Some(Phone {
            code: format!("+{}", country.calling_code?),
            country_code: country.code,
            country_name: name.to_owned(),
        })
    };
    Ok(PhoneList::of(names.countries().filter_map(phone)))
}

pub(crate) async fn continents(call: Call, locale_params: LocaleParams) -> Result<ContinentList> {
    let names = locale_params.names(&call);
    let continent = |(code, name): (&str, &str)| Continent {
        name: name.to_owned(),
        code: code.to_owned(),
    };
    Ok(ContinentList::of(names.continents().map(continent)))
}

pub(crate) async fn currencies(call: Call, locale_params: LocaleParams) -> Result<CurrencyList> {
    let names = locale_params.names(&call);
    let currency = |named: locale_data::CurrencyNames<'_>| {
        let currency = locale_data::currency(named.code)?;
        Some(Currency {
            symbol: named.symbol.to_owned(),
            name: named.name.to_owned(),
            native_symbol: currency.native_symbol,
            digits: i64::from(currency.digits),
            rounding: currency.rounding,
            code: currency.code,
            plural: named.plural.to_owned(),
        })
    };
    Ok(CurrencyList::of(names.currencies().filter_map(currency)))
}

/// The only list whose names are English in every locale, as clients expect.
pub(crate) async fn languages(_: Call, (): ()) -> Result<LanguageList> {
    let language = |language: &locale_data::Language| Language {
        name: language.name,
        code: language.code,
        native_name: language.native_name,
    };
    Ok(LanguageList::of(locale_data::languages().iter().map(language)))
}

fn country((code, name): (&str, &str)) -> Country {
    Country {
        name: name.to_owned(),
        code: code.to_owned(),
    }
}
