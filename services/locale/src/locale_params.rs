//! Locale of a reply.

use api::Call;
use kernel::param::{Param, Rule};
use kernel::serde_json::{Value, json};
use locale_data::{Locale, Names};

/// A requested locale. An unknown value is no error; the default locale is used instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LocaleParam(Option<Locale>);

impl Param for LocaleParam {
    fn parse(value: &Value) -> Result<Self, Rule> {
        Ok(Self(value.as_str().and_then(Locale::find)))
    }

    fn schema() -> Value {
        json!({"type": "string"})
    }

    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

kernel::params! {
    /// Parameters of all lists.
    pub(crate) struct LocaleParams {
        /// Locale of the names; alternatively set by the header `X-Appwrite-Locale`.
        locale: LocaleParam = "locale",
    }
}

impl LocaleParams {
    /// Locale of the reply.
    pub(crate) fn locale(&self, call: &Call) -> Locale {
        self.locale.0.unwrap_or_else(|| call.locale())
    }

    /// Localized names for the reply.
    pub(crate) fn names(&self, call: &Call) -> Names {
        self.locale(call).names()
    }
}
