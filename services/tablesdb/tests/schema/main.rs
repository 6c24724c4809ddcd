//! Databases, tables, columns and indexes, with an API key, in both vocabularies.

mod columns;
mod creation;
mod databases;
mod indexes;
mod logs;
mod usage;

use testkit::{Actor, Reply, Server, Vocabulary, json};

/// Scopes of the test key.
const SCOPES: [&str; 10] = [
    "databases.read",
    "databases.write",
    "tables.read",
    "tables.write",
    "collections.read",
    "collections.write",
    "rows.read",
    "rows.write",
    "documents.read",
    "documents.write",
];

/// A project with a database `main` that has an empty table `posts`, and an API key for it.
struct Shop {
    server: Server,
    console: Actor,
    key: Actor,
    vocabulary: Vocabulary,
}

impl Shop {
    async fn open(vocabulary: Vocabulary) -> Self {
        let server = Server::start().await;
        let console = server.console_user("root").await;
        server.project(&console, "shop").await;
        let key = server.key(&console, "shop", &SCOPES).await;
        key.post(vocabulary.base, json!({"databaseId": "main", "name": "Main"}))
            .await
            .assert_status(201);
        let shop = Self {
            server,
            console,
            key,
            vocabulary,
        };
        shop.add_table("posts").await;
        shop
    }

    async fn add_table(&self, id: &str) {
        let table = json!({(self.vocabulary.table_id): id, "name": id});
        let path = format!("{}/{}", self.vocabulary.database("main"), self.vocabulary.tables);
        self.key.post(&path, table).await.assert_status(201);
    }

    /// Adds a column of the given type to `posts`.
    async fn column(&self, kind: &str, body: testkit::Value) -> Reply {
        let path = self.vocabulary.columns("main", "posts", &format!("/{kind}"));
        self.key.post(&path, body).await
    }

    /// Adds an index to `posts`; the parameter `columns` is named as in the vocabulary.
    async fn index(&self, key: &str, kind: &str, columns: &[&str]) -> Reply {
        let body = json!({"key": key, "type": kind, (self.vocabulary.columns): columns});
        self.key.post(&self.vocabulary.indexes("main", "posts", ""), body).await
    }

    /// Adds a row to `posts`.
    async fn row(&self, id: &str, data: testkit::Value) -> Reply {
        let body = json!({(self.vocabulary.row_id): id, "data": data});
        self.key.post(&self.vocabulary.rows("main", "posts", ""), body).await
    }
}
