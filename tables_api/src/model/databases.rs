//! Databases.

use kernel::Timestamp;

api::model! {
    /// A database, which contains tables.
    pub struct Database as "database" {
        /// Database ID.
        id: String = "$id",
        /// Name.
        name: String = "name",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Whether clients can access it.
        enabled: bool = "enabled",
        /// Vocabulary in which it was created: legacy or tablesdb.
        r#type: String = "type",
    }
}

api::model! {
    /// A page of databases.
    pub struct DatabaseList as "databaseList" {
        /// Total number of matching databases.
        total: i64 = "total",
        /// Databases of the page.
        databases: Vec<Database> = "databases",
    }
}

impl Database {
    /// The model of a database.
    pub fn of(database: records::databases::Database) -> Self {
        Self {
            id: database.id.to_string(),
            name: database.name,
            created_at: database.created_at,
            updated_at: database.updated_at,
            enabled: database.enabled,
            r#type: database.r#type,
        }
    }
}
