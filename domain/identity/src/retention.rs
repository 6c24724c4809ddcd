//! Rules that end the rows of this crate's tables.

use std::time::Duration;

use db::retention::{Age, Ends, Retention, STEP, Search, delete_before};
use db::sea_query::{Expr, ExprTrait};
use db::{Error as DbError, Tx};
use kernel::Timestamp;

use crate::attempts::TRACE_LIFE;
use crate::sessions::{self, Session, Sessions};
use crate::{Error, SessionError};

/// Time after which an expired row is deleted: a late call still learns that it expired.
const EXPIRED: Age = Age::Fixed(Duration::from_secs(24 * 60 * 60));

const fn owned(table: &'static str) -> Retention {
    Retention {
        table,
        ends: Ends::Bounded("deleted with the user or team that it belongs to"),
    }
}

/// One rule for each table.
pub const RETENTION: &[Retention] = &[
    owned("users"),
    owned("targets"),
    owned("identities"),
    owned("teams"),
    owned("memberships"),
    owned("authenticators"),
    owned("recovery_codes"),
    Retention {
        table: "tombstones",
        ends: Ends::Bounded(
            "one for each ID of a deleted user or team: permissions may name it for as long as they are stored",
        ),
    },
    Retention {
        table: "sessions",
        ends: Ends::Aged(EXPIRED, expired_sessions),
    },
    Retention {
        table: "tokens",
        ends: Ends::Aged(EXPIRED, |tx, before| {
            delete_before(tx, "tokens", ("id", "expire", Search::Time), before)
        }),
    },
    Retention {
        table: "challenges",
        ends: Ends::Aged(EXPIRED, |tx, before| {
            delete_before(tx, "challenges", ("id", "expire", Search::Time), before)
        }),
    },
    Retention {
        table: "oauth_attempts",
        ends: Ends::Aged(EXPIRED, |tx, before| {
            delete_before(tx, "oauth_attempts", ("id", "expire", Search::Time), before)
        }),
    },
    Retention {
        table: "oauth_traces",
        ends: Ends::Aged(Age::Fixed(TRACE_LIFE), |tx, before| {
            delete_before(tx, "oauth_traces", ("id", "created_at", Search::Time), before)
        }),
    },
    Retention {
        table: "audit",
        ends: Ends::Aged(Age::Audit, |tx, before| {
            delete_before(tx, "audit", ("id", "time", Search::Key), before)
        }),
    },
];

/// Deletes expired sessions, with the devices that belong to them.
fn expired_sessions(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    let expired = Session::select()
        .and_where(Expr::col(Sessions::Expire).lt(db::value(&before)))
        .limit(STEP)
        .take();
    let expired: Vec<Session> = tx.all(&expired)?;
    for session in &expired {
        match sessions::remove(tx, session) {
            // Deleted by its user meanwhile.
            Ok(()) | Err(Error::Session(SessionError::NotFound)) => {}
            Err(Error::Db(error)) => return Err(error),
            Err(_) => return Err(DbError::NoRow),
        }
    }
    Ok(expired.len() as u64)
}
