//! Databases: groups of tables. The tables of all databases are in one SQL database of the project.

pub(crate) mod entry;

use db::list::Queryable;
use db::sea_query::{Expr, ExprTrait, Query};
use db::{Locked, Tx};

pub use self::entry::{Database, Databases, find, lock};
use crate::usage::{Metric, UsageScope};
use crate::{DatabaseError, DatabaseId, Error, Result, tables, usage};

/// Attributes by which databases can be queried.
pub fn queryable() -> Queryable {
    Queryable::new(Databases::Id)
        .text("name", Databases::Name)
        .integer("$sequence", Databases::Seq)
        .datetime("$createdAt", Databases::CreatedAt)
        .datetime("$updatedAt", Databases::UpdatedAt)
        .searched([Databases::Id, Databases::Name])
}

/// Creates a database.
///
/// Fails with [`DatabaseError::Exists`] if the ID is in use.
pub fn create(tx: &mut Tx<'_>, id: &DatabaseId, name: &str, enabled: bool, kind: &str) -> Result<Database> {
    let now = tx.now();
    let insert = Query::insert()
        .into_table(Databases::Table)
        .columns([
            Databases::Id,
            Databases::Name,
            Databases::Enabled,
            Databases::Type,
            Databases::CreatedAt,
            Databases::UpdatedAt,
        ])
        .values_panic([
            id.into(),
            name.into(),
            enabled.into(),
            kind.into(),
            db::value(&now).into(),
            db::value(&now).into(),
        ])
        .take();
    tx.attempt(|tx| tx.execute(&insert)).map_err(|error| {
        if error.is_unique("databases_id") {
            Error::Database(DatabaseError::Exists)
        } else {
            error.into()
        }
    })?;
    usage::count(tx, UsageScope::Project, Metric::Databases, 1)?;
    find(tx, id)
}

/// Changes the name of a database, and whether clients can find it; `None` keeps a value.
pub fn update(
    tx: &mut Tx<'_>,
    mut database: Locked<Database>,
    name: Option<String>,
    enabled: Option<bool>,
) -> Result<Database> {
    let enabled = enabled.unwrap_or(database.enabled);
    if database.enabled != enabled {
        tables::entry::outdate_all(tx, &database.id)?;
    }
    if let Some(name) = name {
        database.name = name;
    }
    database.enabled = enabled;
    database.updated_at = tx.now();
    tx.save(&mut database)?;
    Ok(database.into_inner())
}

/// Deletes a database with its tables, whose storage is freed by a job.
pub fn delete(tx: &mut Tx<'_>, database: &Database) -> Result<()> {
    tables::delete_all(tx, database)?;
    usage::forget(tx, &[UsageScope::Database(database.seq)])?;
    usage::count(tx, UsageScope::Project, Metric::Databases, -1)?;
    let delete = Query::delete()
        .from_table(Databases::Table)
        .and_where(Expr::col(Databases::Seq).eq(database.seq))
        .take();
    tx.execute(&delete)?;
    Ok(())
}
