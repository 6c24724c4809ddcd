//! Removals: databases of projects that are gone, until they are gone too.
//!
//! A row of the console cannot be deleted in one act with another database. So the act that deletes a project's row writes
//! down that its database is to be removed; that is done at once, or after a crash at the next start. As long as it is
//! written down, no new project can have the id, so that a late removal never meets a new project's data.

use db::sea_query::{Expr, ExprTrait, OnConflict, Query};
use db::{Database, Engine, Tx};
use kernel::Timestamp;

use crate::error::Error;
use crate::ids::ProjectId;
use crate::{Result, record};

/// The topic under which an act says that everything remembered of a project's people is stale.
pub const TOPIC: &str = "project.removal";

db::table! {
    /// A database that is to be removed.
    pub struct Removal in project_removals as Removals {
        /// The project that it belonged to.
        pub id: ProjectId => Id,
        /// Start time.
        pub created_at: Timestamp => CreatedAt,
    }
}

/// Writes down that a project's database is to be removed.
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

/// Whether a project's database is still to be removed.
pub(crate) fn is_pending(tx: &mut Tx<'_>, id: &ProjectId) -> Result<bool> {
    let by_id = Expr::col(Removals::Id).eq(id.as_str());
    let removal: Option<Removal> = tx.optional(&Removal::select().and_where(by_id).take())?;
    Ok(removal.is_some())
}

/// Gives up a database that was made for a project whose row could not be written. Leaves it alone where the row is there
/// all the same, because somebody else was faster.
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

/// Removes the database of a project whose removal is written down; does nothing where it is not.
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

/// Finishes what a crash left undone. Call it at the start; answers how many databases were removed.
pub async fn finish_all(engine: &Engine, console: &Database) -> Result<usize> {
    let pending: Vec<Removal> = console.read(|tx| Ok::<_, Error>(tx.all(&Removal::select())?)).await?;
    for removal in &pending {
        finish(engine, console, &removal.id).await?;
    }
    Ok(pending.len())
}
