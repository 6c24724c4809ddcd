//! The values of encrypted columns: sealed in the database, open everywhere else.

use std::sync::Arc;

use secrets::{OpenError, Sealed, Vault};
use serde_json::Value as Json;

/// Seals and opens the values of one table.
#[derive(Debug, Clone)]
pub(crate) struct Sealer {
    vault: Arc<Vault>,
    /// A value that was sealed here opens nowhere else. The column is no part of it, because columns are renamed.
    seal_context: Arc<str>,
}

impl Sealer {
    /// For the table of a number.
    pub(crate) fn of(vault: &Arc<Vault>, table: i64) -> Self {
        Self {
            vault: Arc::clone(vault),
            seal_context: format!("rows/{table}").into(),
        }
    }

    /// Seals a text.
    pub(crate) fn seal(&self, text: &str) -> String {
        self.vault.seal(text, &self.seal_context).0
    }

    /// Opens what was sealed.
    pub(crate) fn open(&self, sealed: &str) -> Result<String, OpenError> {
        self.vault.open(&Sealed(sealed.to_owned()), &self.seal_context)
    }

    /// Opens a JSON list of what was sealed, in which some may be null.
    pub(crate) fn open_list(&self, list: &str) -> Result<Json, String> {
        let sealed: Vec<Option<String>> = serde_json::from_str(list).map_err(|error| error.to_string())?;
        let open = |one: Option<String>| match one {
            Some(sealed) => self.open(&sealed).map(Json::String),
            None => Ok(Json::Null),
        };
        let opened: Result<Vec<Json>, OpenError> = sealed.into_iter().map(open).collect();
        opened.map(Json::Array).map_err(|error| error.to_string())
    }
}
