//! The audit log: acts on users' accounts, with actor and origin.

use db::sea_query::{Expr, ExprTrait, Func, Order, Query};
use db::{ToValue, Tx};
use kernel::Timestamp;

use crate::ids::UserId;
use crate::{Origin, Result};

db::table! {
    /// An audited act.
    pub struct Entry in audit as Entries {
        /// Its ID, ordered by time.
        pub id: String => Id,
        /// Time.
        pub time: Timestamp => Time,
        /// The user who acted, or whose account was changed.
        pub user_id: String => UserId,
        /// Event name: `user.update`, `session.create`, …
        pub event: String => Event,
        /// Resource: `user/<id>`.
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

/// Appends an entry, in the transaction of the act.
pub fn record(tx: &mut Tx<'_>, user: &str, event: &str, resource: String, mode: &str, origin: &Origin) -> Result<()> {
    let now = tx.now();
    // SQL text instead of a built query, because every act on a row writes an entry.
    tx.sql_execute(
        "INSERT INTO audit (id, time, user_id, event, resource, mode, ip, user_agent, country) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &[
            kernel::id::generate(now).to_value(),
            now.to_value(),
            user.to_value(),
            event.to_value(),
            resource.to_value(),
            mode.to_value(),
            origin.ip.to_value(),
            origin.user_agent.to_value(),
            origin.country.to_value(),
        ],
    )?;
    Ok(())
}

/// A user's entries, newest first, and their number (counted only if requested).
pub fn of_user(tx: &mut Tx<'_>, user: &UserId, limit: u64, offset: u64, total: bool) -> Result<(Vec<Entry>, i64)> {
    page_of(tx, Expr::col(Entries::UserId).eq(user.as_str()), limit, offset, total)
}

/// Audit entries of the resources of these names, newest first, and their number (counted only if requested).
pub fn of_resource(
    tx: &mut Tx<'_>,
    resources: Vec<String>,
    limit: u64,
    offset: u64,
    total: bool,
) -> Result<(Vec<Entry>, i64)> {
    page_of(tx, Expr::col(Entries::Resource).is_in(resources), limit, offset, total)
}

fn page_of(tx: &mut Tx<'_>, which: Expr, limit: u64, offset: u64, total: bool) -> Result<(Vec<Entry>, i64)> {
    let page = Entry::select()
        .and_where(which.clone())
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
        .and_where(which)
        .take();
    Ok((entries, tx.one(&count)?))
}
