//! Tables.

use api::{Act, Call, NoContent, Result};
use db::Tx;
use kernel::id::CustomId;
use kernel::param::Text;
use kernel::permission::ContainerPermissions;
use kernel::query::Texts;
use records::tables::{self, Change, Entry, NewSchema, NewTable};
use records::{DatabaseId, TableId, columns, databases, indexes};
use serde_json::{Value, json};

use crate::Vocabulary;
use crate::columns::ColumnDefinitions;
use crate::databases::given_name;
use crate::indexes::IndexDefinitions;
use crate::model::{self, Shown, Table, TableList};
use crate::state::{State, act, catalog, read};

kernel::params! {
    /// Parameters of the list of tables.
    pub struct ListTables {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Queries on name, enabled and row security.
        queries: Texts = "queries",
        /// Search words in name and ID.
        search: Text<256> = "search" | Text::default(),
        /// Whether to return the total.
        total: bool = "total" | true,
    }
}

/// Lists the tables of a database.
pub async fn list<W: Vocabulary>(call: Call<State>, input: ListTables) -> Result<Shown<TableList<W>>> {
    let queries = records::in_order(input.queries.read(&input.search.0, input.total)?);
    let view = read::<W, _>(&call, move |tx| {
        let database = databases::find(tx, &input.database_id)?;
        let tables = tables::all_of(&database.id);
        let page = db::list::list::<Entry>(tx, &tables, &tables::queryable(), &queries)?;
        Ok(json!({"total": page.total, (W::TABLES): show_all::<W>(tx, &page.rows)?}))
    })
    .await?;
    Ok(view.into())
}

kernel::params! {
    /// Parameters of a new table.
    pub struct CreateTable<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID, or `unique()` to generate one.
        table_id: CustomId<TableId> = (W::TABLE_ID),
        /// Name, at most 128 characters.
        name: Text<128> = "name",
        /// Table permissions: create, and read, update and delete of its rows.
        permissions: Option<ContainerPermissions> = "permissions",
        /// Whether rows have individual permissions.
        row_security: bool = (W::ROW_SECURITY) | false,
        /// Whether clients can access it.
        enabled: bool = "enabled" | true,
        /// Columns, available at once.
        columns: ColumnDefinitions = (W::COLUMNS) | ColumnDefinitions::default(),
        /// Indexes on the columns, available at once.
        indexes: IndexDefinitions = "indexes" | IndexDefinitions::default(),
    }
}

/// Creates a table with its columns and indexes: all or nothing.
pub async fn create<W: Vocabulary>(call: Call<State>, input: CreateTable<W>) -> Result<Shown<Table<W>, 201>> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            let database = databases::lock(tx, &input.database_id)?;
            let schema = NewSchema {
                columns: input.columns.0,
                indexes: input.indexes.0,
            };
            let new = NewTable {
                id: input.table_id.or_generate(tx.now()),
                name: input.name.0,
                permissions: input.permissions.unwrap_or_default().0,
                row_security: input.row_security,
                enabled: input.enabled,
            };
            let entry = tables::create(tx, &database, new)?;
            let (columns, indexes) = tables::add_schema(tx, &catalog, &entry, schema)?;
            let shown = model::table::<W>(&entry, &columns, &indexes);
            Ok((entry, shown))
        },
        |act, (entry, shown)| {
            record_event::<W>(act, &entry, shown.clone())?;
            Ok(shown.into())
        },
    )
    .await
}

kernel::params! {
    /// Identifies a table.
    pub struct GetTable<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
    }
}

/// Gets a table.
pub async fn get<W: Vocabulary>(call: Call<State>, input: GetTable<W>) -> Result<Shown<Table<W>>> {
    let view = read::<W, _>(&call, move |tx| {
        databases::find(tx, &input.database_id)?;
        let entry = tables::find(tx, &input.database_id, &input.table_id)?;
        show::<W>(tx, &entry)
    })
    .await?;
    Ok(view.into())
}

kernel::params! {
    /// Changes to a table.
    pub struct UpdateTable<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Name, at most 128 characters; unchanged if absent or empty.
        name: Option<Text<128>> = "name",
        /// New permissions of the table; unchanged if absent.
        permissions: Option<ContainerPermissions> = "permissions",
        /// Whether rows have individual permissions; unchanged if absent.
        row_security: Option<bool> = (W::ROW_SECURITY),
        /// Whether clients can access it; unchanged if absent.
        enabled: Option<bool> = "enabled",
    }
}

/// Updates a table.
pub async fn update<W: Vocabulary>(call: Call<State>, input: UpdateTable<W>) -> Result<Shown<Table<W>>> {
    act::<W, _, _>(
        &call,
        move |tx| {
            databases::find(tx, &input.database_id)?;
            let entry = tables::lock_entry(tx, &input.database_id, &input.table_id)?;
            let change = Change {
                name: given_name(input.name),
                permissions: input.permissions.map(|given| given.0),
                row_security: input.row_security,
                enabled: input.enabled,
            };
            let entry = tables::update(tx, entry, change)?;
            let view = show::<W>(tx, &entry)?;
            Ok((entry, view))
        },
        |act, (entry, view)| {
            record_event::<W>(act, &entry, view.clone())?;
            Ok(view.into())
        },
    )
    .await
}

/// Deletes a table and its content.
pub async fn delete<W: Vocabulary>(call: Call<State>, input: GetTable<W>) -> Result<NoContent> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            databases::find(tx, &input.database_id)?;
            let entry = tables::lock_entry(tx, &input.database_id, &input.table_id)?;
            let view = show::<W>(tx, &entry)?;
            tables::delete(tx, &catalog, &entry)?;
            Ok((entry, view))
        },
        |act, (entry, view)| {
            record_event::<W>(act, &entry, view)?;
            Ok(NoContent)
        },
    )
    .await
}

fn show<W: Vocabulary>(tx: &mut Tx<'_>, entry: &Entry) -> records::Result<Value> {
    let all = show_all::<W>(tx, std::slice::from_ref(entry))?;
    Ok(all.into_iter().next().unwrap_or_default())
}

/// Serializes tables with their columns and indexes, with a constant number of statements.
fn show_all<W: Vocabulary>(tx: &mut Tx<'_>, entries: &[Entry]) -> records::Result<Vec<Value>> {
    let numbers = || entries.iter().map(|entry| entry.seq);
    let (columns, indexes) = (columns::of_tables(tx, numbers())?, indexes::of_tables(tx, numbers())?);
    let show = |entry: &Entry| {
        let columns = columns.get(&entry.seq).map_or(&[][..], Vec::as_slice);
        let indexes = indexes.get(&entry.seq).map_or(&[][..], Vec::as_slice);
        model::table::<W>(entry, columns, indexes)
    };
    Ok(entries.iter().map(show).collect())
}

/// Records the declared event of a table.
fn record_event<W: Vocabulary>(act: &mut Act<'_, '_>, entry: &Entry, view: Value) -> Result<()> {
    let subjects = [
        ("databaseId", entry.database_id.as_str()),
        (W::TABLE_ID, entry.id.as_str()),
    ];
    act.record_event(&subjects, view)
}
