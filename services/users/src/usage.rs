//! Usage of users and sessions.

use api::{Call, Result};
use identity::usage;
use kernel::Range;
use views::{Metric, metrics};

api::model! {
    /// The usage of users.
    pub(crate) struct UsageUsers as "usageUsers" {
        /// Period that is reported on.
        range: &'static str = "range",
        /// Number of users.
        users_total: i64 = "usersTotal",
        /// Number of sessions.
        sessions_total: i64 = "sessionsTotal",
        /// Users, at the end of each period.
        users: Vec<Metric> = "users",
        /// Sessions that were begun, by period.
        sessions: Vec<Metric> = "sessions",
    }
}

kernel::params! {
    /// Period to report on.
    pub(crate) struct GetUsage {
        /// Period to report on.
        range: Range = "range" | Range::Month,
    }
}

pub(crate) async fn get(call: Call, input: GetUsage) -> Result<UsageUsers> {
    let range = input.range;
    call.read(move |tx| {
        let (users_total, users) = usage::users(tx, range)?;
        let (sessions_total, sessions) = usage::sessions(tx, range)?;
        identity::Result::Ok(UsageUsers {
            range: range.as_str(),
            users_total,
            sessions_total,
            users: metrics(&users),
            sessions: metrics(&sessions),
        })
    })
    .await
}
