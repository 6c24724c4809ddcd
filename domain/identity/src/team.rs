//! A team's row.

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Tx};
use kernel::Timestamp;
use serde_json::{Map, Value};

use crate::Result;
use crate::error::TeamError;
use crate::ids::TeamId;

/// The role whose members may manage a team.
pub const OWNER: &str = "owner";

db::table! {
    /// A group of users.
    pub struct Team in teams as Teams {
        /// Its ID.
        pub id: TeamId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// Its name.
        pub name: String => Name,
        /// Number of confirmed members.
        pub total: i64 => Total,
        /// Preferences: any JSON object.
        pub prefs: Json<Map<String, Value>> => Prefs,
    }
}

/// Finds a team.
pub fn find(tx: &mut Tx<'_>, id: &TeamId) -> Result<Team> {
    let query = Team::select().and_where(Expr::col(Teams::Id).eq(id.as_str())).take();
    tx.optional(&query)?.ok_or(TeamError::NotFound.into())
}

/// Adds to a team's number of members. The update is relative, so that concurrent changes are all counted.
pub(crate) fn add_to_total(tx: &mut Tx<'_>, id: &TeamId, by: i64) -> Result<()> {
    let update = Query::update()
        .table(Teams::Table)
        .value(Teams::Total, Expr::col(Teams::Total).add(by))
        .and_where(Expr::col(Teams::Id).eq(id.as_str()))
        .take();
    tx.execute(&update)?;
    Ok(())
}
