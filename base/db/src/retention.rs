//! Rules that end the rows of tables which grow by themselves, without anyone who would delete them.
//!
//! Each table of ours has a rule, declared by its crate: a reason why it does not grow, or an age and a step that deletes
//! some older rows. The server runs the steps as separate acts, so that other writes run between them.

use std::time::Duration;

use kernel::Timestamp;
use sea_query::{Alias, Expr, ExprTrait, Order, Query};

use crate::{Error, Tx};

/// Rule of one table.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// The table.
    pub table: &'static str,
    /// How its rows end.
    pub ends: Ends,
}

/// How the rows of a table end.
#[derive(Debug, Clone, Copy)]
pub enum Ends {
    /// The table does not grow by itself, for this reason.
    Bounded(&'static str),
    /// Rows that are older than an age are deleted.
    Aged(Age, Step),
}

/// Maximum age of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Always the same.
    Fixed(Duration),
    /// The setting of the audit log.
    Audit,
}

/// Deletes at most [`STEP`] rows that are older than an instant; returns their number.
pub type Step = fn(&mut Tx<'_>, Timestamp) -> Result<u64, Error>;

/// Maximum number of rows that a step deletes.
pub const STEP: u64 = 500;

/// The order in which a step looks for rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// By the column of the time.
    Time,
    /// By the key, which ascends with the time: no index on the time is needed.
    Key,
}

/// A step of a table with a key of one column and a column with a time.
pub fn delete_before(
    tx: &mut Tx<'_>,
    table: &'static str,
    (key, time, search): (&'static str, &'static str, Search),
    before: Timestamp,
) -> Result<u64, Error> {
    let name = Alias::new;
    let is_old = Expr::col(name(time)).lt(crate::value(&before));
    let mut old = Query::select();
    match search {
        Search::Time => old.column(name(key)).from(name(table)).and_where(is_old).limit(STEP),
        Search::Key => {
            let mut oldest = Query::select();
            oldest
                .columns([name(key), name(time)])
                .from(name(table))
                .order_by(name(key), Order::Asc)
                .limit(STEP);
            old.column(name(key))
                .from_subquery(oldest, name("oldest"))
                .and_where(is_old)
        }
    };
    let delete = Query::delete()
        .from_table(name(table))
        .and_where(Expr::col(name(key)).in_subquery(old))
        .take();
    tx.execute(&delete)
}

/// Time for which dead jobs are kept.
const DEAD_JOBS: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Rules of the engine's own tables.
pub const OWN: &[Retention] = &[
    Retention {
        table: "_migrations",
        ends: Ends::Bounded("one row for each migration"),
    },
    Retention {
        table: "_log",
        ends: Ends::Bounded("trimmed by age and size: see db::log::trim"),
    },
    Retention {
        table: "_log_positions",
        ends: Ends::Bounded("one row for each consumer; idle ones are deleted by db::log::trim"),
    },
    Retention {
        table: "_schedules",
        ends: Ends::Bounded("one row for each schedule"),
    },
    Retention {
        table: "_jobs",
        ends: Ends::Aged(Age::Fixed(DEAD_JOBS), |tx, before| {
            // A job that is done is deleted at once.
            tx.sql_execute(
                "DELETE FROM _jobs WHERE seq IN \
                 (SELECT seq FROM _jobs WHERE state = 'dead' AND created < ? ORDER BY seq LIMIT 500)",
                &[crate::value(&before)],
            )
        }),
    },
];
