//! Response models.

api::model! {
    /// Estimated location of a caller.
    pub(crate) struct Location as "locale" {
        /// IP address of the request.
        ip: String = "ip",
        /// Country code; `--` if unknown.
        country_code: &'static str = "countryCode",
        /// Country name.
        country: String = "country",
        /// Continent code; `--` if unknown.
        continent_code: &'static str = "continentCode",
        /// Continent name.
        continent: String = "continent",
        /// Whether the country is a member of the European Union.
        in_union: bool = "eu",
        /// Currency code of the country; `--` if unknown.
        currency: &'static str = "currency",
    }
}

api::model! {
    /// A locale.
    pub(crate) struct Code as "localeCode" {
        /// Locale code.
        code: &'static str = "code",
        /// English name.
        name: &'static str = "name",
    }
}

api::model! {
    /// A country.
    pub(crate) struct Country as "country" {
        /// Localized name.
        name: String = "name",
        /// Two-letter code.
        code: String = "code",
    }
}

api::model! {
    /// A country's calling code.
    pub(crate) struct Phone as "phone" {
        /// Calling code with `+`.
        code: String = "code",
        /// Country code.
        country_code: &'static str = "countryCode",
        /// Country name.
        country_name: String = "countryName",
    }
}

api::model! {
    /// A continent.
    pub(crate) struct Continent as "continent" {
        /// Localized name.
        name: String = "name",
        /// Two-letter code.
        code: String = "code",
    }
}

api::model! {
    /// A currency.
    pub(crate) struct Currency as "currency" {
        /// Symbol.
        symbol: String = "symbol",
        /// Localized name.
        name: String = "name",
        /// Symbol used in the currency's own country.
        native_symbol: &'static str = "symbolNative",
        /// Number of decimal digits.
        digits: i64 = "decimalDigits",
        /// Increment to which prices are rounded; 0 if prices are rounded to the last digit.
        rounding: f64 = "rounding",
        /// Three-letter code.
        code: &'static str = "code",
        /// Localized plural name.
        plural: String = "namePlural",
    }
}

api::model! {
    /// A language.
    pub(crate) struct Language as "language" {
        /// English name.
        name: &'static str = "name",
        /// Two-letter code.
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
                /// Entries.
                items: Vec<$item> = $key,
            }
        }

        impl $list {
            /// Builds the list from all items.
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
