//! A project's row, and the invalidation of cached projects.

use db::sea_query::{Expr, ExprTrait, SelectStatement};
use db::{Json, Tx};
use identity::TeamId;
use kernel::Timestamp;

use crate::Result;
use crate::error::Error;
use crate::ids::ProjectId;
use crate::settings::Settings;

/// The ID of the console, and the name of its database.
pub const CONSOLE: &str = "console";

/// The topic of [`touch`].
pub const TOPIC: &str = "project";

db::table! {
    /// The stored row of a project.
    pub struct Record in projects as Projects {
        /// Its ID, and the name of its database.
        pub id: ProjectId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// Its name.
        pub name: String => Name,
        /// Purpose.
        pub description: String => Description,
        /// The organization that owns it: a team of the console.
        pub team_id: TeamId => TeamId,
        /// A file ID.
        pub logo: String => Logo,
        /// Its web site.
        pub url: String => Url,
        /// The company's name.
        pub legal_name: String => LegalName,
        /// The company's country.
        pub legal_country: String => LegalCountry,
        /// The company's state.
        pub legal_state: String => LegalState,
        /// The company's city.
        pub legal_city: String => LegalCity,
        /// The company's address.
        pub legal_address: String => LegalAddress,
        /// The company's tax ID.
        pub legal_tax_id: String => LegalTaxId,
        /// Labels given by its owners.
        pub labels: Json<Vec<String>> => Labels,
        /// Settings: policy, switches, SMTP.
        pub settings: Json<Settings> => Settings,
        /// Number of pings.
        pub ping_count: i64 => PingCount,
        /// Time of the last ping.
        pub pinged_at: Option<Timestamp> => PingedAt,
    }
}

/// Finds a project's row.
pub fn find(tx: &mut Tx<'_>, id: &ProjectId) -> Result<Record> {
    tx.optional(&by_id(id))?.ok_or(Error::ProjectNotFound)
}

pub(crate) fn by_id(id: &ProjectId) -> SelectStatement {
    Record::select()
        .and_where(Expr::col(Projects::Id).eq(id.as_str()))
        .take()
}

/// Lock key of acts on one project's row.
pub(crate) fn lock_of(id: &ProjectId) -> String {
    format!("project {id}")
}

/// Notes that a cached project is stale; caches are invalidated after commit.
pub fn touch(tx: &mut Tx<'_>, id: &ProjectId) {
    tx.note(TOPIC, id.as_str());
}
