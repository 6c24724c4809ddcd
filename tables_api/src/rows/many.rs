//! Handlers that write several rows, for API keys and developers.

use api::{Call, Result};
use kernel::Timestamp;
use kernel::param::{List, Object, Param};
use kernel::permission::{ItemPermissions, Permissions};
use kernel::query::{Queries, Texts};
use records::acts::Target;
use records::rows::{NewRow, Step};
use records::{AccessError, DatabaseId, Error, RowError, RowId, TableId, TransactionId, verbatim};
use serde_json::{Map, Value};

use super::execute::{list, run};
use super::write::{MAX_DATA, MAX_ROWS};
use crate::Vocabulary;
use crate::model::RowList;
use crate::state::{State, into_api_error};

kernel::params! {
    /// Parameters to create or update rows.
    pub struct CreateRows<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// The rows, each with `$id` and `$permissions`.
        rows: List<Object<MAX_DATA>, MAX_ROWS> = (W::ROWS),
        /// ID of the transaction in which the operation is staged.
        transaction_id: Option<TransactionId> = "transactionId",
    }
}

/// Creates or updates rows.
pub async fn upsert<W: Vocabulary>(call: Call<State>, input: CreateRows<W>) -> Result<RowList<W>> {
    servers_only::<W>(&call)?;
    let target = Target {
        database: input.database_id,
        table: input.table_id,
    };
    let target = (target, input.transaction_id);
    let rows = into_api_error::<W, _>(new_rows(input.rows, call.now()))?;
    let done = run::<W>(&call, target, Step::BulkUpsert { rows }).await?;
    Ok(RowList::of(list::<W>(&done)))
}

kernel::params! {
    /// Changes to all rows that match queries.
    pub struct UpdateRows<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Changed values, and `$permissions`.
        data: Option<Object<MAX_DATA>> = "data",
        /// Queries that select the rows; all rows if empty.
        queries: Texts = "queries",
        /// ID of the transaction in which the operation is staged.
        transaction_id: Option<TransactionId> = "transactionId",
    }
}

/// Updates the rows that match queries.
pub async fn update<W: Vocabulary>(call: Call<State>, input: UpdateRows<W>) -> Result<RowList<W>> {
    servers_only::<W>(&call)?;
    let target = Target {
        database: input.database_id,
        table: input.table_id,
    };
    let target = (target, input.transaction_id);
    let data = input.data.map(|data| data.0).unwrap_or_default();
    let step = into_api_error::<W, _>(change(data, input.queries.into_texts()))?;
    let done = run::<W>(&call, target, step).await?;
    Ok(RowList::of(list::<W>(&done)))
}

kernel::params! {
    /// Parameters to delete all rows that match queries.
    pub struct DeleteRows<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Queries that select the rows; all rows if empty.
        queries: Texts = "queries",
        /// ID of the transaction in which the operation is staged.
        transaction_id: Option<TransactionId> = "transactionId",
    }
}

/// Deletes the rows that match queries.
pub async fn delete<W: Vocabulary>(call: Call<State>, input: DeleteRows<W>) -> Result<RowList<W>> {
    servers_only::<W>(&call)?;
    let target = Target {
        database: input.database_id,
        table: input.table_id,
    };
    let target = (target, input.transaction_id);
    let step = into_api_error::<W, _>(deletion(input.queries.into_texts()))?;
    let done = run::<W>(&call, target, step).await?;
    Ok(RowList::of(list::<W>(&done)))
}

/// Step that updates the rows that match queries.
pub(crate) fn change(mut data: Map<String, Value>, queries: Vec<String>) -> records::Result<Step> {
    let permissions = take_permissions(&mut data)?;
    if data.is_empty() && permissions.is_none() {
        return Err(RowError::MissingPayload.into());
    }
    Queries::parse(&queries)?;
    Ok(Step::BulkUpdate {
        queries,
        data,
        permissions,
    })
}

/// Step that deletes the rows that match queries.
pub(crate) fn deletion(queries: Vec<String>) -> records::Result<Step> {
    Queries::parse(&queries)?;
    Ok(Step::BulkDelete { queries })
}

/// Reads new rows whose values contain `$id` and `$permissions`.
pub(super) fn new_rows<const MAX: usize>(
    rows: List<Object<MAX_DATA>, MAX>,
    now: Timestamp,
) -> records::Result<Vec<NewRow>> {
    rows.0.into_iter().map(|row| new_row(row.0, now)).collect()
}

/// Reads a new row whose values contain `$id` and `$permissions`.
pub(crate) fn new_row(mut data: Map<String, Value>, now: Timestamp) -> records::Result<NewRow> {
    let id = match data.remove("$id") {
        None | Some(Value::Null) => RowId::generate(now),
        Some(Value::String(unique)) if unique == "unique()" => RowId::generate(now),
        Some(id) => RowId::parse(id.as_str().unwrap_or_default())
            .ok_or_else(|| Error::Argument(format!("Invalid \"$id\": {}", kernel::id::RULE)))?,
    };
    Ok(NewRow {
        id,
        permissions: take_permissions(&mut data)?,
        data,
    })
}

/// Removes `$permissions` from the values of a row and parses it.
pub(crate) fn take_permissions(data: &mut Map<String, Value>) -> records::Result<Option<Permissions>> {
    match data.remove("$permissions") {
        None | Some(Value::Null) => Ok(None),
        Some(given) => {
            let read = ItemPermissions::parse(&given);
            let read = read.map_err(|rule| Error::Argument(format!("Invalid \"$permissions\": {}", verbatim(rule))))?;
            Ok(Some(read.0))
        }
    }
}

/// The error for callers that are neither API keys nor developers.
pub(super) fn not_a_server() -> Error {
    AccessError::MissingScope("Only an API key, or a developer in the console, may write several <rows> at once").into()
}

fn servers_only<W: Vocabulary>(call: &Call<State>) -> Result<()> {
    if call.caller.is_privileged() {
        Ok(())
    } else {
        into_api_error::<W, _>(Err(not_a_server()))
    }
}
