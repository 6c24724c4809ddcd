//! Bulk changes and deletions of the rows that match queries, in batches of bounded memory.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use db::Tx;
use db::list::Plan;
use db::sea_query::{Expr, ExprTrait, LockType, Order, Query, SelectStatement};
use kernel::Timestamp;
use kernel::query::Queries;

use super::update::amend;
use super::{Change, Record, RowObserver, Step, What, bulk, hooks, store};
use crate::physical::{self, iden};
use crate::query::{DerivedConditions, Reading};
use crate::{Access, Catalog, Error, Result, RowError, Table, Vocabulary};

/// Number of rows per batch.
const STEP: u64 = 200;

/// Maximum number of rows that one bulk update or deletion changes: it is one transaction, for which other writers of
/// the project wait.
pub const MAX_WALKED: usize = 5000;

/// State of a bulk update or deletion. It contains none of the processed rows.
#[derive(Debug, Clone)]
pub struct Walk {
    /// Number of matching rows at the start.
    total: usize,
    /// Number of processed rows.
    done: usize,
    queries: Queries,
    step: Arc<Step>,
    read_at: Option<Timestamp>,
    /// Row numbers that are exempt from the check of `read_at`.
    exempt: Arc<HashSet<i64>>,
    position: Position,
}

/// Position of a walk.
#[derive(Debug, Clone)]
enum Position {
    /// All rows with a higher number that match the filters. A row is visited at most once, even if the change affects
    /// whether it matches.
    After(i64),
    /// The given rows: those of a page, which was read at the start.
    Rows(VecDeque<i64>),
}

impl Walk {
    /// Starts a bulk update or deletion. If `read_at` is given, no row must have been changed later.
    ///
    /// Fails with [`Error::BadRequest`] for a table with relationships and for more than [`MAX_WALKED`] rows, and with
    /// [`Error::Query`] if the queries do not match the table.
    pub fn begin(
        tx: &mut Tx<'_>,
        catalog: &Catalog,
        table: &Table,
        step: Arc<Step>,
        read_at: Option<Timestamp>,
    ) -> Result<Self> {
        bulk::refuse_related(table)?;
        let queries = match &*step {
            Step::BulkUpdate { data, permissions, .. } if data.is_empty() && permissions.is_none() => {
                return Err(RowError::MissingPayload.into());
            }
            Step::BulkUpdate { queries, .. } | Step::BulkDelete { queries } => Queries::parse(queries)?,
            _ => {
                return Err(Error::BadRequest(
                    "This is no operation on <rows> that queries find".to_owned(),
                ));
            }
        };
        let (position, total) = if queries.limit.is_some() || queries.offset.is_some() || queries.cursor.is_some() {
            let rows = page(tx, catalog, table, &queries)?;
            let total = rows.len();
            (Position::Rows(rows), total)
        } else {
            let numbers = numbers(table);
            let count = with_plan(tx, catalog, table, &queries, |plan| {
                plan.count(numbers, MAX_WALKED as u64 + 1)
            })?;
            (
                Position::After(0),
                usize::try_from(tx.one::<i64>(&count)?).unwrap_or_default(),
            )
        };
        if total > MAX_WALKED {
            return Err(too_many());
        }
        Ok(Self {
            total,
            done: 0,
            queries,
            step,
            read_at,
            exempt: Arc::default(),
            position,
        })
    }

    /// Exempts rows, by number, from the check of `read_at`: those that the caller changed itself.
    #[must_use]
    pub(crate) fn exempting(mut self, exempt: Arc<HashSet<i64>>) -> Self {
        self.exempt = exempt;
        self
    }

    /// Processes the next batch; returns whether there may be more.
    pub fn next_batch(
        &mut self,
        tx: &mut Tx<'_>,
        catalog: &Catalog,
        table: &Table,
        observer: RowObserver<'_>,
    ) -> Result<bool> {
        let mut select = table.statements.all();
        let more = match &mut self.position {
            Position::After(seq) => {
                select = filtered(tx, catalog, table, &self.queries, select)?;
                select.and_where(Expr::col(iden(physical::SEQ)).gt(*seq));
                select.limit(STEP);
                true
            }
            Position::Rows(rows) => {
                let next: Vec<i64> = rows.drain(..rows.len().min(STEP as usize)).collect();
                select.and_where(Expr::col(iden(physical::SEQ)).is_in(next));
                !rows.is_empty()
            }
        };
        select.order_by(iden(physical::SEQ), Order::Asc).lock(LockType::Update);
        let mut found = Vec::new();
        tx.each(&select, |row| {
            found.push(Record::read(table, row)?);
            Ok(())
        })?;
        let full = found.len() as u64 == STEP;
        if let (Position::After(seq), Some(last)) = (&mut self.position, found.last()) {
            *seq = last.seq;
        }
        for record in found {
            // On PostgreSQL rows can be added after the count.
            if self.done >= MAX_WALKED {
                return Err(too_many());
            }
            let id = record.id.clone();
            self.do_one(tx, table, record, observer)
                .map_err(|error| error.at_row(self.done, self.total.max(self.done + 1), &id))?;
            self.done += 1;
        }
        Ok(more && (full || matches!(self.position, Position::Rows(_))))
    }

    fn do_one(&self, tx: &mut Tx<'_>, table: &Table, record: Record, observer: RowObserver<'_>) -> Result<()> {
        let read_at = self.read_at.filter(|_| !self.exempt.contains(&record.seq));
        match &*self.step {
            Step::BulkUpdate { data, permissions, .. } => {
                let change = Change {
                    data,
                    permissions: permissions.as_ref(),
                    read_at,
                };
                let record = amend(tx, table, &Access::Server, record, (&change, false))?;
                observer(tx, table, What::Update, &record)
            }
            _ => {
                if read_at.is_some_and(|read_at| record.updated_at > read_at) {
                    return Err(RowError::UpdateConflict.into());
                }
                hooks::before_delete(tx, table, &Access::Server, &record)?;
                store::remove(tx, table, &record)?;
                observer(tx, table, What::Delete, &record)
            }
        }
    }
}

fn too_many() -> Error {
    Error::BadRequest(format!(
        "The queries match more than {MAX_WALKED} <rows>; one request changes all of them or none, and {MAX_WALKED} at most. \
         Nothing was changed: add a limit of up to {MAX_WALKED}, and repeat the request for the remaining <rows>"
    ))
}

/// Restricts a query to the rows that match the filters.
fn filtered(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    table: &Table,
    queries: &Queries,
    rows: SelectStatement,
) -> Result<SelectStatement> {
    with_plan(tx, catalog, table, queries, |plan| plan.filtered(rows))
}

/// The numbers of the rows on the page of queries; without a limit, of all matching rows after offset and cursor.
fn page(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table, queries: &Queries) -> Result<VecDeque<i64>> {
    let numbers = numbers(table);
    let limit = Ord::min(queries.limit.unwrap_or(u64::MAX), MAX_WALKED as u64 + 1);
    let queries = &Queries {
        limit: Some(limit),
        ..queries.clone()
    };
    let page = with_plan(tx, catalog, table, queries, |plan| plan.page(numbers))?;
    Ok(tx.all::<i64>(&page)?.into())
}

fn numbers(table: &Table) -> SelectStatement {
    Query::select()
        .column(iden(physical::SEQ))
        .from(iden(&table.names.table))
        .take()
}

fn with_plan<T>(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    table: &Table,
    queries: &Queries,
    make: impl FnOnce(&Plan<'_>) -> T,
) -> Result<T> {
    let reading = Reading {
        catalog,
        table,
        access: &Access::Server,
        vocabulary: Vocabulary::Tables,
    };
    let queryable = table.cache.queryable(table);
    let plan = Plan::of(
        tx,
        || numbers(table),
        queryable,
        queries,
        &mut DerivedConditions::new(reading),
    )?;
    Ok(make(&plan))
}
