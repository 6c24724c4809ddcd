//! Locale of a reply.

use api::Call;
use kernel::param::{Param, Rule};
use kernel::serde_json::{Value, json};
use locale_data::{Locale, Names};

/// A locale that a caller asks for. A word that means none is no error: the answer is in the server's own then.
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
    /// Parameters of every list.
    pub(crate) struct LocaleParams {
        /// The locale of the names; the header `X-Appwrite-Locale` says the same.
        locale: LocaleParam = "locale",
    }
}

impl LocaleParams {
    /// The locale of the answer.
    pub(crate) fn locale(&self, call: &Call) -> Locale {
        self.locale.0.unwrap_or_else(|| call.locale())
    }

    /// Localized names for the reply.
    pub(crate) fn names(&self, call: &Call) -> Names {
        self.locale(call).names()
    }
}
