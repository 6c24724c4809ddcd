//! Values of encrypted columns: encrypted in the database, plain everywhere else.

use std::sync::Arc;

use secrets::{OpenError, Sealed, Vault};
use serde_json::Value as Json;

/// Encrypts and decrypts the values of one table.
#[derive(Debug, Clone)]
pub(crate) struct Sealer {
    vault: Arc<Vault>,
    /// Encryption context: a value encrypted for one table cannot be decrypted for another. It does not include the
    /// column, because columns can be renamed.
    seal_context: Arc<str>,
}

impl Sealer {
    /// Sealer of the table with a number.
    pub(crate) fn of(vault: &Arc<Vault>, table: i64) -> Self {
        Self {
            vault: Arc::clone(vault),
            seal_context: format!("rows/{table}").into(),
        }
    }

    /// Encrypts a text.
    pub(crate) fn seal(&self, text: &str) -> String {
        self.vault.seal(text, &self.seal_context).0
    }

    /// Decrypts a text.
    pub(crate) fn open(&self, sealed: &str) -> Result<String, OpenError> {
        self.vault.open(&Sealed(sealed.to_owned()), &self.seal_context)
    }

    /// Decrypts a JSON list of encrypted texts and nulls.
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
