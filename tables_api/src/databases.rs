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
        /// Words that the name or the id contains.
        search: Text<256> = "search" | Text::default(),
        /// Whether to count.
        total: bool = "total" | true,
    }
}

/// The databases of the project.
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
        /// Its id, or `unique()`.
        database_id: CustomId<DatabaseId> = "databaseId",
        /// Its name, at most 128 characters.
        name: Text<128> = "name",
        /// Whether clients find it.
        enabled: bool = "enabled" | true,
    }
}

/// Makes a database.
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
    /// A database.
    pub struct GetDatabase {
        /// The database.
        database_id: DatabaseId = "databaseId",
    }
}

/// A database.
pub async fn get<W: Vocabulary>(call: Call<State>, input: GetDatabase) -> Result<Database> {
    read::<W, _>(&call, move |tx| {
        databases::find(tx, &input.database_id).map(Database::of)
    })
    .await
}

kernel::params! {
    /// Changes to a database.
    pub struct UpdateDatabase {
        /// The database.
        database_id: DatabaseId = "databaseId",
        /// Its name, at most 128 characters.
        name: Text<128> = "name",
        /// Whether clients find it.
        enabled: bool = "enabled" | true,
    }
}

/// Changes a database.
pub async fn update<W: Vocabulary>(call: Call<State>, input: UpdateDatabase) -> Result<Database> {
    act::<W, _, _>(
        &call,
        move |tx| {
            let database = databases::lock(tx, &input.database_id)?;
            databases::update(tx, database, input.name.0, input.enabled)
        },
        record_event,
    )
    .await
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

/// Tells what happened to a database, and shows it.
fn record_event(act: &mut Act<'_, '_>, database: databases::Database) -> Result<Database> {
    let model = Database::of(database);
    let payload = serde_json::to_value(&model).unwrap_or_default();
    act.record_event(&[("databaseId", &model.id)], payload)?;
    Ok(model)
}
