//! The transaction of an act and its operations.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use kernel::Timestamp;
use sea_query::QueryStatementBuilder;

use crate::after_commit::AfterCommit;
use crate::room::Room;
use crate::session::{Each, Session, Sql};
use crate::{Dialect, Error, FromRow, Note, Options, PreparedSql, Row, ToValue, Value};

/// The transaction of one act; all its changes are committed or none.
pub struct Tx<'a> {
    session: &'a mut dyn Session,
    options: &'a Options,
    database: &'a Arc<str>,
    now: Timestamp,
    aborted: Option<String>,
    serialization_failure: bool,
    pub(crate) after_commit: AfterCommit,
    #[cfg(feature = "testing")]
    statements: u64,
}

impl fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx")
            .field("dialect", &self.dialect())
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl<'a> Tx<'a> {
    pub(crate) fn new(
        session: &'a mut dyn Session,
        options: &'a Options,
        now: Timestamp,
        database: &'a Arc<str>,
    ) -> Self {
        Self {
            session,
            options,
            database,
            now,
            aborted: None,
            serialization_failure: false,
            after_commit: AfterCommit::default(),
            #[cfg(feature = "testing")]
            statements: 0,
        }
    }

    /// Number of statements run so far; for tests that bound an act's statements.
    #[cfg(feature = "testing")]
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// Time of the act; constant during the act.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Limits of the engine.
    pub(crate) fn options(&self) -> &'a Options {
        self.options
    }

    /// Memory reservation for rows that the act reads into a large reply, accounted to its database.
    pub fn room(&self) -> Room {
        Room::new(self.options.memory.clone(), Arc::clone(self.database))
    }

    /// SQL dialect, for statements that the builder cannot express for both engines.
    pub fn dialect(&self) -> Dialect {
        self.session.dialect()
    }

    /// Whether other transactions may write at the same time: rows that this one has read may then change before it
    /// ends, unless it locks them. Always false on SQLite, which has one writer.
    pub fn writes_beside_others(&self) -> bool {
        self.session.writes_beside_others()
    }

    /// The first row; [`Error::NoRow`] if there is none.
    pub fn one<T: FromRow>(&mut self, query: &impl QueryStatementBuilder) -> Result<T, Error> {
        self.optional(query)?.ok_or(Error::NoRow)
    }

    /// The first row, if there is one.
    pub fn optional<T: FromRow>(&mut self, query: &impl QueryStatementBuilder) -> Result<Option<T>, Error> {
        let (sql, values) = self.dialect().render(query);
        self.first(Sql::Built(&sql), &values.0)
    }

    /// Every row.
    pub fn all<T: FromRow>(&mut self, query: &impl QueryStatementBuilder) -> Result<Vec<T>, Error> {
        let (sql, values) = self.dialect().render(query);
        self.collect(Sql::Built(&sql), &values.0)
    }

    /// Passes each row to `each` without collecting them; stops at the first error.
    pub fn each(
        &mut self,
        query: &impl QueryStatementBuilder,
        mut each: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (sql, values) = self.dialect().render(query);
        self.visit(Sql::Built(&sql), &values.0, &mut |row| each(row).map(|()| true))
    }

    /// Runs a statement; returns the number of affected rows.
    pub fn execute(&mut self, query: &impl QueryStatementBuilder) -> Result<u64, Error> {
        let (sql, values) = self.dialect().render(query);
        self.change(Sql::Built(&sql), &values.0)
    }

    /// Like [`Tx::one`], for static SQL: `?` is a placeholder on both engines (`??` must not be used).
    pub fn sql_one<T: FromRow>(&mut self, sql: &'static str, params: &[Value]) -> Result<T, Error> {
        self.sql_optional(sql, params)?.ok_or(Error::NoRow)
    }

    /// Like [`Tx::optional`], for static SQL.
    pub fn sql_optional<T: FromRow>(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<T>, Error> {
        self.first(Sql::Fixed(sql), params)
    }

    /// Like [`Tx::all`], for static SQL.
    pub fn sql_all<T: FromRow>(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<T>, Error> {
        self.collect(Sql::Fixed(sql), params)
    }

    /// Like [`Tx::each`], for static SQL.
    pub fn sql_each(
        &mut self,
        sql: &'static str,
        params: &[Value],
        mut each: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.visit(Sql::Fixed(sql), params, &mut |row| each(row).map(|()| true))
    }

    /// Like [`Tx::execute`], for static SQL.
    pub fn sql_execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, Error> {
        self.change(Sql::Fixed(sql), params)
    }

    /// Like [`Tx::optional`], for a prepared statement.
    pub fn prepared_optional<T: FromRow>(
        &mut self,
        prepared: &PreparedSql,
        params: &[Value],
    ) -> Result<Option<T>, Error> {
        self.first(Sql::Built(&prepared.0), params)
    }

    /// Inserts a row with a prepared statement and returns its sequence number: from RETURNING on PostgreSQL, from the
    /// last inserted rowid on SQLite, where RETURNING would buffer its result in a temporary table.
    pub fn prepared_insert(&mut self, prepared: &PreparedSql, params: &[Value]) -> Result<i64, Error> {
        self.guarded(|session| session.insert(Sql::Built(&prepared.0), params))
    }

    /// Like [`Tx::prepared_insert`], for static SQL in each dialect.
    pub(crate) fn sql_insert(
        &mut self,
        sqlite: &'static str,
        postgres: &'static str,
        params: &[Value],
    ) -> Result<i64, Error> {
        let sql = match self.dialect() {
            Dialect::Sqlite => sqlite,
            Dialect::Postgres => postgres,
        };
        self.guarded(|session| session.insert(Sql::Fixed(sql), params))
    }

    /// Like [`Tx::each`], for a prepared statement.
    pub fn prepared_each(
        &mut self,
        prepared: &PreparedSql,
        params: &[Value],
        mut each: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.visit(Sql::Built(&prepared.0), params, &mut |row| each(row).map(|()| true))
    }

    /// Like [`Tx::execute`], for a prepared statement.
    pub fn prepared_execute(&mut self, prepared: &PreparedSql, params: &[Value]) -> Result<u64, Error> {
        self.change(Sql::Built(&prepared.0), params)
    }

    /// Query plan of the engine, step by step, with indexes preferred.
    pub fn explain(&mut self, query: &impl QueryStatementBuilder) -> Result<Vec<String>, Error> {
        let (sql, values) = self.dialect().render(query);
        let (sql, plan_column) = match self.dialect() {
            Dialect::Sqlite => (format!("EXPLAIN QUERY PLAN {sql}"), 3),
            Dialect::Postgres => (format!("EXPLAIN (COSTS OFF) {sql}"), 0),
        };
        // PostgreSQL does not use an index on a small table; the plan for a large table is of interest here.
        let set = |tx: &mut Self, to: &str| match tx.dialect() {
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => tx.batch(&format!("SET LOCAL enable_seqscan = {to}")),
        };
        set(self, "off")?;
        let mut steps = Vec::new();
        self.visit(Sql::Built(&sql), &values.0, &mut |row| {
            steps.push(row.get::<String>(plan_column)?);
            Ok(true)
        })?;
        set(self, "on")?;
        Ok(steps)
    }

    /// Runs statements without bound values, for schema changes of migrations and users' tables.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.guarded(|session| session.batch(sql))
    }

    /// Runs work in a savepoint: if it fails, its changes are rolled back and the act can continue.
    pub fn attempt<T, E: From<Error>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.batch("SAVEPOINT attempt")?;
        let savepoint = self.after_commit.savepoint();
        let result = work(self);
        if result.is_ok() && self.aborted.is_none() {
            self.batch("RELEASE SAVEPOINT attempt")?;
            return result;
        }
        let first = self.aborted.take();
        self.after_commit.roll_back_to(savepoint);
        self.batch("ROLLBACK TO SAVEPOINT attempt")?;
        self.batch("RELEASE SAVEPOINT attempt")?;
        match (result, first) {
            (Ok(_), Some(first)) => Err(E::from(Error::Aborted(first))),
            (result, _) => result,
        }
    }

    /// Runs work in a savepoint and always rolls it back; returns its result.
    pub fn dry_run<T, E: From<Error>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let undone: Result<std::convert::Infallible, _> = self.attempt(|tx| match work(tx) {
            Ok(output) => Err(DryRun::Output(output)),
            Err(error) => Err(DryRun::Failed(error)),
        });
        match undone {
            Ok(never) => match never {},
            Err(DryRun::Output(output)) => Ok(output),
            Err(DryRun::Failed(error)) => Err(error),
            Err(DryRun::Broken(error)) => Err(E::from(error)),
        }
    }

    /// Takes an exclusive lock on a key until the act ends: for acts that count and then insert. No-op on SQLite, which
    /// has one writer.
    pub fn lock(&mut self, key: &str) -> Result<(), Error> {
        self.guarded(|session| session.lock(key))
    }

    /// Enqueues a job in this transaction; it runs after the commit, or at `run_at` if that is later.
    pub fn enqueue(
        &mut self,
        kind: &'static str,
        payload: &serde_json::Value,
        run_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let due = run_at.unwrap_or(self.now);
        self.sql_execute(
            "INSERT INTO _jobs (kind, payload, state, attempts, due, created) VALUES (?, ?, 'waiting', 0, ?, ?)",
            &[kind.to_value(), payload.to_value(), due.to_value(), self.now.to_value()],
        )?;
        self.after_commit.jobs = true;
        Ok(())
    }

    /// Runs `hook` after the commit and before the caller gets its result; never if the act is rolled back. It runs on
    /// a database thread and must be short, such as removing a cache entry or waking a task.
    pub fn after_commit(&mut self, hook: impl FnOnce() + Send + 'static) {
        self.after_commit.hooks.push(Box::new(hook));
    }

    /// Adds to a counter after the commit and before the caller gets its result; never if the act is rolled back. Only
    /// one sum per counter is kept, however often an act adds to it.
    pub fn tally(&mut self, counter: &Arc<AtomicI64>, more: i64) {
        self.after_commit.tally(counter, more);
    }

    /// Records that a cached value is stale; commit listeners receive it in [`Commit::notes`](crate::Commit::notes).
    /// Duplicates are dropped.
    pub fn note(&mut self, topic: &'static str, key: &str) {
        let known = |note: &Note| note.topic == topic && note.key == key;
        if !self.after_commit.notes.iter().any(known) {
            self.after_commit.notes.push(Note {
                topic,
                key: key.to_owned(),
            });
        }
    }

    /// Error message of the statement that aborted the transaction, if any.
    pub(crate) fn aborted(&self) -> Option<&str> {
        self.aborted.as_deref()
    }

    /// Whether the transaction failed because of a conflict with a concurrent act, so that it can be retried.
    pub(crate) fn serialization_failure(&self) -> bool {
        self.serialization_failure
    }

    pub(crate) fn into_after_commit(self) -> AfterCommit {
        self.after_commit
    }

    fn first<T: FromRow>(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<Option<T>, Error> {
        let mut found = None;
        self.visit(sql, params, &mut |row| {
            found = Some(T::from_row(row)?);
            Ok(false)
        })?;
        Ok(found)
    }

    fn collect<T: FromRow>(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<Vec<T>, Error> {
        let mut rows = Vec::new();
        self.visit(sql, params, &mut |row| {
            rows.push(T::from_row(row)?);
            Ok(true)
        })?;
        Ok(rows)
    }

    fn visit(&mut self, sql: Sql<'_>, params: &[Value], each: Each<'_>) -> Result<(), Error> {
        self.guarded(|session| session.visit(sql, params, each))
    }

    fn change(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<u64, Error> {
        self.guarded(|session| session.change(sql, params))
    }

    /// Runs a statement unless an earlier one failed; records a failure of this one.
    fn guarded<T>(&mut self, run: impl FnOnce(&mut dyn Session) -> Result<T, Error>) -> Result<T, Error> {
        if let Some(first) = &self.aborted {
            return Err(Error::Aborted(first.clone()));
        }
        #[cfg(feature = "testing")]
        {
            self.statements += 1;
        }
        let result = run(self.session);
        if let Err(error) = &result {
            self.aborted = Some(error.to_string());
            self.serialization_failure |= error.is_conflict();
        }
        result
    }
}

/// Result of a dry run, which is always rolled back.
enum DryRun<T, E> {
    Output(T),
    Failed(E),
    Broken(Error),
}

impl<T, E> From<Error> for DryRun<T, E> {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}
