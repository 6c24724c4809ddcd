//! Audit log of a team.

use std::collections::HashMap;

use api::{Call, Result};
use identity::users::{self, User};
use identity::{TeamId, UserId, audit};
use kernel::query::Texts;
use views::LogList;

use crate::access::TeamCaller;

kernel::params! {
    /// Parameters of the list of logs.
    pub(crate) struct ListLogs {
        /// Team ID.
        team_id: TeamId = "teamId",
        /// Queries: only `limit` and `offset`.
        queries: Texts = "queries",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

/// Lists a team's log entries, newest first. Only for owners and servers, since entries contain
/// members' addresses.
pub(crate) async fn list(call: Call, input: ListLogs) -> Result<LogList> {
    let who = TeamCaller::calls(&call)?;
    let queries = input.queries.read("", input.total)?;
    let (limit, offset) = queries.paging(db::list::DEFAULT_LIMIT)?;
    call.read(move |tx| {
        let team = who.manage(tx, &input.team_id)?;
        let resource = vec![format!("team/{}", team.id)];
        let (entries, total) = audit::of_resource(tx, resource, limit, offset, input.total)?;
        let ids = entries.iter().filter_map(|entry| UserId::parse(entry.user_id.as_str()));
        let actors = users::find_all(tx, ids)?;
        let actors: HashMap<&str, &User> = actors.iter().map(|user| (user.id.as_str(), user)).collect();
        let view = entries
            .iter()
            .map(|entry| views::log(entry, actors.get(entry.user_id.as_str()).copied()));
        api::Result::Ok(LogList {
            total,
            logs: view.collect(),
        })
    })
    .await
}
