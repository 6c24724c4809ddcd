//! Databases.

use kernel::Timestamp;

api::model! {
    /// A drawer of tables.
    pub struct Database as "database" {
        /// The database's id.
        id: String = "$id",
        /// Its name.
        name: String = "name",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Whether clients find it.
        enabled: bool = "enabled",
        /// In which words it was made: legacy or tablesdb.
        r#type: String = "type",
    }
}

api::model! {
    /// A page of databases.
    pub struct DatabaseList as "databaseList" {
        /// Number of entries.
        total: i64 = "total",
        /// The databases.
        databases: Vec<Database> = "databases",
    }
}

impl Database {
    /// Shows a database.
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
