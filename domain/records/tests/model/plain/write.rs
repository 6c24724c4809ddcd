//! Results of writes in the model: database.md §6, §9, §10, §12.

use kernel::Timestamp;
use records::Kind;
use serde_json::{Map, Value as Json};

use super::{Refused, Row, Table, Value};
use crate::world::{Act, Caller, Change, Count};

/// Collected error types: an engine may report any of several errors.
type Reasons = Vec<&'static str>;

impl Table {
    /// Applies a change, or returns the error types and changes nothing.
    pub(crate) fn apply(&mut self, change: &Change, now: Timestamp) -> Result<(), Refused> {
        self.numbered = false;
        let by = &change.caller;
        match &change.act {
            Act::Create { id, data, permissions } => self.make(by, id, data, permissions.as_deref(), now),
            Act::Update {
                id,
                data,
                permissions,
                read_at,
            } => {
                if data.is_empty() && permissions.is_none() {
                    return Err(vec!["row_missing_payload"]);
                }
                let index = self.index_of(id).ok_or(vec!["row_not_found"])?;
                self.amend(by, index, data, permissions.as_deref(), *read_at, now)
            }
            Act::Upsert { id, data, permissions } => {
                if data.is_empty() && permissions.is_none() {
                    return Err(vec!["row_missing_payload"]);
                }
                match self.index_of(id) {
                    Some(index) => self.amend(by, index, data, permissions.as_deref(), None, now),
                    None => self.make(by, id, data, permissions.as_deref(), now),
                }
            }
            Act::Delete { id, read_at } => {
                let index = self.index_of(id).ok_or(vec!["row_not_found"])?;
                let mut reasons = stale(&self.rows[index], *read_at);
                if !self.granted(by, "delete", &self.rows[index].permissions) {
                    reasons.push("user_unauthorized");
                }
                none(reasons)?;
                self.rows.remove(index);
                Ok(())
            }
            Act::Count(count) => self.count(by, count, now),
        }
    }

    fn index_of(&self, id: &str) -> Option<usize> {
        self.rows.iter().position(|row| row.id == id)
    }

    fn granted(&self, by: &Caller, action: &str, permissions: &[String]) -> bool {
        by.granted(action, &self.world.permissions) || (self.world.row_security && by.granted(action, permissions))
    }

    fn make(
        &mut self,
        by: &Caller,
        id: &str,
        data: &Map<String, Json>,
        permissions: Option<&[String]>,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let mut reasons = beyond_own(by, permissions);
        if !by.granted("create", &self.world.permissions) {
            reasons.push("user_unauthorized");
        }
        if self.index_of(id).is_some() {
            reasons.push("row_already_exists");
        }
        match self.values(data) {
            None => reasons.push("row_invalid_structure"),
            Some(values) if self.collides(&values, None) => reasons.push("row_already_exists"),
            Some(values) if reasons.is_empty() => {
                self.last += 1;
                self.rows.push(Row {
                    seq: self.last,
                    id: id.to_owned(),
                    created: now,
                    updated: now,
                    permissions: permissions.map_or_else(|| own_permissions(by), <[String]>::to_vec),
                    values,
                });
            }
            Some(_) => {}
        }
        none(reasons)
    }

    fn amend(
        &mut self,
        by: &Caller,
        index: usize,
        data: &Map<String, Json>,
        permissions: Option<&[String]>,
        read_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let old = self.rows[index].clone();
        let mut new = old.clone();
        let mut reasons = beyond_own(by, permissions);
        reasons.extend(stale(&old, read_at));
        let mut flawed = data.keys().any(|key| self.world.column(key).is_none());
        for (column, value) in self.world.columns.iter().zip(&mut new.values) {
            if let Some(given) = data.get(column.key.as_str()) {
                match self.value(column, given) {
                    Some(given) => *value = given,
                    None => flawed = true,
                }
            }
        }
        if let Some(permissions) = permissions {
            new.permissions = permissions.to_vec();
        }
        let changes = new.values != old.values || new.permissions != old.permissions;
        if flawed {
            reasons.push("row_invalid_structure");
        }
        // A caller with only the read right may send unchanged values. Invalid values count as a change or as none,
        // depending on the engine's order of checks.
        let may = |action| self.granted(by, action, &old.permissions);
        let allowed = match (flawed, changes) {
            (true, _) => may("read") && may("update"),
            (_, true) => may("update"),
            (_, false) => may("read"),
        };
        if !allowed {
            reasons.push("user_unauthorized");
        }
        if changes && self.collides(&new.values, Some(old.seq)) {
            reasons.push("row_already_exists");
        }
        none(reasons)?;
        if changes {
            new.updated = now;
            self.rows[index] = new;
        }
        Ok(())
    }

    fn count(&mut self, by: &Caller, count: &Count, now: Timestamp) -> Result<(), Refused> {
        let mut reasons = Vec::new();
        let column = self
            .world
            .columns
            .iter()
            .position(|column| column.key.as_str() == count.column);
        let row = self.index_of(&count.id);
        if column.is_none() || row.is_none() {
            reasons.push("column_not_found");
        }
        if let Some(row) = row
            && !self.granted(by, "update", &self.rows[row].permissions)
        {
            reasons.push("user_unauthorized");
        }
        let Some(column) = column else { return Err(reasons) };
        let spec = self.world.columns[column].spec.clone();
        if spec.array || !matches!(spec.kind, Kind::Integer { .. } | Kind::Float { .. }) {
            // The same error type in both vocabularies.
            reasons.push("attribute_type_invalid");
            return Err(reasons);
        }
        let Some(row) = row else { return Err(reasons) };
        let old = &self.rows[row].values[column];
        match counted(&spec.kind, old, count) {
            Err(reason) => reasons.push(reason),
            Ok(value) => {
                let mut values = self.rows[row].values.clone();
                values[column] = value;
                if self.collides(&values, Some(self.rows[row].seq)) {
                    reasons.push("row_already_exists");
                }
                if reasons.is_empty() {
                    self.rows[row].values = values;
                    self.rows[row].updated = now;
                }
            }
        }
        none(reasons)
    }
}

fn counted(kind: &Kind, old: &Value, count: &Count) -> Result<Value, &'static str> {
    const BEYOND: &str = "column_limit_exceeded";
    let sign = if count.down { -1 } else { 1 };
    match (kind, old) {
        (Kind::Integer { min, max }, old) => {
            let by = count.by.as_i64().ok_or("general_argument_invalid")?;
            let old = if let Value::Integer(number) = old { *number } else { 0 };
            let new = i128::from(old) + i128::from(sign * by);
            let bound = count
                .bound
                .as_ref()
                .and_then(serde_json::Number::as_i64)
                .map(i128::from);
            if bound.is_some_and(|bound| if count.down { new < bound } else { new > bound }) {
                return Err(BEYOND);
            }
            let fits = (i128::from(*min)..=i128::from(*max)).contains(&new);
            fits.then(|| i64::try_from(new).ok())
                .flatten()
                .map(Value::Integer)
                .ok_or(BEYOND)
        }
        (Kind::Float { min, max }, old) => {
            let old = if let Value::Real(number) = old { *number } else { 0.0 };
            let by = count.by.as_f64().expect("a number");
            let new = if count.down { old - by } else { old + by };
            let bound = count.bound.as_ref().and_then(serde_json::Number::as_f64);
            if bound.is_some_and(|bound| if count.down { new < bound } else { new > bound }) {
                return Err(BEYOND);
            }
            // Negative zero becomes zero.
            (*min..=*max)
                .contains(&new)
                .then_some(Value::Real(new + 0.0))
                .ok_or(BEYOND)
        }
        _ => Err("attribute_type_invalid"),
    }
}

fn none(reasons: Reasons) -> Result<(), Refused> {
    if reasons.is_empty() { Ok(()) } else { Err(reasons) }
}

/// A client can grant only its own roles.
fn beyond_own(by: &Caller, permissions: Option<&[String]>) -> Reasons {
    let Caller::Client { roles, .. } = by else {
        return Vec::new();
    };
    let held = |text: &String| roles.iter().any(|role| text.ends_with(&format!("(\"{role}\")")));
    if permissions.is_some_and(|permissions| !permissions.iter().all(held)) {
        vec!["user_unauthorized"]
    } else {
        Vec::new()
    }
}

/// Default permissions of a row: those of the user who creates it, none for other callers.
fn own_permissions(by: &Caller) -> Vec<String> {
    match by {
        Caller::Client { user: Some(user), .. } => ["read", "update", "delete"]
            .map(|action| format!("{action}(\"user:{user}\")"))
            .to_vec(),
        _ => Vec::new(),
    }
}

fn stale(row: &Row, read_at: Option<Timestamp>) -> Reasons {
    if read_at.is_some_and(|read_at| row.updated > read_at) {
        vec!["row_update_conflict"]
    } else {
        Vec::new()
    }
}
