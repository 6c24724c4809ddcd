//! Handlers that write one row.

use api::{Call, NoContent, Result};
use kernel::id::CustomId;
use kernel::param::{List, Object, Param, Rule};
use kernel::permission::ItemPermissions;
use records::acts::Target;
use records::rows::{Count, NewRow, Step};
use records::{DatabaseId, Error, RowError, RowId, TableId, TransactionId};
use serde_json::{Number, Value, json};

use super::execute::{list, one, run};
use super::many;
use crate::Vocabulary;
use crate::model::{Row, Upserted};
use crate::state::{State, into_api_error};

/// Maximum size of a row's data, in bytes.
pub(super) const MAX_DATA: usize = 10 << 20;
/// Maximum number of rows created by one act.
pub(super) const MAX_ROWS: usize = 100;

kernel::params! {
    /// Parameters of a new row, or of several.
    pub struct CreateRow<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Row ID, or `unique()` to generate one.
        row_id: Option<CustomId<RowId>> = (W::ROW_ID),
        /// Values of the row.
        data: Option<Object<MAX_DATA>> = "data",
        /// Permissions of the row.
        permissions: Option<ItemPermissions> = "permissions",
        /// Several rows instead, each with `$id` and `$permissions`; for API keys and developers.
        rows: List<Object<MAX_DATA>, MAX_ROWS> = (W::ROWS) | List::default(),
        /// ID of the transaction in which the operation is staged.
        transaction_id: Option<TransactionId> = "transactionId",
    }
}

/// Creates one or several rows.
pub async fn create<W: Vocabulary>(call: Call<State>, input: CreateRow<W>) -> Result<Row<W, 201>> {
    let data = input.data.map(|data| data.0).unwrap_or_default();
    let target = Target {
        database: input.database_id,
        table: input.table_id,
    };
    let target = (target, input.transaction_id);
    let several = !input.rows.0.is_empty();
    let refuse = |error| into_api_error::<W, _>(Err(error));
    match (several, data.is_empty(), input.row_id) {
        (false, true, _) => refuse(RowError::MissingData.into()),
        (true, false, _) => refuse(Error::BadRequest("Send either data or <rows>, not both".to_owned())),
        (false, false, None) => refuse(RowError::MissingData.into()),
        (true, true, _) if !call.caller.is_privileged() => refuse(many::not_a_server()),
        (true, true, Some(_)) => refuse(Error::BadRequest(
            "An id is not taken with several <rows>: set \"$id\" in each <row>".to_owned(),
        )),
        (true, true, None) if input.permissions.is_some() => refuse(Error::BadRequest(
            "Permissions are not taken with several <rows>: set \"$permissions\" in each <row>".to_owned(),
        )),
        (true, true, None) => {
            let rows = into_api_error::<W, _>(many::new_rows(input.rows, call.now()))?;
            let done = run::<W>(&call, target, Step::BulkCreate { rows }).await?;
            Ok(Row::of(list::<W>(&done)))
        }
        (false, false, Some(id)) => {
            let row = NewRow {
                id: id.or_generate(call.now()),
                data,
                permissions: input.permissions.map(|given| given.0),
            };
            run::<W>(&call, target, Step::Create(row))
                .await
                .map(|done| Row::of(one(done)))
        }
    }
}

kernel::params! {
    /// Changes to a row.
    pub struct UpdateRow<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Row ID.
        row_id: RowId = (W::ROW_ID),
        /// Changed values.
        data: Option<Object<MAX_DATA>> = "data",
        /// New permissions of the row.
        permissions: Option<ItemPermissions> = "permissions",
        /// ID of the transaction in which the operation is staged.
        transaction_id: Option<TransactionId> = "transactionId",
    }
}

impl<W: Vocabulary> UpdateRow<W> {
    fn parts(self) -> ((Target, Option<TransactionId>), NewRow) {
        let target = Target {
            database: self.database_id,
            table: self.table_id,
        };
        let row = NewRow {
            id: self.row_id,
            data: self.data.map(|data| data.0).unwrap_or_default(),
            permissions: self.permissions.map(|given| given.0),
        };
        ((target, self.transaction_id), row)
    }
}

/// Updates a row.
pub async fn update<W: Vocabulary>(call: Call<State>, input: UpdateRow<W>) -> Result<Row<W>> {
    let (target, NewRow { id, data, permissions }) = input.parts();
    let done = run::<W>(&call, target, Step::Update { id, data, permissions }).await?;
    Ok(Row::of(one(done)))
}

/// Creates or updates a row.
pub async fn upsert<W: Vocabulary>(call: Call<State>, input: UpdateRow<W>) -> Result<Upserted<W>> {
    let (target, row) = input.parts();
    let staged = target.1.is_some();
    let done = run::<W>(&call, target, Step::Upsert(row)).await?;
    Ok(Upserted::of(staged, one(done)))
}

kernel::params! {
    /// Parameters to delete a row.
    pub struct DeleteRow<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Row ID.
        row_id: RowId = (W::ROW_ID),
        /// ID of the transaction in which the operation is staged.
        transaction_id: Option<TransactionId> = "transactionId",
    }
}

/// Deletes a row.
pub async fn delete<W: Vocabulary>(call: Call<State>, input: DeleteRow<W>) -> Result<NoContent> {
    let target = Target {
        database: input.database_id,
        table: input.table_id,
    };
    let target = (target, input.transaction_id);
    run::<W>(&call, target, Step::Delete { id: input.row_id })
        .await
        .map(|_| NoContent)
}

/// Any JSON number.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount(pub Number);

impl Param for Amount {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        let number = match value {
            Value::Number(number) => Some(number.clone()),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.map(Self).ok_or(Rule::new("Value must be a valid number"))
    }

    fn schema() -> Value {
        json!({"type": "number"})
    }
}

/// A number above zero.
#[derive(Debug, Clone, PartialEq)]
pub struct By(pub Number);

impl Param for By {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        let Amount(number) = Amount::parse(value)?;
        let is_more = number.as_f64().is_some_and(|number| number > 0.0);
        is_more
            .then_some(Self(number))
            .ok_or(Rule::new("Value must be greater than 0"))
    }

    fn schema() -> Value {
        json!({"type": "number", "minimum": 0, "exclusiveMinimum": true})
    }
}

macro_rules! counting {
    ($(#[$doc:meta])* $name:ident, $params:ident, $bound:literal, $down:literal) => {
        kernel::params! {
            /// Parameters to change a number of a row.
            pub struct $params<W: Vocabulary> {
                /// Database ID.
                database_id: DatabaseId = "databaseId",
                /// Table ID.
                table_id: TableId = (W::TABLE_ID),
                /// Row ID.
                row_id: RowId = (W::ROW_ID),
                /// Column key.
                column: records::Key = (W::COLUMN),
                /// Amount of the change; greater than 0.
                value: By = "value" | By(1.into()),
                /// Bound of the result.
                bound: Option<Amount> = $bound,
                /// ID of the transaction in which the operation is staged.
                transaction_id: Option<TransactionId> = "transactionId",
            }
        }

        $(#[$doc])*
        pub async fn $name<W: Vocabulary>(call: Call<State>, input: $params<W>) -> Result<Row<W>> {
            let target = Target {
                database: input.database_id,
                table: input.table_id,
            };
            let target = (target, input.transaction_id);
            let count = Count {
                column: input.column.to_string(),
                by: input.value.0,
                down: $down,
                bound: input.bound.map(|bound| bound.0),
            };
            let step = Step::Increment { id: input.row_id, count };
            run::<W>(&call, target, step).await.map(|done| Row::of(one(done)))
        }
    };
}

counting! {
    /// Increments a number of a row.
    increment, Up, "max", false
}

counting! {
    /// Decrements a number of a row.
    decrement, Down, "min", true
}
