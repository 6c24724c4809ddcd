//! Columns of all types except relationships.

mod definition;
mod input;
pub mod types;

use api::{Act, Call, NoContent, Result};
use kernel::query::Texts;
use records::columns::{self, Column, Status};
use records::{DatabaseId, Key, Table, TableId};
use serde_json::{Value, json};

use crate::Vocabulary;
use crate::model::{self, AnyColumn, ColumnList, ColumnOf, Shown};
use crate::state::{State, act, catalog, read};

pub use definition::ColumnDefinitions;
pub(crate) use definition::definitions;
pub use input::{CreateColumn, UpdateColumn};
pub use types::ColumnType;

kernel::params! {
    /// Parameters of the list of columns.
    pub struct ListColumns<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Queries on key, type, size, required, array, status and error.
        queries: Texts = "queries",
        /// Whether to return the total.
        total: bool = "total" | true,
    }
}

/// Lists the columns of a table.
pub async fn list<W: Vocabulary>(call: Call<State>, input: ListColumns<W>) -> Result<Shown<ColumnList<W>>> {
    let catalog = catalog(&call);
    let queries = records::in_order(input.queries.read("", input.total)?);
    let page = read::<W, _>(&call, move |tx| {
        let table = catalog.table(tx, &input.database_id, &input.table_id)?;
        let columns = columns::all_of(table.names.seq);
        Ok(db::list::list::<Column>(tx, &columns, &columns::queryable(), &queries)?)
    })
    .await?;
    let columns: Vec<Value> = page.rows.iter().map(model::column::<W>).collect();
    Ok(json!({"total": page.total, (W::COLUMNS): columns}).into())
}

kernel::params! {
    /// Identifies a column.
    pub struct GetColumn<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Column key.
        key: Key = "key",
    }
}

/// Gets a column.
pub async fn get<W: Vocabulary>(call: Call<State>, input: GetColumn<W>) -> Result<Shown<AnyColumn<W>>> {
    let catalog = catalog(&call);
    let column = read::<W, _>(&call, move |tx| {
        let table = catalog.table(tx, &input.database_id, &input.table_id)?;
        table.find_column(&input.key).cloned()
    })
    .await?;
    Ok(model::column::<W>(&column).into())
}

/// Creates a column of a type. The reply has status `processing`, as clients expect; usually it is available by then.
pub async fn create<W: Vocabulary, T: ColumnType>(
    call: Call<State>,
    input: CreateColumn<W, T>,
) -> Result<Shown<ColumnOf<W, T>, 202>> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_to_change(tx, &input.database_id, &input.table_id)?;
            let column = columns::create(tx, &table, &input.key, input.spec)?;
            let status = Status::Processing;
            Ok((table, Column { status, ..column }))
        },
        |act, (table, column)| Ok(emit_and_view::<W>(act, &table, &column)?.into()),
    )
    .await
}

/// Updates a column of a type.
pub async fn update<W: Vocabulary, T: ColumnType>(
    call: Call<State>,
    input: UpdateColumn<W, T>,
) -> Result<Shown<ColumnOf<W, T>>> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_to_change(tx, &input.database_id, &input.table_id)?;
            let column = columns::update(tx, &table, &input.key, input.change, |kind| {
                T::reshape(input.typed, kind)
            })?;
            Ok((table, column))
        },
        |act, (table, column)| Ok(emit_and_view::<W>(act, &table, &column)?.into()),
    )
    .await
}

/// Deletes a column of any type.
pub async fn delete<W: Vocabulary>(call: Call<State>, input: GetColumn<W>) -> Result<NoContent> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_to_change(tx, &input.database_id, &input.table_id)?;
            let column = columns::delete(tx, &table, &input.key)?;
            Ok((table, column))
        },
        |act, (table, column)| {
            emit_and_view::<W>(act, &table, &column)?;
            Ok(NoContent)
        },
    )
    .await
}

/// Records the declared event of a column, and returns its JSON.
pub(crate) fn emit_and_view<W: Vocabulary>(act: &mut Act<'_, '_>, table: &Table, column: &Column) -> Result<Value> {
    let view = model::column::<W>(column);
    let subjects = [
        ("databaseId", table.database.as_str()),
        (W::TABLE_ID, table.id.as_str()),
        (W::COLUMN_ID, column.key.as_str()),
    ];
    act.record_event(&subjects, view.clone())?;
    Ok(view)
}
