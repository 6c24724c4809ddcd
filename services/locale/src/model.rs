//! The JSON that leaves.

api::model! {
    /// Estimated location of a caller.
    pub(crate) struct Whereabouts as "locale" {
        /// The address of the request.
        ip: String = "ip",
        /// The country's code; `--` when it is not known.
        country_code: &'static str = "countryCode",
        /// The country's name.
        country: String = "country",
        /// The continent's code; `--` when it is not known.
        continent_code: &'static str = "continentCode",
        /// The continent's name.
        continent: String = "continent",
        /// Whether the country is a member of the European Union.
        in_union: bool = "eu",
        /// The code of the country's currency; `--` when it is not known.
        currency: &'static str = "currency",
    }
}

api::model! {
    /// A locale.
    pub(crate) struct Code as "localeCode" {
        /// Its code.
        code: &'static str = "code",
        /// Its English name.
        name: &'static str = "name",
    }
}

api::model! {
    /// A country.
    pub(crate) struct Country as "country" {
        /// Its name.
        name: String = "name",
        /// Its code of two letters.
        code: String = "code",
    }
}

api::model! {
    /// A country's calling code.
    pub(crate) struct Phone as "phone" {
        /// Calling code with `+`.
        code: String = "code",
        /// The country's code.
        country_code: &'static str = "countryCode",
        /// The country's name.
        country_name: String = "countryName",
    }
}

api::model! {
    /// A continent.
    pub(crate) struct Continent as "continent" {
        /// Its name.
        name: String = "name",
        /// Its code of two letters.
        code: String = "code",
    }
}

api::model! {
    /// A currency.
    pub(crate) struct Currency as "currency" {
        /// Its sign.
        symbol: String = "symbol",
        /// Its name.
        name: String = "name",
        /// Its sign where it is at home.
        native_symbol: &'static str = "symbolNative",
        /// The digits after the point.
        digits: i64 = "decimalDigits",
        /// Increment to which prices are rounded; 0 if it is the last digit.
        rounding: f64 = "rounding",
        /// Its code of three letters.
        code: &'static str = "code",
        /// Its name, of many.
        plural: String = "namePlural",
    }
}

api::model! {
    /// A language.
    pub(crate) struct Language as "language" {
        /// Its English name.
        name: &'static str = "name",
        /// Its code of two letters.
        code: &'static str = "code",
        /// Name in the language itself.
        native_name: &'static str = "nativeName",
    }
}

macro_rules! lists {
    ($($(#[$doc:meta])* $list:ident of $item:ident as $wire:literal, $key:literal;)*) => { $(
        api::model! {
            $(#[$doc])*
            pub(crate) struct $list as $wire {
                /// Number of entries.
                total: i64 = "total",
                /// The list.
                items: Vec<$item> = $key,
            }
        }

        impl $list {
            /// All of it.
            pub(crate) fn of(items: impl Iterator<Item = $item>) -> Self {
                let items: Vec<_> = items.collect();
                Self { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items }
            }
        }
    )* };
}

lists! {
    /// Locales.
    CodeList of Code as "localeCodeList", "localeCodes";
    /// Countries.
    CountryList of Country as "countryList", "countries";
    /// Calling codes.
    PhoneList of Phone as "phoneList", "phones";
    /// Continents.
    ContinentList of Continent as "continentList", "continents";
    /// Currencies.
    CurrencyList of Currency as "currencyList", "currencies";
    /// Languages.
    LanguageList of Language as "languageList", "languages";
}
