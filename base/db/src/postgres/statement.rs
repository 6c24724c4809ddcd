//! Execution of statements on PostgreSQL.

use postgres::fallible_iterator::FallibleIterator;
use postgres::types::ToSql;

use super::errors::describe;
use super::params::Bound;
use super::session::Session;
use super::values::value_of;
use crate::row::Columns;
use crate::session::{Each, Session as Statements, Sql};
use crate::value::Ref;
use crate::{Dialect, Error, Row, Value};

impl Statements for Session {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn writes_beside_others(&self) -> bool {
        self.writes()
    }

    fn visit(&mut self, sql: Sql<'_>, params: &[Value], each: Each<'_>) -> Result<(), Error> {
        let statement = self.prepare(sql)?;
        check(params, statement.params().len())?;
        let mut rows = self
            .client
            .query_raw(&statement, params.iter().map(Bound))
            .map_err(describe)?;
        let mut enough = false;
        while let Some(row) = rows.next().map_err(describe)? {
            // Rows are read to the end even so: a later row may fail and abort the transaction.
            enough = enough || !each(&Row(&row))?;
        }
        Ok(())
    }

    fn change(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<u64, Error> {
        let statement = self.prepare(sql)?;
        check(params, statement.params().len())?;
        let bound: Vec<Bound<'_>> = params.iter().map(Bound).collect();
        let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|one| one as _).collect();
        self.client.execute(&statement, &bound).map_err(describe)
    }

    /// Uses RETURNING for the number.
    fn insert(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<i64, Error> {
        let mut seq = None;
        self.visit(sql, params, &mut |row| {
            seq = Some(row.get(0)?);
            Ok(false)
        })?;
        seq.ok_or(Error::NoRow)
    }

    /// The statements may change tables, so the prepared statements of the schema are discarded.
    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        if !sql.contains("SAVEPOINT") {
            self.changed_tables();
        }
        self.run(sql)
    }

    fn lock(&mut self, key: &str) -> Result<(), Error> {
        let key = lock_key(self.schema(), key);
        self.run(&format!("SELECT pg_advisory_xact_lock({key})"))
    }
}

impl Columns for postgres::Row {
    fn value(&self, index: usize) -> Result<Ref<'_>, Error> {
        value_of(self, index)
    }
}

/// Number of PostgreSQL's advisory lock: FNV-1a of the schema and the key. Two keys with the same number only wait for
/// each other.
fn lock_key(schema: &str, key: &str) -> i64 {
    let bytes = schema.bytes().chain([b'/']).chain(key.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}

fn check(params: &[Value], placeholders: usize) -> Result<(), Error> {
    if params.len() == placeholders {
        return Ok(());
    }
    Err(Error::engine(
        "bind values",
        format!("{} values for {placeholders} placeholders", params.len()),
    ))
}
