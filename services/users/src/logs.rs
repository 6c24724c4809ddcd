//! Audit log of a user.

use api::{Call, Result};
use identity::{UserId, audit, users};
use kernel::query::Texts;
use views::LogList;

kernel::params! {
    /// Parameters of the list of logs.
    pub(crate) struct ListLogs {
        /// User ID.
        user_id: UserId = "userId",
        /// Queries: only `limit` and `offset`.
        queries: Texts = "queries",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

pub(crate) async fn list(call: Call, input: ListLogs) -> Result<LogList> {
    let queries = input.queries.read("", input.total)?;
    let (limit, offset) = queries.paging(db::list::DEFAULT_LIMIT)?;
    call.read(move |tx| {
        let user = users::find(tx, &input.user_id)?;
        let (entries, total) = audit::of_user(tx, &user.id, limit, offset, input.total)?;
        api::Result::Ok(LogList {
            total,
            logs: entries.iter().map(|entry| views::log(entry, Some(&user))).collect(),
        })
    })
    .await
}
