//! How many users there are, and how often they sign in: told from the rows and the audit log, and counted nowhere else.
//!
//! Who was deleted is missing from the past, too.

use db::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use db::{ToValue, Tx};
use kernel::{Range, Timestamp};

use crate::Result;
use crate::sessions::Sessions;
use crate::users::Users;

/// A figure, and how it was in each period, by its beginning.
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

/// Number of sessions, and of those begun in each period.
pub fn sessions(tx: &mut Tx<'_>, range: Range) -> Result<Series> {
    let all = Query::select()
        .expr(Func::count(Expr::col(Sessions::Id)))
        .from(Sessions::Table)
        .take();
    let total: i64 = tx.one(&all)?;
    let mut points = Vec::new();
    for period in range.periods(tx.now()) {
        // In fixed words, as the index is one of these entries alone.
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
