//! Relationships, with API keys and as clients, in both vocabularies.

mod columns;
mod rows;

use testkit::{Actor, Reply, Server, Value, Vocabulary, json};

/// Scopes of the test key.
const SCOPES: [&str; 9] = [
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

/// A project with a database `main` that has the tables `authors` and `books`, and an API key for it.
struct Library {
    server: Server,
    key: Actor,
    vocabulary: Vocabulary,
}

impl Library {
    async fn open(vocabulary: Vocabulary) -> Self {
        let server = Server::start().await;
        let console = server.console_user("root").await;
        server.project(&console, "shop").await;
        let key = server.key(&console, "shop", &SCOPES).await;
        let library = Self {
            server,
            key,
            vocabulary,
        };
        let main = json!({"databaseId": "main", "name": "Main"});
        library.key.post(vocabulary.base, main).await.assert_status(201);
        for id in ["authors", "books"] {
            let table = json!({
                (vocabulary.table_id): id, "name": id, (vocabulary.row_security): true, "permissions": ["create(\"users\")"],
            });
            let path = format!("{}/{}", vocabulary.database("main"), vocabulary.tables);
            library.key.post(&path, table).await.assert_status(201);
            let name = json!({"key": "name", "size": 64, "required": false});
            library
                .key
                .post(&vocabulary.columns("main", id, "/string"), name)
                .await
                .assert_status(202);
        }
        library
    }

    /// Creates a relationship between `authors` and `books`, with the keys `books` and `author`.
    async fn relate(&self, kind: &str, two_way: bool, on_delete: &str) -> Reply {
        let body = json!({
            (self.related_id()): "books", "type": kind, "twoWay": two_way, "key": "books", "twoWayKey": "author", "onDelete": on_delete,
        });
        self.key
            .post(&self.vocabulary.columns("main", "authors", "/relationship"), body)
            .await
    }

    fn related_id(&self) -> &'static str {
        if self.vocabulary == Vocabulary::TABLES {
            "relatedTableId"
        } else {
            "relatedCollectionId"
        }
    }

    async fn make(&self, actor: &Actor, table: &str, id: &str, data: Value) -> Reply {
        let body = json!({(self.vocabulary.row_id): id, "data": data});
        actor.post(&self.vocabulary.rows("main", table, ""), body).await
    }

    async fn change(&self, actor: &Actor, table: &str, id: &str, data: Value) -> Reply {
        let path = self.vocabulary.rows("main", table, &format!("/{id}"));
        actor.patch(&path, json!({"data": data})).await
    }
}
