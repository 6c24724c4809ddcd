//! Operations as clients write them: `{"action":"create","databaseId":…,"tableId":…,"rowId":…,"data":…}`.

use std::marker::PhantomData;

use kernel::Timestamp;
use kernel::id::CustomId;
use kernel::param::{Object, Param, Rule};
use records::rows::{Count, NewRow, Step};
use records::transactions::Operation;
use records::{DatabaseId, Error, Key, Result, RowId, TableId, verbatim};
use serde_json::{Map, Value, json};

use crate::Vocabulary;
use crate::rows::many::{change, deletion, new_row, take_permissions};

/// Maximum size of one operation, in bytes.
const MAX_OPERATION: usize = 10 << 20;
/// Maximum number of operations in one request; higher than the limit of a transaction, whose error states that limit.
const MAX_OPERATIONS: usize = 1000;

/// The parameter `operations`.
#[derive(Debug, Clone)]
pub struct Operations<W> {
    items: Vec<Map<String, Value>>,
    vocabulary: PhantomData<W>,
}

impl<W> Default for Operations<W> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            vocabulary: PhantomData,
        }
    }
}

impl<W: Vocabulary> Param for Operations<W> {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        let Value::Array(items) = value else {
            return Err(Rule::new("Value must be an array of operations"));
        };
        if items.len() > MAX_OPERATIONS {
            return Err(format!("Value must be an array of at most {MAX_OPERATIONS} operations").into());
        }
        let object = |item| Object::<MAX_OPERATION>::parse(item).map(|object| object.0);
        Ok(Self {
            items: items.iter().map(object).collect::<std::result::Result<_, _>>()?,
            vocabulary: PhantomData,
        })
    }

    fn schema() -> Value {
        let text = json!({"type": "string"});
        json!({
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "action": {"type": "string", "enum": ACTIONS},
                    "databaseId": text, (W::TABLE_ID): text, (W::ROW_ID): text, "data": {},
                },
                "required": ["action", "databaseId", W::TABLE_ID],
            },
        })
    }
}

const ACTIONS: [&str; 10] = [
    "create",
    "update",
    "upsert",
    "delete",
    "increment",
    "decrement",
    "bulkCreate",
    "bulkUpdate",
    "bulkUpsert",
    "bulkDelete",
];

impl<W: Vocabulary> Operations<W> {
    /// Parses the operations.
    ///
    /// Fails with [`Error::BadRequest`] if there are none, and with [`Error::Argument`] if one is invalid.
    pub(super) fn read(&self, now: Timestamp) -> Result<Vec<Operation>> {
        if self.items.is_empty() {
            return Err(Error::BadRequest("There are no operations".to_owned()));
        }
        let one = |(position, item)| {
            let read = OperationReader::<W> {
                item,
                now,
                vocabulary: PhantomData,
            };
            read.operation().map_err(|error| match error {
                Error::Argument(rule) => {
                    Error::Argument(format!("Invalid `operations` param: operation {position}: {rule}"))
                }
                other => other,
            })
        };
        self.items.iter().enumerate().map(one).collect()
    }
}

/// One operation.
struct OperationReader<'a, W> {
    item: &'a Map<String, Value>,
    now: Timestamp,
    vocabulary: PhantomData<W>,
}

impl<W: Vocabulary> OperationReader<'_, W> {
    fn operation(&self) -> Result<Operation> {
        let action = self.item.get("action").and_then(Value::as_str).unwrap_or_default();
        if !ACTIONS.contains(&action) {
            return Err(Error::Argument(format!(
                "\"action\" must be one of ({})",
                ACTIONS.join(", ")
            )));
        }
        Ok(Operation {
            database: self.id::<DatabaseId>("databaseId")?,
            table: self.id::<TableId>(W::TABLE_ID)?,
            step: self.step(action)?,
            by_server: false,
        })
    }

    fn step(&self, action: &str) -> Result<Step> {
        Ok(match action {
            "create" => Step::Create(self.row()?),
            "upsert" => Step::Upsert(self.row()?),
            "update" => {
                let NewRow { id, data, permissions } = self.row()?;
                Step::Update { id, data, permissions }
            }
            "delete" => Step::Delete {
                id: self.id(W::ROW_ID)?,
            },
            "increment" => self.count("max", false)?,
            "decrement" => self.count("min", true)?,
            "bulkCreate" => Step::BulkCreate { rows: self.rows()? },
            "bulkUpsert" => Step::BulkUpsert { rows: self.rows()? },
            "bulkUpdate" => {
                let data = self.object()?;
                let changes = required("data.data", data.get("data"))?;
                change(changes, self.queries()?)?
            }
            _ => deletion(self.queries()?)?,
        })
    }

    fn id<T: Param>(&self, name: &str) -> Result<T> {
        let rule = |rule: Rule| Error::Argument(format!("\"{name}\": {}", verbatim(rule)));
        let given = self.item.get(name);
        let given = given.ok_or_else(|| Error::Argument(format!("\"{name}\" is missing")))?;
        T::parse(given).map_err(rule)
    }

    fn row(&self) -> Result<NewRow> {
        let id = self.id::<CustomId<RowId>>(W::ROW_ID)?.or_generate(self.now);
        let mut data = self.object()?;
        Ok(NewRow {
            id,
            permissions: take_permissions(&mut data)?,
            data,
        })
    }

    fn rows(&self) -> Result<Vec<NewRow>> {
        let list = self.item.get("data").and_then(Value::as_array);
        let list = list.filter(|list| (1..=100).contains(&list.len()));
        let list = list.ok_or_else(|| Error::Argument("\"data\" must be a list of 1 to 100 objects".to_owned()))?;
        list.iter()
            .map(|row| new_row(required("data", Some(row))?, self.now))
            .collect()
    }

    fn object(&self) -> Result<Map<String, Value>> {
        required("data", self.item.get("data"))
    }

    fn queries(&self) -> Result<Vec<String>> {
        let data = self.object()?;
        let texts: Option<Vec<String>> = data
            .get("queries")
            .and_then(Value::as_array)
            .and_then(|queries| queries.iter().map(|query| query.as_str().map(str::to_owned)).collect());
        texts.ok_or_else(|| Error::Argument("\"data.queries\" must be a list of texts".to_owned()))
    }

    fn count(&self, bound: &str, down: bool) -> Result<Step> {
        let data = self.object()?;
        let number = |name: &str| match data.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => Ok(Some(number.clone())),
            Some(_) => Err(Error::Argument(format!("\"{name}\" must be a number"))),
        };
        let column = data.get(W::COLUMN).and_then(Value::as_str).and_then(Key::parse);
        let column = column.ok_or_else(|| Error::Argument(format!("\"{}\" must be a key", W::COLUMN)))?;
        let by = number("value")?.unwrap_or_else(|| 1.into());
        if by.as_f64().is_none_or(|by| by <= 0.0) {
            return Err(Error::Argument("\"value\" must be greater than 0".to_owned()));
        }
        Ok(Step::Increment {
            id: self.id(W::ROW_ID)?,
            count: Count {
                column: column.to_string(),
                by,
                down,
                bound: number(bound)?,
            },
        })
    }
}

/// Parses an object that must be given; `name` is its name in errors.
fn required(name: &str, given: Option<&Value>) -> Result<Map<String, Value>> {
    match given {
        None | Some(Value::Null) => Err(Error::Argument(format!("\"{name}\" is missing: it must be an object"))),
        Some(given) => Object::<MAX_OPERATION>::parse(given)
            .map(|object| object.0)
            .map_err(|rule| Error::Argument(format!("\"{name}\": {}", verbatim(rule)))),
    }
}
