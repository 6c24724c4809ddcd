//! The audit log: who did what to their account, from where.

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Func, Order, Query};
use kernel::Timestamp;

use crate::ids::UserId;
use crate::{Origin, Result};

db::table! {
    /// One act.
    pub struct Entry in audit as Entries {
        /// Its id, ordered by time.
        pub id: String => Id,
        /// When it was done.
        pub time: Timestamp => Time,
        /// Who did it, or whom it was done to.
        pub user_id: String => UserId,
        /// What was done: `user.update`, `session.create`, …
        pub event: String => Event,
        /// What it was done to: `user/<id>`.
        pub resource: String => Resource,
        /// `default` or `admin`.
        pub mode: String => Mode,
        /// The client's address.
        pub ip: String => Ip,
        /// The client's `User-Agent`.
        pub user_agent: String => UserAgent,
        /// The client's country.
        pub country: String => Country,
    }
}

/// Writes an act down, in its own transaction.
pub fn record(tx: &mut Tx<'_>, user: &str, event: &str, resource: String, mode: &str, origin: &Origin) -> Result<()> {
    let now = tx.now();
    let entry = Entry {
        id: kernel::id::generate(now),
        time: now,
        user_id: user.to_owned(),
        event: event.to_owned(),
        resource,
        mode: mode.to_owned(),
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
        country: origin.country.clone(),
    };
    tx.execute(&entry.insert())?;
    Ok(())
}

/// A user's acts, the newest first, and how many there are (counted only when asked).
pub fn of_user(tx: &mut Tx<'_>, user: &UserId, limit: u64, offset: u64, total: bool) -> Result<(Vec<Entry>, i64)> {
    let by_user = Expr::col(Entries::UserId).eq(user.as_str());
    let page = Entry::select()
        .and_where(by_user.clone())
        .order_by(Entries::Id, Order::Desc)
        .limit(limit)
        .offset(offset)
        .take();
    let entries = tx.all(&page)?;
    if !total {
        return Ok((entries, 0));
    }
    let count = Query::select()
        .expr(Func::count(Expr::col(Entries::Id)))
        .from(Entries::Table)
        .and_where(by_user)
        .take();
    Ok((entries, tx.one(&count)?))
}
