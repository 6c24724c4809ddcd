//! Usage statistics of users and sessions.

use api::{Call, Result};
use identity::usage;
use kernel::Range;
use views::{Metric, metrics};

api::model! {
    /// Usage statistics of users and sessions.
    pub(crate) struct UsageUsers as "usageUsers" {
        /// Reported period.
        range: &'static str = "range",
        /// Number of users.
        users_total: i64 = "usersTotal",
        /// Number of sessions.
        sessions_total: i64 = "sessionsTotal",
        /// Number of users at the end of each interval.
        users: Vec<Metric> = "users",
        /// Number of sessions created in each interval.
        sessions: Vec<Metric> = "sessions",
    }
}

kernel::params! {
    /// Parameters of the usage report.
    pub(crate) struct GetUsage {
        /// Reported period.
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
