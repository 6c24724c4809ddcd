//! A transaction: the verbs that an act has.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use kernel::{Event, Timestamp};
use sea_query::QueryStatementBuilder;

use crate::after_commit::AfterCommit;
use crate::room::Room;
use crate::shared::Shared;
use crate::{Commit, Dialect, Error, FromRow, Note, Options, PreparedSql, Row, ToValue, Value, log, postgres, sqlite};

/// The transaction of one act. Everything that it does happens, or nothing does.
pub struct Tx<'a> {
    session: Session<'a>,
    shared: &'a Shared,
    database: &'a Arc<str>,
    now: Timestamp,
    aborted: Option<String>,
    serialization_failure: bool,
    after_commit: AfterCommit,
    #[cfg(feature = "testing")]
    statements: u64,
}

/// The engine's end of a transaction.
pub(crate) enum Session<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut postgres::Session),
}

/// The text of a statement: built for this call, or standing in the code.
#[derive(Clone, Copy)]
pub(crate) enum Sql<'a> {
    Built(&'a str),
    Fixed(&'static str),
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
    pub(crate) fn new(session: Session<'a>, shared: &'a Shared, database: &'a Arc<str>) -> Self {
        Self {
            session,
            shared,
            database,
            now: shared.clock.now(),
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

    /// The act's instant: one for the whole act.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The bounds of the engine.
    pub(crate) fn options(&self) -> &'a Options {
        &self.shared.options
    }

    /// Room in memory for what the act reads into a large reply, in the name of its database.
    pub fn room(&self) -> Room {
        Room {
            budget: self.shared.options.memory.clone(),
            database: Arc::clone(self.database),
            held: None,
        }
    }

    /// SQL dialect, for statements that the builder cannot express for both engines.
    pub fn dialect(&self) -> Dialect {
        match self.session {
            Session::Sqlite(_) => Dialect::Sqlite,
            Session::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Whether it writes and others do at the same time: what it has read may then be changed before it ends, unless it
    /// locks the row. SQLite has one writer.
    pub fn writes_beside_others(&self) -> bool {
        match &self.session {
            Session::Sqlite(_) => false,
            Session::Postgres(session) => session.writes(),
        }
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

    /// Hands each row to `each`, for those who write rows on without keeping them; stops at the first error.
    pub fn each(
        &mut self,
        query: &impl QueryStatementBuilder,
        mut each: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (sql, values) = self.dialect().render(query);
        self.visit(Sql::Built(&sql), &values.0, &mut |row| each(row).map(|()| true))
    }

    /// Runs a statement; the number of rows that it touched.
    pub fn execute(&mut self, query: &impl QueryStatementBuilder) -> Result<u64, Error> {
        let (sql, values) = self.dialect().render(query);
        self.change(Sql::Built(&sql), &values.0)
    }

    /// As [`Tx::one`], for SQL that stands in the code: `?` is a placeholder on both engines (write `??` nowhere).
    pub fn sql_one<T: FromRow>(&mut self, sql: &'static str, params: &[Value]) -> Result<T, Error> {
        self.sql_optional(sql, params)?.ok_or(Error::NoRow)
    }

    /// As [`Tx::optional`], for SQL that stands in the code.
    pub fn sql_optional<T: FromRow>(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<T>, Error> {
        self.first(Sql::Fixed(sql), params)
    }

    /// As [`Tx::all`], for SQL that stands in the code.
    pub fn sql_all<T: FromRow>(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<T>, Error> {
        self.collect(Sql::Fixed(sql), params)
    }

    /// As [`Tx::each`], for SQL that stands in the code.
    pub fn sql_each(
        &mut self,
        sql: &'static str,
        params: &[Value],
        mut each: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.visit(Sql::Fixed(sql), params, &mut |row| each(row).map(|()| true))
    }

    /// As [`Tx::execute`], for SQL that stands in the code.
    pub fn sql_execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, Error> {
        self.change(Sql::Fixed(sql), params)
    }

    /// As [`Tx::optional`], for a statement that was kept.
    pub fn prepared_optional<T: FromRow>(
        &mut self,
        prepared: &PreparedSql,
        params: &[Value],
    ) -> Result<Option<T>, Error> {
        self.first(Sql::Built(&prepared.0), params)
    }

    /// Inserts a row by a statement that was kept, and gives its number: what PostgreSQL is told to return, and what SQLite
    /// knows without being told, which spares it keeping the answer in a table.
    pub fn prepared_insert(&mut self, prepared: &PreparedSql, params: &[Value]) -> Result<i64, Error> {
        self.insert(Sql::Built(&prepared.0), params)
    }

    /// As [`Tx::prepared_insert`], for SQL that stands in the code, in each dialect.
    pub(crate) fn sql_insert(
        &mut self,
        sqlite: &'static str,
        postgres: &'static str,
        params: &[Value],
    ) -> Result<i64, Error> {
        match self.dialect() {
            Dialect::Sqlite => self.insert(Sql::Fixed(sqlite), params),
            Dialect::Postgres => self.insert(Sql::Fixed(postgres), params),
        }
    }

    /// As [`Tx::each`], for a statement that was kept.
    pub fn prepared_each(
        &mut self,
        prepared: &PreparedSql,
        params: &[Value],
        mut each: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.visit(Sql::Built(&prepared.0), params, &mut |row| each(row).map(|()| true))
    }

    /// As [`Tx::execute`], for a statement that was kept.
    pub fn prepared_execute(&mut self, prepared: &PreparedSql, params: &[Value]) -> Result<u64, Error> {
        self.change(Sql::Built(&prepared.0), params)
    }

    /// Query plan of the engine, step by step, with indexes preferred.
    pub fn explain(&mut self, query: &impl QueryStatementBuilder) -> Result<Vec<String>, Error> {
        let (sql, values) = self.dialect().render(query);
        let (sql, told_in) = match self.dialect() {
            Dialect::Sqlite => (format!("EXPLAIN QUERY PLAN {sql}"), 3),
            Dialect::Postgres => (format!("EXPLAIN (COSTS OFF) {sql}"), 0),
        };
        // PostgreSQL takes no index where the table is small; who asks wants to know of when it has grown.
        let set = |tx: &mut Self, to: &str| match tx.dialect() {
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => tx.batch(&format!("SET LOCAL enable_seqscan = {to}")),
        };
        set(self, "off")?;
        let mut steps = Vec::new();
        self.visit(Sql::Built(&sql), &values.0, &mut |row| {
            steps.push(row.get::<String>(told_in)?);
            Ok(true)
        })?;
        set(self, "on")?;
        Ok(steps)
    }

    /// Runs statements without values, as schemas change; for migrations and for users' tables.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.guarded(|session| match session {
            Session::Sqlite(connection) => sqlite::batch(connection, sql),
            Session::Postgres(session) => postgres::batch(session, sql),
        })
    }

    /// Runs work that may fail without spoiling the transaction: what it did is undone, and the act may go on.
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

    /// Does work and undoes it, whatever came of it: to see what would be.
    pub fn dry_run<T, E: From<Error>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let undone: Result<std::convert::Infallible, _> = self.attempt(|tx| match work(tx) {
            Ok(seen) => Err(DryRun::Seen(seen)),
            Err(error) => Err(DryRun::Failed(error)),
        });
        match undone {
            Ok(never) => match never {},
            Err(DryRun::Seen(seen)) => Ok(seen),
            Err(DryRun::Failed(error)) => Err(error),
            Err(DryRun::Broken(error)) => Err(E::from(error)),
        }
    }

    /// Lets one act at a time pass that locks the same key, until its end: for acts that count and then insert. SQLite
    /// has one writer anyway.
    pub fn lock(&mut self, key: &str) -> Result<(), Error> {
        self.guarded(|session| match session {
            Session::Sqlite(_) => Ok(()),
            Session::Postgres(session) => {
                let key = lock_key(session.schema(), key);
                postgres::lock(session, key)
            }
        })
    }

    /// Appends an event to the change log, in this transaction.
    pub fn emit(&mut self, event: Event) -> Result<(), Error> {
        let recorded = log::append(self, event)?;
        self.after_commit.bytes += recorded.size;
        if self.after_commit.events.len() < Commit::EVENTS && self.after_commit.bytes <= Commit::BYTES {
            self.after_commit.events.push(recorded);
        } else {
            self.after_commit.more = true;
        }
        Ok(())
    }

    /// Asks for a job, in this transaction; it runs once the act is durable, or at `run_at` if that is later.
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

    /// Runs `hook` once the act is durable and before its caller is answered; never if the act is undone. It runs on a
    /// database thread: drop a cache entry, wake someone, nothing longer.
    pub fn after_commit(&mut self, hook: impl FnOnce() + Send + 'static) {
        self.after_commit.hooks.push(Box::new(hook));
    }

    /// Adds to a counter once the act is durable, and before its caller is answered; never if the act is undone. However often
    /// an act adds to a counter, it costs a place for the sum.
    pub fn tally(&mut self, counter: &Arc<AtomicI64>, more: i64) {
        self.after_commit.tally(counter, more);
    }

    /// Says that something changed which others remember; the listeners of commits hear it with the rest. Noted twice is
    /// told once.
    pub fn note(&mut self, topic: &'static str, key: &str) {
        let known = |note: &Note| note.topic == topic && note.key == key;
        if !self.after_commit.notes.iter().any(known) {
            self.after_commit.notes.push(Note {
                topic,
                key: key.to_owned(),
            });
        }
    }

    /// Why the transaction cannot be committed any more, if so.
    pub(crate) fn aborted(&self) -> Option<&str> {
        self.aborted.as_deref()
    }

    /// Whether another act was quicker in a way that leaves it to this one to try again.
    pub(crate) fn serialization_failure(&self) -> bool {
        self.serialization_failure
    }

    pub(crate) fn into_after_commit(self) -> AfterCommit {
        self.after_commit
    }

    fn insert(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<i64, Error> {
        if let Session::Postgres(_) = self.session {
            return self.first(sql, params)?.ok_or(Error::NoRow);
        }
        self.change(sql, params)?;
        match &self.session {
            Session::Sqlite(connection) => Ok(connection.last_insert_rowid()),
            Session::Postgres(_) => Err(Error::NoRow),
        }
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
        self.guarded(|session| match session {
            Session::Sqlite(connection) => sqlite::visit(connection, sql, params, each),
            Session::Postgres(session) => postgres::visit(session, sql, params, each),
        })
    }

    fn change(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<u64, Error> {
        self.guarded(|session| match session {
            Session::Sqlite(connection) => sqlite::change(connection, sql, params),
            Session::Postgres(session) => postgres::change(session, sql, params),
        })
    }

    /// Runs a statement unless one failed before; remembers if this one does.
    fn guarded<T>(&mut self, run: impl FnOnce(&mut Session<'a>) -> Result<T, Error>) -> Result<T, Error> {
        if let Some(first) = &self.aborted {
            return Err(Error::Aborted(first.clone()));
        }
        #[cfg(feature = "testing")]
        {
            self.statements += 1;
        }
        let result = run(&mut self.session);
        if let Err(error) = &result {
            self.aborted = Some(error.to_string());
            self.serialization_failure |= error.is_conflict();
        }
        result
    }
}

/// Result of a dry run, which is always rolled back.
enum DryRun<T, E> {
    Seen(T),
    Failed(E),
    Broken(Error),
}

impl<T, E> From<Error> for DryRun<T, E> {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

/// Takes a row; whether to go on to the next.
pub(crate) type Each<'e> = &'e mut dyn FnMut(&Row<'_>) -> Result<bool, Error>;

/// The number by which PostgreSQL knows a lock: FNV-1a of the schema and the key. Two keys that meet in one number only
/// wait for each other.
pub(crate) fn lock_key(schema: &str, key: &str) -> i64 {
    let bytes = schema.bytes().chain([b'/']).chain(key.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}
