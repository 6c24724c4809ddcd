//! The schemas of databases: create, list, migrate, drop.

use std::sync::Arc;
use std::time::Duration;

use super::errors::describe;
use super::session::Session;
use super::url::Address;
use crate::session::Session as _;
use crate::shared::Shared;
use crate::{Error, Schema, Tx, internal, names};

/// Creates a database, or migrates an existing one, atomically.
pub(crate) fn create(address: &Address, name: &str, shared: &Arc<Shared>) -> Result<(), Error> {
    migrate(&mut Session::new(address.connect()?), address, name, shared, true)
}

/// Drops a database with its content; succeeds if it does not exist.
pub(crate) fn remove(address: &Address, name: &str) -> Result<(), Error> {
    let schema = address.schema(name);
    Session::new(address.connect()?).run(&format!("DROP SCHEMA IF EXISTS \"{schema}\" CASCADE"))
}

/// The databases, sorted.
pub(crate) fn names(address: &Address) -> Result<Vec<String>, Error> {
    list(&mut Session::new(address.connect()?), address)
}

/// Migrates every database.
pub(crate) fn migrate_all(address: &Address, shared: &Arc<Shared>) -> Result<(), Error> {
    let mut session = Session::new(address.connect()?);
    for name in list(&mut session, address)? {
        migrate(&mut session, address, &name, shared, false)?;
    }
    Ok(())
}

fn list(session: &mut Session, address: &Address) -> Result<Vec<String>, Error> {
    let query = "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE left(nspname::text, length($1)) = $1";
    let rows = session.client.query(query, &[&address.prefix()]).map_err(describe)?;
    let mut found: Vec<String> = rows
        .iter()
        .filter_map(|row| row.try_get::<_, String>(0).ok())
        .filter_map(|schema| schema.strip_prefix(address.prefix()).map(str::to_owned))
        .filter(|name| names::check(name).is_ok())
        .collect();
    found.sort();
    Ok(found)
}

/// Maximum wait for another process that migrates the same database.
const MIGRATION_WAIT: Duration = Duration::from_secs(600);

/// One transaction per database, under a lock, so that processes that start at the same time do not migrate it
/// concurrently.
fn migrate(
    session: &mut Session,
    address: &Address,
    name: &str,
    shared: &Arc<Shared>,
    make: bool,
) -> Result<(), Error> {
    let schema = address.schema(name);
    session.begin_write(&schema, MIGRATION_WAIT, None)?;
    let done = apply(session, &schema, name, shared, make).and_then(|()| session.run("COMMIT"));
    if done.is_err() {
        let _ = session.run("ROLLBACK");
    }
    done
}

fn apply(session: &mut Session, schema: &str, name: &str, shared: &Arc<Shared>, make: bool) -> Result<(), Error> {
    session.lock("migrate")?;
    if make && !session.has_schema(schema)? {
        session.run(&format!("CREATE SCHEMA \"{schema}\""))?;
    }
    let owner = Arc::from(name);
    let mut start = Tx::new(session, &shared.options, shared.clock.now(), &owner);
    start.batch(internal::APPLIED)?;
    let applied: Vec<String> = start.sql_all("SELECT name FROM _migrations", &[])?;
    for migration in shared.migrations.pending(name, &applied)? {
        let mut step = Schema::new(Tx::new(session, &shared.options, shared.clock.now(), &owner));
        (migration.up)(&mut step)?;
        step.tx()
            .sql_execute("INSERT INTO _migrations (name) VALUES (?)", &[migration.name.into()])?;
    }
    Ok(())
}
