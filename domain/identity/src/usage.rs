//! Usage figures: numbers of users and of sign-ins, computed from the rows and the audit log.
//!
//! Deleted users are missing from past periods, too.

use db::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use db::{ToValue, Tx};
use kernel::{Range, Timestamp};

use crate::Result;
use crate::sessions::Sessions;
use crate::users::Users;

/// A total, and its value per period, by the period's beginning.
pub type Series = (i64, Vec<(Timestamp, i64)>);

/// Number of users, now and at the end of each period.
pub fn users(tx: &mut Tx<'_>, range: Range) -> Result<Series> {
    let all = Query::select()
        .expr(Func::count(Expr::col(Users::Id)))
        .from(Users::Table)
        .take();
    let total: i64 = tx.one(&all)?;
    let (mut points, mut at_end) = (Vec::new(), total);
    for period in range.periods(tx.now()).into_iter().rev() {
        points.push((period, at_end));
        at_end -= tx.one::<i64>(&made_in(period, range))?;
    }
    points.reverse();
    Ok((total, points))
}

fn made_in(period: Timestamp, range: Range) -> SelectStatement {
    Query::select()
        .expr(Func::count(Expr::col(Users::Id)))
        .from(Users::Table)
        .and_where(Expr::col(Users::CreatedAt).gte(db::value(&period)))
        .and_where(Expr::col(Users::CreatedAt).lt(db::value(&end(period, range))))
        .take()
}

/// Number of sessions now, and of sessions begun in each period.
pub fn sessions(tx: &mut Tx<'_>, range: Range) -> Result<Series> {
    let all = Query::select()
        .expr(Func::count(Expr::col(Sessions::Id)))
        .from(Sessions::Table)
        .take();
    let total: i64 = tx.one(&all)?;
    let mut points = Vec::new();
    for period in range.periods(tx.now()) {
        // SQL text with a literal event name, so that the partial index `audit_sessions` is used.
        let begun = tx.sql_one::<i64>(
            "SELECT count(*) FROM audit WHERE event = 'session.create' AND time >= ? AND time < ?",
            &[period.to_value(), end(period, range).to_value()],
        )?;
        points.push((period, begun));
    }
    Ok((total, points))
}

fn end(period: Timestamp, range: Range) -> Timestamp {
    Timestamp::from_millis(period.millis() + range.period())
}
