//! Logs of databases, tables and rows, for servers and the console.

use std::collections::HashMap;

use api::{Call, Refusal, Result};
use identity::UserId;
use identity::audit::{self, Entry};
use identity::users::{self, User};
use kernel::query::Texts;
use records::{Access, DatabaseId, RowId, TableId, databases, rows};
use views::LogList;

use crate::Vocabulary;
use crate::state::{State, catalog, read};

/// Mode of entries by developers: users of the console, not of the project.
const ADMIN: &str = "admin";

kernel::params! {
    /// Parameters of the log of a database.
    pub struct ListDatabaseLogs {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Limit and offset.
        queries: Texts = "queries",
        /// Whether to return the total.
        total: bool = "total" | true,
    }
}

/// Log of a database, without its tables.
pub async fn of_database<W: Vocabulary>(call: Call<State>, input: ListDatabaseLogs) -> Result<LogList> {
    check(&call)?;
    let id = input.database_id.clone();
    read::<W, _>(&call, move |tx| databases::find(tx, &id)).await?;
    let resources = vec![format!("database/{}", input.database_id)];
    list(&call, resources, &input.queries, input.total).await
}

kernel::params! {
    /// Parameters of a table's log.
    pub struct ListTableLogs<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Limit and offset.
        queries: Texts = "queries",
        /// Whether to return the total.
        total: bool = "total" | true,
    }
}

/// Log of a table, its columns and its indexes, of requests in either vocabulary.
pub async fn of_table<W: Vocabulary>(call: Call<State>, input: ListTableLogs<W>) -> Result<LogList> {
    check(&call)?;
    let catalog = catalog(&call);
    let (database, table) = (input.database_id.clone(), input.table_id.clone());
    read::<W, _>(&call, move |tx| catalog.table(tx, &database, &table)).await?;
    let named = |vocabulary: records::Vocabulary| {
        format!(
            "database/{}/{}/{}",
            input.database_id,
            vocabulary.word("table"),
            input.table_id
        )
    };
    let resources = [records::Vocabulary::Tables, records::Vocabulary::Collections].map(named);
    list(&call, resources.to_vec(), &input.queries, input.total).await
}

kernel::params! {
    /// Parameters of a row's log.
    pub struct ListRowLogs<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Row ID.
        row_id: RowId = (W::ROW_ID),
        /// Limit and offset.
        queries: Texts = "queries",
        /// Whether to return the total.
        total: bool = "total" | true,
    }
}

/// Log of a row, of requests in either vocabulary.
pub async fn of_row<W: Vocabulary>(call: Call<State>, input: ListRowLogs<W>) -> Result<LogList> {
    check(&call)?;
    let catalog = catalog(&call);
    let (database, table, row) = (input.database_id.clone(), input.table_id.clone(), input.row_id.clone());
    read::<W, _>(&call, move |tx| {
        let table = catalog.table(tx, &database, &table)?;
        rows::get(tx, &table, &Access::Server, &row, W::VOCABULARY)
    })
    .await?;
    let named = |vocabulary: records::Vocabulary| {
        let (table, row) = (vocabulary.word("table"), vocabulary.word("row"));
        format!(
            "database/{}/{table}/{}/{row}/{}",
            input.database_id, input.table_id, input.row_id
        )
    };
    let resources = [records::Vocabulary::Tables, records::Vocabulary::Collections].map(named);
    list(&call, resources.to_vec(), &input.queries, input.total).await
}

/// Only API keys and developers may read logs: users may have the scope of rows, but must not see who changed them.
fn check(call: &Call<State>) -> Result<()> {
    if call.caller.is_privileged() {
        Ok(())
    } else {
        Err(Refusal::Unauthorized.into())
    }
}

async fn list(call: &Call<State>, resources: Vec<String>, queries: &Texts, total: bool) -> Result<LogList> {
    let (limit, offset) = queries.read("", total)?.paging(db::list::DEFAULT_LIMIT)?;
    let (entries, total, mut people) = call
        .read(move |tx| {
            let (entries, total) = audit::of_resource(tx, resources, limit, offset, total)?;
            let people = users::find_all(tx, actors(&entries, false))?;
            api::Result::Ok((entries, total, people))
        })
        .await?;
    let developers = actors(&entries, true);
    if !developers.is_empty() {
        let console = call.app.projects.database();
        people.extend(console.read(move |tx| users::find_all(tx, developers)).await?);
    }
    let by_id: HashMap<&str, &User> = people.iter().map(|user| (user.id.as_str(), user)).collect();
    let show = |entry: &Entry| views::log(entry, by_id.get(entry.user_id.as_str()).copied());
    Ok(LogList {
        total,
        logs: entries.iter().map(show).collect(),
    })
}

/// Users of the entries: those of the console, or those of the project.
fn actors(entries: &[Entry], developers: bool) -> Vec<UserId> {
    let own = entries.iter().filter(|entry| (entry.mode == ADMIN) == developers);
    let mut ids: Vec<UserId> = own.filter_map(|entry| UserId::parse(entry.user_id.as_str())).collect();
    ids.sort();
    ids.dedup();
    ids
}
