//! Nested rows: related rows that a request describes by their values.

use db::Tx;
use kernel::param::Param;
use kernel::permission::{Action, ItemPermissions, Permissions};
use serde_json::{Map, Value as Json};

use super::given::UNIQUE;
use super::write::Writing;
use crate::rows::{self, Change, NewRow};
use crate::{AccessError, Error, Result, RowError, RowId, TableError, verbatim};

impl Writing<'_> {
    /// Writes a related row: creates it, or updates the row with its ID. Returns the ID, and whether it was created.
    pub(super) fn row(&self, tx: &mut Tx<'_>, values: &Map<String, Json>) -> Result<(RowId, bool)> {
        if !self.is_open() {
            return Err(TableError::NotFound.into());
        }
        let id = match values.get("$id") {
            None | Some(Json::Null) => None,
            Some(Json::String(id)) if id == UNIQUE => None,
            Some(given) => {
                let id = given.as_str().and_then(RowId::parse);
                Some(id.ok_or_else(|| self.broken("\"$id\" is no id of a <row>"))?)
            }
        };
        let permissions = values
            .get("$permissions")
            .map(|given| self.permissions(given))
            .transpose()?;
        // The reference back is set by linking; a value for it in the data is ignored.
        let back = self.relationship.two_way_key.as_str();
        let data: Map<String, Json> = values
            .iter()
            .filter(|(key, _)| !key.starts_with('$') && *key != back)
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let old = match &id {
            Some(id) => rows::find_for_update(tx, &self.related, id)?,
            None => None,
        };
        let Some(old) = old else {
            let id = id.unwrap_or_else(|| RowId::generate(tx.now()));
            let new = NewRow { id, data, permissions };
            return rows::create(tx, &self.related, self.access, &new).map(|record| (record.id, true));
        };
        // Unchanged permissions grant nothing new, so they need no check.
        let permissions = permissions.filter(|given| *given != old.permissions);
        if data.is_empty() && permissions.is_none() {
            let readable = self.access.granted_on(&self.related, &old.permissions, Action::Read);
            return if readable {
                Ok((old.id, false))
            } else {
                Err(AccessError::Unauthorized.into())
            };
        }
        let change = Change {
            data: &data,
            permissions: permissions.as_ref(),
            read_at: None,
        };
        rows::update(tx, &self.related, self.access, &old.id, &change).map(|record| (record.id, false))
    }

    fn permissions(&self, given: &Json) -> Result<Permissions> {
        let permissions = ItemPermissions::parse(given)
            .map_err(|rule| self.broken(&format!("\"$permissions\": {}", verbatim(rule))))?;
        Ok(permissions.0)
    }

    fn broken(&self, rule: &str) -> Error {
        RowError::RelationshipValue(format!(
            "Invalid relationship value of <column> \"{}\": {rule}",
            self.column.key
        ))
        .into()
    }
}
