//! Writing of rows, as clients and with an API key, in both vocabularies.

mod access;
mod atomic;
mod bulk;
mod isolation;
mod rows;
mod staging;
mod structure;
mod transactions;

use testkit::{Actor, Reply, Server, Value, Vocabulary, json};

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

/// A project with a database `main` that has a table `posts` with row permissions enabled, and an API key for it.
struct Shop {
    server: Server,
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
            key,
            vocabulary,
        };
        shop.add_table("posts", json!([])).await;
        shop.column("string", json!({"key": "title", "size": 20, "required": false}))
            .await;
        shop.column(
            "integer",
            json!({"key": "likes", "required": false, "min": -10, "max": 1000}),
        )
        .await;
        shop
    }

    async fn add_table(&self, id: &str, permissions: Value) {
        let vocabulary = self.vocabulary;
        let table = json!({
            (vocabulary.table_id): id, "name": id, (vocabulary.row_security): true, "permissions": permissions,
        });
        let path = format!("{}/{}", vocabulary.database("main"), vocabulary.tables);
        self.key.post(&path, table).await.assert_status(201);
    }

    async fn column(&self, kind: &str, body: Value) {
        let path = self.vocabulary.columns("main", "posts", &format!("/{kind}"));
        self.key.post(&path, body).await.assert_status(202);
    }

    /// Sets the table's permissions and enables row permissions.
    async fn permit(&self, permissions: &[&str]) {
        let vocabulary = self.vocabulary;
        let body = json!({"name": "posts", "permissions": permissions, (vocabulary.row_security): true});
        self.key
            .put(&vocabulary.table("main", "posts"), body)
            .await
            .assert_status(200);
    }

    /// The path of the rows of `posts`, with `rest` appended.
    fn path(&self, rest: &str) -> String {
        self.vocabulary.rows("main", "posts", rest)
    }

    async fn create(&self, who: &Actor, id: &str, data: Value) -> Reply {
        who.post(&self.path(""), json!({(self.vocabulary.row_id): id, "data": data}))
            .await
    }

    async fn update(&self, who: &Actor, id: &str, data: Value) -> Reply {
        who.patch(&self.path(&format!("/{id}")), json!({"data": data})).await
    }

    async fn get(&self, id: &str) -> Reply {
        self.key.get(&self.path(&format!("/{id}"))).await
    }

    /// Translates an error type of the tables vocabulary to that of the test's vocabulary.
    fn error(&self, of_tables: &str) -> String {
        self.vocabulary.error(of_tables)
    }

    /// The path of transactions, with `rest` appended.
    fn transactions(&self, rest: &str) -> String {
        format!("{}/transactions{rest}", self.vocabulary.base)
    }

    /// Creates a transaction and returns its ID.
    async fn begin(&self, who: &Actor) -> String {
        let reply = who.post(&self.transactions(""), json!({})).await;
        reply.assert_status(201).text("$id").to_owned()
    }

    async fn commit(&self, who: &Actor, id: &str) -> Reply {
        who.patch(&self.transactions(&format!("/{id}")), json!({"commit": true}))
            .await
    }
}
