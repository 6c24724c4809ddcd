//! Rules that end the rows of this crate's tables.

use db::retention::{Ends, Retention};

const fn owned(table: &'static str) -> Retention {
    Retention {
        table,
        ends: Ends::Bounded("deleted with its project, or by its owner"),
    }
}

/// One rule for each table.
pub const RETENTION: &[Retention] = &[
    owned("projects"),
    owned("platforms"),
    owned("keys"),
    owned("dev_keys"),
    owned("oauth_providers"),
    owned("templates"),
    Retention {
        table: "project_removals",
        ends: Ends::Bounded("deleted at the end of the removal"),
    },
];
