//! Columns of every type but relationships.

mod input;
pub mod types;

use api::{Act, Call, NoContent, Result};
use kernel::query::Texts;
use records::columns::{self, Column, Status};
use records::{DatabaseId, Key, Table, TableId};
use serde_json::{Value, json};

use crate::Words;
use crate::model::{self, AnyColumn, ColumnList, ColumnOf, Tell};
use crate::state::{State, act, catalog, read};

pub use input::{Changed, New};
pub use types::ColumnType;

kernel::params! {
    /// Which columns of a table.
    pub struct Listing<W: Words> {
        /// The database.
        database_id: DatabaseId = "databaseId",
        /// The table.
        table_id: TableId = (W::TABLE_ID),
        /// Queries on key, type, size, required, array, status and error.
        queries: Texts = "queries",
        /// Whether to count.
        total: bool = "total" | true,
    }
}

/// The columns of a table.
pub async fn list<W: Words>(call: Call<State>, input: Listing<W>) -> Result<Tell<ColumnList<W>>> {
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
    /// A column.
    pub struct Which<W: Words> {
        /// The database.
        database_id: DatabaseId = "databaseId",
        /// The table.
        table_id: TableId = (W::TABLE_ID),
        /// The column's key.
        key: Key = "key",
    }
}

/// A column.
pub async fn get<W: Words>(call: Call<State>, input: Which<W>) -> Result<Tell<AnyColumn<W>>> {
    let catalog = catalog(&call);
    let column = read::<W, _>(&call, move |tx| {
        let table = catalog.table(tx, &input.database_id, &input.table_id)?;
        table.find_column(&input.key).cloned()
    })
    .await?;
    Ok(model::column::<W>(&column).into())
}

/// Makes a column of a type. The reply says that it is being made, as clients expect; by then it mostly is.
pub async fn create<W: Words, T: ColumnType>(call: Call<State>, input: New<W, T>) -> Result<Tell<ColumnOf<W, T>, 202>> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_to_change(tx, &input.database_id, &input.table_id)?;
            let column = columns::create(tx, &table, &input.key, input.spec)?;
            let status = Status::Processing;
            Ok((table, Column { status, ..column }))
        },
        |act, (table, column)| Ok(happened::<W>(act, &table, &column)?.into()),
    )
    .await
}

/// Changes a column of a type.
pub async fn update<W: Words, T: ColumnType>(call: Call<State>, input: Changed<W, T>) -> Result<Tell<ColumnOf<W, T>>> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_to_change(tx, &input.database_id, &input.table_id)?;
            let column = columns::update(tx, &table, &input.key, input.change, |kind| T::reshape(input.own, kind))?;
            Ok((table, column))
        },
        |act, (table, column)| Ok(happened::<W>(act, &table, &column)?.into()),
    )
    .await
}

/// Deletes a column of any type.
pub async fn delete<W: Words>(call: Call<State>, input: Which<W>) -> Result<NoContent> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_to_change(tx, &input.database_id, &input.table_id)?;
            let column = columns::delete(tx, &table, &input.key)?;
            Ok((table, column))
        },
        |act, (table, column)| {
            happened::<W>(act, &table, &column)?;
            Ok(NoContent)
        },
    )
    .await
}

/// Tells what happened to a column, and shows it.
pub(crate) fn happened<W: Words>(act: &mut Act<'_, '_>, table: &Table, column: &Column) -> Result<Value> {
    let shown = model::column::<W>(column);
    let subjects = [
        ("databaseId", table.database.as_str()),
        (W::TABLE_ID, table.id.as_str()),
        (W::COLUMN_ID, column.key.as_str()),
    ];
    act.happened(&subjects, shown.clone())?;
    Ok(shown)
}
