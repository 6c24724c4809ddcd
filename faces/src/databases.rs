//! Databases.

use api::{Call, Created, Result};
use kernel::id::CustomId;
use kernel::param::Text;
use records::{DatabaseId, databases};

use crate::Words;
use crate::model::Database;
use crate::state::{State, act, read};

kernel::params! {
    /// What a database is to be.
    pub struct New {
        /// Its id, or `unique()`.
        database_id: CustomId<DatabaseId> = "databaseId",
        /// Its name, at most 128 characters.
        name: Text<128> = "name",
        /// Whether clients find it.
        enabled: bool = "enabled" | true,
    }
}

/// Makes a database.
pub async fn create<W: Words>(call: Call<State>, input: New) -> Result<Created<Database>> {
    act::<W, _, _>(
        &call,
        move |tx| {
            let id = input.database_id.or_generate(tx.now());
            databases::create(tx, &id, &input.name.0, input.enabled, W::DATABASE_TYPE)
        },
        |act, database| {
            let model = Database::of(database);
            act.happened(
                &[("databaseId", &model.id)],
                serde_json::to_value(&model).unwrap_or_default(),
            )?;
            Ok(Created(model))
        },
    )
    .await
}

kernel::params! {
    /// A database.
    pub struct Which {
        /// The database.
        database_id: DatabaseId = "databaseId",
    }
}

/// A database.
pub async fn get<W: Words>(call: Call<State>, input: Which) -> Result<Database> {
    read::<W, _>(&call, move |tx| {
        databases::find(tx, &input.database_id).map(Database::of)
    })
    .await
}
