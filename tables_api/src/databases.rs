//! Databases.

use api::{Act, Call, Created, NoContent, Result};
use kernel::id::CustomId;
use kernel::param::Text;
use kernel::query::Texts;
use records::{DatabaseId, databases};

use crate::Vocabulary;
use crate::model::{Database, DatabaseList};
use crate::state::{State, act, read};

kernel::params! {
    /// Parameters of the list of databases.
    pub struct ListDatabases {
        /// Queries on name.
        queries: Texts = "queries",
        /// Search words in name and ID.
        search: Text<256> = "search" | Text::default(),
        /// Whether to return the total.
        total: bool = "total" | true,
    }
}

/// Lists the databases of the project.
pub async fn list<W: Vocabulary>(call: Call<State>, input: ListDatabases) -> Result<DatabaseList> {
    let queries = records::in_order(input.queries.read(&input.search.0, input.total)?);
    let page = read::<W, _>(&call, move |tx| {
        let all = databases::Database::select();
        let queryable = databases::queryable();
        Ok(db::list::list::<databases::Database>(tx, &all, &queryable, &queries)?)
    })
    .await?
    .map(Database::of);
    Ok(DatabaseList {
        total: page.total,
        databases: page.rows,
    })
}

kernel::params! {
    /// Parameters of a new database.
    pub struct CreateDatabase {
        /// Database ID, or `unique()` to generate one.
        database_id: CustomId<DatabaseId> = "databaseId",
        /// Name, at most 128 characters.
        name: Text<128> = "name",
        /// Whether clients can access it.
        enabled: bool = "enabled" | true,
    }
}

/// Creates a database.
pub async fn create<W: Vocabulary>(call: Call<State>, input: CreateDatabase) -> Result<Created<Database>> {
    act::<W, _, _>(
        &call,
        move |tx| {
            let id = input.database_id.or_generate(tx.now());
            databases::create(tx, &id, &input.name.0, input.enabled, W::DATABASE_TYPE)
        },
        |act, database| record_event(act, database).map(Created),
    )
    .await
}

kernel::params! {
    /// Identifies a database.
    pub struct GetDatabase {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
    }
}

/// Gets a database.
pub async fn get<W: Vocabulary>(call: Call<State>, input: GetDatabase) -> Result<Database> {
    read::<W, _>(&call, move |tx| {
        databases::find(tx, &input.database_id).map(Database::of)
    })
    .await
}

kernel::params! {
    /// Changes to a database.
    pub struct UpdateDatabase {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Name, at most 128 characters; unchanged if absent or empty.
        name: Option<Text<128>> = "name",
        /// Whether clients can access it; unchanged if absent.
        enabled: Option<bool> = "enabled",
    }
}

/// Updates a database.
pub async fn update<W: Vocabulary>(call: Call<State>, input: UpdateDatabase) -> Result<Database> {
    act::<W, _, _>(
        &call,
        move |tx| {
            let database = databases::lock(tx, &input.database_id)?;
            databases::update(tx, database, given_name(input.name), input.enabled)
        },
        record_event,
    )
    .await
}

/// The new name of a database or a table: an empty one changes nothing, as in Appwrite.
pub(crate) fn given_name(name: Option<Text<128>>) -> Option<String> {
    name.map(|name| name.0).filter(|name| !name.is_empty())
}

/// Deletes a database and everything in it.
pub async fn delete<W: Vocabulary>(call: Call<State>, input: GetDatabase) -> Result<NoContent> {
    act::<W, _, _>(
        &call,
        move |tx| {
            let database = databases::lock(tx, &input.database_id)?;
            databases::delete(tx, &database)?;
            Ok(database.into_inner())
        },
        |act, database| record_event(act, database).map(|_| NoContent),
    )
    .await
}

/// Records the declared event of a database, and returns its model.
fn record_event(act: &mut Act<'_, '_>, database: databases::Database) -> Result<Database> {
    let model = Database::of(database);
    let payload = serde_json::to_value(&model).unwrap_or_default();
    act.record_event(&[("databaseId", &model.id)], payload)?;
    Ok(model)
}
