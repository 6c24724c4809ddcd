//! Removals of the databases of deleted projects.
//!
//! Deleting a row of the console and another database cannot be one transaction. So the act that deletes a project's
//! row also stores a removal, and the database is removed afterwards, or after a crash at the next start. While the
//! removal is stored, no new project can have the same ID, so a late removal cannot delete a new project's data.

use db::sea_query::{Expr, ExprTrait, OnConflict, Query};
use db::{Database, Engine, Tx};
use kernel::Timestamp;

use crate::error::Error;
use crate::ids::ProjectId;
use crate::{Result, record};

/// Topic of the note that all cached users of a project are stale.
pub const TOPIC: &str = "project.removal";

db::table! {
    /// A database that has to be removed.
    pub struct Removal in project_removals as Removals {
        /// ID of the deleted project.
        pub id: ProjectId => Id,
        /// Start time.
        pub created_at: Timestamp => CreatedAt,
    }
}

/// Stores the removal of a project's database.
pub(crate) fn begin(tx: &mut Tx<'_>, id: &ProjectId) -> Result<()> {
    let removal = Removal {
        id: id.clone(),
        created_at: tx.now(),
    };
    let unless_there = OnConflict::column(Removals::Id).do_nothing().to_owned();
    tx.execute(&removal.insert().on_conflict(unless_there).take())?;
    tx.note(TOPIC, id.as_str());
    Ok(())
}

/// Whether a project's database has still to be removed.
pub(crate) fn is_pending(tx: &mut Tx<'_>, id: &ProjectId) -> Result<bool> {
    let by_id = Expr::col(Removals::Id).eq(id.as_str());
    let removal: Option<Removal> = tx.optional(&Removal::select().and_where(by_id).take())?;
    Ok(removal.is_some())
}

/// Removes a database that was created for a project whose row could not be inserted. Does nothing if the row exists,
/// because a concurrent call inserted it.
pub async fn discard(engine: &Engine, console: &Database, id: &ProjectId) -> Result<()> {
    let wanted = id.clone();
    let begun = console
        .write(move |tx| {
            tx.lock(&record::lock_of(&wanted))?;
            match record::find(tx, &wanted) {
                Err(Error::ProjectNotFound) => begin(tx, &wanted).map(|()| true),
                found => found.map(|_| false),
            }
        })
        .await?;
    if begun {
        finish(engine, console, id).await
    } else {
        Ok(())
    }
}

/// Removes the database of a project if its removal is stored.
pub async fn finish(engine: &Engine, console: &Database, id: &ProjectId) -> Result<()> {
    let wanted = id.clone();
    if !console.read(move |tx| is_pending(tx, &wanted)).await? {
        return Ok(());
    }
    engine.remove(id.as_str()).await?;
    let done = Query::delete()
        .from_table(Removals::Table)
        .and_where(Expr::col(Removals::Id).eq(id.as_str()))
        .take();
    console
        .write(move |tx| {
            tx.execute(&done)?;
            Ok(())
        })
        .await
}

/// Finishes removals after a crash; to be called at the start. Returns the number of removed databases.
pub async fn finish_all(engine: &Engine, console: &Database) -> Result<usize> {
    let pending: Vec<Removal> = console.read(|tx| Ok::<_, Error>(tx.all(&Removal::select())?)).await?;
    for removal in &pending {
        finish(engine, console, &removal.id).await?;
    }
    Ok(pending.len())
}
