//! Parameters of a provider's configuration. They are named as on the provider's own pages, so their names depend on the
//! provider.

use kernel::param::{BadParam, Field, Param, Params, Text, field};
use serde_json::{Map, Value};

/// A provider and changes to its settings.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// ID of the provider.
    pub(crate) provider: String,
    /// Whether users may sign in with it.
    pub(crate) enabled: Option<bool>,
    /// All parameters of the request.
    pub(crate) given: Map<String, Value>,
}

impl Params for Settings {
    fn fields() -> Vec<Field> {
        vec![
            Field {
                name: "providerId",
                required: true,
                schema: Text::<128, 1>::schema(),
                doc: "The provider. Its settings are named as on its own pages.",
            },
            Field {
                name: "enabled",
                required: false,
                schema: Option::<bool>::schema(),
                doc: "Whether users may sign in with it.",
            },
        ]
    }

    fn read(input: &Map<String, Value>) -> Result<Self, BadParam> {
        Ok(Self {
            provider: field::<Text<128, 1>>(input, "providerId", || None)?.0,
            enabled: field(input, "enabled", || None)?,
            given: input.clone(),
        })
    }
}
