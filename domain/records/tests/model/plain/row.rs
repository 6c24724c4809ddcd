//! Rows, and the rules for their values.

use kernel::Timestamp;
use records::Kind;
use serde_json::{Map, Value as Json, json};

use super::Value;
use crate::world::{NewRow, World};

/// A table with its rows, in the order of creation.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) world: World,
    pub(crate) rows: Vec<Row>,
    /// The number of the last created row.
    pub(crate) last: i64,
    /// Whether engines have the same row numbers: false after a row was refused, because PostgreSQL increments its
    /// sequence for it.
    pub(crate) numbered: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) permissions: Vec<String>,
    /// In the order of the columns.
    pub(crate) values: Vec<Value>,
}

/// Attribute that a query can name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Attribute {
    Id,
    Sequence,
    CreatedAt,
    UpdatedAt,
    Column(usize),
}

impl Table {
    pub(crate) fn new(world: &World) -> Self {
        Self {
            world: world.clone(),
            rows: Vec::new(),
            last: 0,
            numbered: true,
        }
    }

    /// Creates a row as a server.
    pub(crate) fn create(&mut self, new: &NewRow, now: Timestamp) -> Result<(), &'static str> {
        let values = self.values(&new.data).ok_or("row_invalid_structure")?;
        if self.rows.iter().any(|row| row.id == new.id) || self.collides(&values, None) {
            return Err("row_already_exists");
        }
        self.last += 1;
        self.rows.push(Row {
            seq: self.last,
            id: new.id.clone(),
            created: now,
            updated: now,
            permissions: new.permissions.clone(),
            values,
        });
        Ok(())
    }

    /// The values of a new row with this data; none if they are invalid.
    pub(crate) fn values(&self, data: &Map<String, Json>) -> Option<Vec<Value>> {
        let known = |key: &String| self.world.column(key).is_some();
        if !data.keys().all(known) {
            return None;
        }
        let value = |column: &crate::world::Column| {
            let default = column.spec.default.as_ref().unwrap_or(&Json::Null);
            let given = data.get(column.key.as_str()).unwrap_or(default);
            self.value(column, given)
        };
        self.world.columns.iter().map(value).collect()
    }

    /// The value of a column from JSON; none if it is invalid.
    pub(crate) fn value(&self, column: &crate::world::Column, given: &Json) -> Option<Value> {
        let spec = &column.spec;
        match given {
            Json::Null if spec.required => None,
            Json::Null => Some(Value::Null),
            Json::Array(items) if spec.array => {
                let item = |item: &Json| {
                    if item.is_null() && spec.required {
                        return None;
                    }
                    bounded(&spec.kind, Value::of(&spec.kind, item)?)
                };
                items.iter().map(item).collect::<Option<Vec<_>>>().map(Value::List)
            }
            _ if spec.array => None,
            given => bounded(&spec.kind, Value::of(&spec.kind, given)?),
        }
    }

    /// Whether a row other than `but` has the same values in a unique index.
    pub(crate) fn collides(&self, values: &[Value], but: Option<i64>) -> bool {
        let unique = |index: &&records::indexes::IndexSpec| index.kind == records::indexes::IndexKind::Unique;
        self.world.indexes.iter().filter(unique).any(|index| {
            let positions: Vec<usize> = index.columns.iter().filter_map(|key| self.position(key)).collect();
            // An index with `$id` can only refuse what the ID alone refuses.
            positions.len() == index.columns.len()
                && !positions.iter().any(|position| values[*position].is_null())
                && self.rows.iter().any(|row| {
                    but != Some(row.seq)
                        && positions
                            .iter()
                            .all(|position| same(&row.values[*position], &values[*position], index.folded))
                })
        })
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.world.columns.iter().position(|column| column.key.as_str() == key)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<Attribute> {
        Some(match name {
            "$id" => Attribute::Id,
            "$sequence" => Attribute::Sequence,
            "$createdAt" => Attribute::CreatedAt,
            "$updatedAt" => Attribute::UpdatedAt,
            key => Attribute::Column(self.position(key)?),
        })
    }

    /// A row as in a reply, with the selected columns.
    pub(crate) fn show(&self, row: &Row, select: Option<&[String]>) -> Json {
        let mut out = json!({
            "$id": row.id,
            "$sequence": self.numbered.then_some(row.seq),
            "$createdAt": row.created,
            "$updatedAt": row.updated,
            "$permissions": row.permissions,
            "$databaseId": crate::engine::DATABASE,
            "$tableId": crate::engine::TABLE,
        });
        let wanted = |key: &str| select.is_none_or(|names| names.iter().any(|name| name == "*" || name == key));
        for (column, value) in self.world.columns.iter().zip(&row.values) {
            if wanted(column.key.as_str()) {
                out[column.key.as_str()] = match value {
                    // A null list is returned as an empty list.
                    Value::Null if column.spec.array => json!([]),
                    value => value.to_json(),
                };
            }
        }
        out
    }
}

fn same(one: &Value, other: &Value, folded: bool) -> bool {
    match (one, other) {
        (Value::Text(one), Value::Text(other)) if folded => one.eq_ignore_ascii_case(other),
        _ => one.compared(other).is_some_and(std::cmp::Ordering::is_eq),
    }
}

/// The value, if it is within the bounds of its column.
fn bounded(kind: &Kind, value: Value) -> Option<Value> {
    let fits = match (kind, &value) {
        (Kind::Integer { min, max }, Value::Integer(number)) => (min..=max).contains(&number),
        (Kind::Float { min, max }, Value::Real(number)) => (*min..=*max).contains(number),
        (Kind::Enum { elements }, Value::Text(text)) => elements.contains(text),
        // Simplified checks: random texts are either valid or completely different.
        (Kind::Email, Value::Text(text)) => text.contains('@'),
        (Kind::Url, Value::Text(text)) => text.contains("://"),
        (Kind::Ip, Value::Text(text)) => text.parse::<std::net::IpAddr>().is_ok(),
        (kind, Value::Text(text)) => kind.size().is_none_or(|size| text.chars().count() <= size as usize),
        _ => true,
    };
    fits.then_some(value)
}

impl Row {
    pub(crate) fn get(&self, attribute: Attribute) -> Value {
        match attribute {
            Attribute::Id => Value::Text(self.id.clone()),
            Attribute::Sequence => Value::Integer(self.seq),
            Attribute::CreatedAt => Value::Instant(self.created),
            Attribute::UpdatedAt => Value::Instant(self.updated),
            Attribute::Column(index) => self.values[index].clone(),
        }
    }
}
