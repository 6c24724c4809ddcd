//! A connection in a transaction, with its prepared statements.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use postgres::{Client, Statement};

use super::errors::describe;
use super::placeholders::number_placeholders;
use crate::Error;
use crate::session::Sql;

/// Maximum number of prepared statements per connection, for all schemas.
const STATEMENTS: usize = 1024;

/// A connection.
pub(crate) struct Session {
    pub(super) client: Client,
    /// The schema of the current transaction.
    schema: String,
    /// Whether the current transaction writes.
    writes: bool,
    /// Whether the current transaction has changed the schema.
    changed: bool,
    /// Version number of the schema's tables, which changes with every change of them.
    changes: Arc<AtomicU64>,
    /// By schema, because the server resolves a statement's tables when it is prepared; with the version number of the
    /// tables at that time.
    prepared: HashMap<String, (u64, HashMap<String, Statement>)>,
    count: usize,
    /// Static SQL with its placeholders numbered as PostgreSQL requires.
    numbered: HashMap<&'static str, String>,
}

impl Session {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            schema: String::new(),
            writes: false,
            changed: false,
            changes: Arc::default(),
            prepared: HashMap::new(),
            count: 0,
            numbered: HashMap::new(),
        }
    }

    /// Whether the connection is closed.
    pub(crate) fn is_lost(&self) -> bool {
        self.client.is_closed()
    }

    /// The schema of the current transaction.
    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }

    /// Whether the current transaction writes.
    pub(crate) fn writes(&self) -> bool {
        self.writes
    }

    /// Sets the version number of the schema's tables, before a transaction begins.
    pub(crate) fn watch(&mut self, changes: Arc<AtomicU64>) {
        self.changes = changes;
        self.changed = false;
    }

    /// Whether the current transaction has changed the schema.
    pub(crate) fn changed(&self) -> bool {
        self.changed
    }

    /// Marks the current transaction as one that has changed the schema.
    pub(crate) fn changed_tables(&mut self) {
        self.changed = true;
        self.forget();
    }

    /// Begins a read-write transaction in a schema; each wait for a lock times out after `wait`. One round trip.
    pub(crate) fn begin_write(&mut self, schema: &str, wait: Duration) -> Result<(), Error> {
        schema.clone_into(&mut self.schema);
        self.writes = true;
        let millis = wait.as_millis().clamp(1, 86_400_000);
        self.run(&format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL search_path TO \"{schema}\"; \
             SET LOCAL lock_timeout = {millis}"
        ))
    }

    /// Begins a read-only transaction on one snapshot, with a time limit per statement; one round trip.
    pub(crate) fn begin_read(&mut self, schema: &str, time: Duration) -> Result<(), Error> {
        schema.clone_into(&mut self.schema);
        self.writes = false;
        let millis = time.as_millis().clamp(1, 86_400_000);
        self.run(&format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path TO \"{schema}\"; \
             SET LOCAL statement_timeout = {millis}"
        ))
    }

    /// Runs SQL without bound values, such as `BEGIN` and `COMMIT`.
    pub(crate) fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).map_err(describe)
    }

    /// Whether a schema exists.
    pub(crate) fn has_schema(&mut self, schema: &str) -> Result<bool, Error> {
        let found = self
            .client
            .query_opt("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", &[&schema]);
        found.map(|row| row.is_some()).map_err(describe)
    }

    /// A prepared statement, from the cache or newly prepared.
    pub(super) fn prepare(&mut self, sql: Sql<'_>) -> Result<Statement, Error> {
        let text = match sql {
            Sql::Built(text) => text,
            Sql::Fixed(text) => self.numbered.entry(text).or_insert_with(|| number_placeholders(text)),
        };
        let now = self.changes.load(Ordering::Acquire);
        if let Some((version, of_schema)) = self.prepared.get_mut(&self.schema) {
            if *version != now {
                self.count -= of_schema.len();
                of_schema.clear();
                *version = now;
            } else if let Some(statement) = of_schema.get(text) {
                return Ok(statement.clone());
            }
        }
        let statement = self.client.prepare(text).map_err(describe)?;
        if self.count >= STATEMENTS {
            self.prepared.clear();
            self.count = 0;
        }
        let (_, of_schema) = self
            .prepared
            .entry(self.schema.clone())
            .or_insert((now, HashMap::new()));
        of_schema.insert(text.to_owned(), statement.clone());
        self.count += 1;
        Ok(statement)
    }

    /// Discards the prepared statements of the current schema: its tables have changed.
    pub(crate) fn forget(&mut self) {
        if let Some((_, gone)) = self.prepared.remove(&self.schema) {
            self.count -= gone.len();
        }
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}
