//! A connection in a transaction, with the statements that it has prepared.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use postgres::{Client, Statement};

use super::errors::describe;
use super::placeholders::number_placeholders;
use crate::Error;
use crate::session::Sql;

/// Prepared statements that a connection keeps, over all schemas.
const STATEMENTS: usize = 1024;

/// A connection.
pub(crate) struct Session {
    pub(super) client: Client,
    /// The schema that the present transaction looks into.
    schema: String,
    /// Whether it writes.
    writes: bool,
    /// Whether it has changed tables.
    changed: bool,
    /// A number that is another one whenever the tables of the schema have changed.
    changes: Arc<AtomicU64>,
    /// By schema, because the server plans a statement for the tables that it found when it was prepared; with the number
    /// that stood for those.
    prepared: HashMap<String, (u64, HashMap<String, Statement>)>,
    count: usize,
    /// SQL that stands in the code, with its placeholders numbered as PostgreSQL wants them.
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

    /// Whether the connection is of no more use.
    pub(crate) fn is_lost(&self) -> bool {
        self.client.is_closed()
    }

    /// The schema that the present transaction looks into.
    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }

    /// Whether the present transaction writes.
    pub(crate) fn writes(&self) -> bool {
        self.writes
    }

    /// Says which number tells that the tables of the present schema have changed, before a transaction begins.
    pub(crate) fn watch(&mut self, changes: Arc<AtomicU64>) {
        self.changes = changes;
        self.changed = false;
    }

    /// Whether the present transaction has changed tables.
    pub(crate) fn changed(&self) -> bool {
        self.changed
    }

    /// Notes that it has.
    pub(crate) fn changed_tables(&mut self) {
        self.changed = true;
        self.forget();
    }

    /// Begins a transaction that writes, and looks into a schema; each wait for a lock ends after `wait`. One round trip.
    pub(crate) fn begin_write(&mut self, schema: &str, wait: Duration) -> Result<(), Error> {
        schema.clone_into(&mut self.schema);
        self.writes = true;
        let millis = wait.as_millis().clamp(1, 86_400_000);
        self.run(&format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL search_path TO \"{schema}\"; \
             SET LOCAL lock_timeout = {millis}"
        ))
    }

    /// Begins a transaction that reads one state, each statement within a time; one round trip.
    pub(crate) fn begin_read(&mut self, schema: &str, time: Duration) -> Result<(), Error> {
        schema.clone_into(&mut self.schema);
        self.writes = false;
        let millis = time.as_millis().clamp(1, 86_400_000);
        self.run(&format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path TO \"{schema}\"; \
             SET LOCAL statement_timeout = {millis}"
        ))
    }

    /// Runs SQL without values, or with its values written in it, as `BEGIN` and `COMMIT`.
    pub(crate) fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).map_err(describe)
    }

    /// Whether a schema is there.
    pub(crate) fn has_schema(&mut self, schema: &str) -> Result<bool, Error> {
        let found = self
            .client
            .query_opt("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", &[&schema]);
        found.map(|row| row.is_some()).map_err(describe)
    }

    /// A statement, prepared now or before.
    pub(super) fn prepare(&mut self, sql: Sql<'_>) -> Result<Statement, Error> {
        let text = match sql {
            Sql::Built(text) => text,
            Sql::Fixed(text) => self.numbered.entry(text).or_insert_with(|| number_placeholders(text)),
        };
        let now = self.changes.load(Ordering::Acquire);
        if let Some((seen, of_schema)) = self.prepared.get_mut(&self.schema) {
            if *seen != now {
                self.count -= of_schema.len();
                of_schema.clear();
                *seen = now;
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

    /// Forgets the statements of the present schema: its tables have changed.
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
