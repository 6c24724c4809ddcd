//! The account's audit log.

use api::{Call, Refusal, Result};
use identity::audit;
use kernel::query::Texts;

use crate::State;

/// Default number of entries per page.
const PAGE: u64 = 25;
/// Maximum number of entries per page.
const MAX_ENTRIES: u64 = 5000;

kernel::params! {
    /// Parameters of the list of logs.
    pub(crate) struct ListLogs {
        /// Queries: only `limit` and `offset`.
        queries: Texts = "queries",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

/// Lists the caller's log entries, newest first.
pub(crate) async fn list(call: Call<State>, input: ListLogs) -> Result<views::LogList> {
    let queries = input.queries.read("", input.total).map_err(db::Error::from)?;
    if !queries.filters.is_empty() || !queries.orders.is_empty() || queries.cursor.is_some() || queries.select.is_some()
    {
        return Err(Refusal::Argument("Invalid `queries` param: only limit and offset are taken here".into()).into());
    }
    let limit = queries.limit.unwrap_or(PAGE).min(MAX_ENTRIES);
    let offset = queries.offset.unwrap_or(0);
    let person = call.person()?;
    let user = person.user.id.clone();
    let (entries, total) = call
        .read(move |tx| audit::of_user(tx, &user, limit, offset, input.total))
        .await?;
    Ok(views::LogList {
        total,
        logs: entries
            .iter()
            .map(|entry| views::log(entry, Some(&person.user)))
            .collect(),
    })
}
