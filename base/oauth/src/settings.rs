//! Settings of a project for its app at a provider, and how they are stored.

use std::collections::BTreeMap;

/// Storage of the secret of a project's provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stored {
    /// The secret itself.
    Plain,
    /// A JSON object of all fields.
    Json,
    /// Either: older projects store the secret itself.
    PlainOrJson,
}

/// The settings of a provider, by parameter names of `PATCH /v1/project/oauth2/{provider}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsShape {
    /// The parameter with the app id.
    pub id_param: String,
    /// The parameter with the secret; none if the fields together are the secret (Apple).
    pub secret_param: Option<String>,
    /// Storage of the secret.
    pub stored: Stored,
    /// Parameter to key in the stored JSON; empty if the secret is stored as plain text.
    pub fields: BTreeMap<String, String>,
    /// Settings required before the provider can be enabled.
    pub required: Vec<Requirement>,
    /// Default values of stored keys that are missing or empty.
    pub defaults: BTreeMap<String, String>,
    /// Aliases of stored keys in older data: old to new.
    pub aliases: BTreeMap<String, String>,
}

/// A requirement: at least one of these groups of parameters must be set completely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement(pub Vec<Vec<String>>);

impl SettingsShape {
    /// The key under which a parameter is stored in the JSON.
    pub fn stored_key(&self, parameter: &str) -> Option<&str> {
        self.fields.get(parameter).map(String::as_str)
    }

    /// The parameter stored under a key; the key itself if there is none.
    pub fn parameter_of<'a>(&'a self, key: &'a str) -> &'a str {
        self.fields
            .iter()
            .find(|(_, stored)| *stored == key)
            .map_or(key, |(parameter, _)| parameter)
    }

    /// The first unmet requirement; `is_set` returns whether a parameter is set.
    pub fn unmet(&self, is_set: impl Fn(&str) -> bool) -> Option<&Requirement> {
        self.required
            .iter()
            .find(|Requirement(groups)| !groups.iter().any(|group| group.iter().all(|name| is_set(name))))
    }

    /// All parameter names: the app id first, then the secret, then the others.
    pub fn parameters(&self) -> Vec<&str> {
        let mut names = vec![self.id_param.as_str()];
        names.extend(self.secret_param.as_deref());
        names.extend(
            self.fields
                .keys()
                .map(String::as_str)
                .filter(|name| Some(*name) != self.secret_param.as_deref()),
        );
        names
    }
}

impl Requirement {
    /// Parses `a`, `a and b`, or `a or b and c`.
    pub(crate) fn parse(text: &str) -> Self {
        Self(
            text.split(" or ")
                .map(|group| group.split(" and ").map(|name| name.trim().to_owned()).collect())
                .collect(),
        )
    }

    /// The parameter names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flatten().map(String::as_str)
    }
}

impl std::fmt::Display for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let groups: Vec<String> = self.0.iter().map(|group| group.join(" and ")).collect();
        f.write_str(&groups.join(", or "))
    }
}
