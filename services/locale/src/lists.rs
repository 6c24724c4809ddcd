//! The lists. Each is in the order of names, as the locale of the answer sorts them.

use api::{Call, Result};
use places::Locale;

use crate::model::{
    Code, CodeList, Continent, ContinentList, Country, CountryList, Currency, CurrencyList, Language, LanguageList,
    Phone, PhoneList,
};
use crate::speaking::Speaking;

pub(crate) async fn codes(_: Call, (): ()) -> Result<CodeList> {
    let code = |locale: Locale| Code {
        code: locale.code(),
        name: locale.name(),
    };
    Ok(CodeList::of(Locale::all().map(code)))
}

pub(crate) async fn countries(call: Call, speaking: Speaking) -> Result<CountryList> {
    let names = speaking.names(&call);
    Ok(CountryList::of(names.countries().map(country)))
}

pub(crate) async fn countries_of_the_union(call: Call, speaking: Speaking) -> Result<CountryList> {
    let names = speaking.names(&call);
    let in_union = |(code, _): &(&str, &str)| places::country(code).is_some_and(|country| country.in_union);
    Ok(CountryList::of(names.countries().filter(in_union).map(country)))
}

pub(crate) async fn phones(call: Call, speaking: Speaking) -> Result<PhoneList> {
    let names = speaking.names(&call);
    let phone = |(code, name): (&str, &str)| {
        let country = places::country(code)?;
        Some(Phone {
            code: format!("+{}", country.calling_code?),
            country_code: country.code,
            country_name: name.to_owned(),
        })
    };
    Ok(PhoneList::of(names.countries().filter_map(phone)))
}

pub(crate) async fn continents(call: Call, speaking: Speaking) -> Result<ContinentList> {
    let names = speaking.names(&call);
    let continent = |(code, name): (&str, &str)| Continent {
        name: name.to_owned(),
        code: code.to_owned(),
    };
    Ok(ContinentList::of(names.continents().map(continent)))
}

pub(crate) async fn currencies(call: Call, speaking: Speaking) -> Result<CurrencyList> {
    let names = speaking.names(&call);
    let currency = |named: places::CurrencyNames<'_>| {
        let currency = places::currency(named.code)?;
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

/// The one list whose names are English in every locale, as its clients expect.
pub(crate) async fn languages(_: Call, (): ()) -> Result<LanguageList> {
    let language = |language: &places::Language| Language {
        name: language.name,
        code: language.code,
        native_name: language.native_name,
    };
    Ok(LanguageList::of(places::languages().iter().map(language)))
}

fn country((code, name): (&str, &str)) -> Country {
    Country {
        name: name.to_owned(),
        code: code.to_owned(),
    }
}
