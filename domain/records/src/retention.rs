//! Rules that end the rows of this crate's tables, except users' tables, whose rows belong to the user.

use std::time::Duration;

use db::retention::{Age, Ends, Retention};

use crate::{transactions, transfer};

const fn owned(table: &'static str) -> Retention {
    Retention {
        table,
        ends: Ends::Bounded("deleted with the database or table that it belongs to"),
    }
}

/// Time for which an import or export is kept after its last change, with its file.
const TRANSFERS: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// One rule for each table.
pub const RETENTION: &[Retention] = &[
    owned("databases"),
    owned("tables"),
    owned("columns"),
    owned("indexes"),
    Retention {
        table: "usage",
        ends: Ends::Bounded("periods that are no longer shown are deleted when counts are stored"),
    },
    Retention {
        table: "transactions",
        ends: Ends::Aged(Age::Fixed(transactions::REMEMBERED), transactions::clear),
    },
    Retention {
        table: "staged",
        // With the transaction when it ends, and at once when it expires.
        ends: Ends::Aged(Age::Fixed(Duration::ZERO), transactions::quota::free_expired),
    },
    Retention {
        table: "transfers",
        ends: Ends::Aged(Age::Fixed(TRANSFERS), transfer::clear),
    },
    Retention {
        table: "transfer_parts",
        ends: Ends::Bounded("deleted with the import or export"),
    },
];
