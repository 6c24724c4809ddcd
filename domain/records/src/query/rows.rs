//! Planning and reading of the rows of queries.

use std::sync::Arc;

use db::list::{MAX_TOTAL, Plan, Shape};
use db::sea_query::{Query, SelectStatement};
use db::{Dialect, PreparedSql, Row, Tx, Value};
use kernel::query::Queries;

use super::cache::keep;
use super::{DerivedConditions, Projection, Reading, Visible};
use crate::physical::{OWN, iden};
use crate::relations::{Paths, Selection};
use crate::rows::Writer;
use crate::{Result, Table};

/// The rows of queries on a table.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    reading: Reading<'a>,
    dialect: Dialect,
    pub(crate) plan: Plan<'a>,
    pub(crate) visible: Visible<'a>,
    pub(crate) projection: Projection,
    /// Position of a stored column that is read in addition to those of the reply.
    pub(crate) beside: Option<usize>,
    /// Relationships to load.
    pub(crate) paths: Paths,
}

impl<'a> Rows<'a> {
    /// Plans a list for a caller.
    ///
    /// Fails with [`crate::AccessError::Unauthorized`] if the caller can see no row of the table, and with
    /// [`crate::Error::Query`] if the queries do not match the table.
    pub(crate) fn of(tx: &mut Tx<'_>, reading: Reading<'a>, queries: &Queries) -> Result<Self> {
        let Reading { table, access, .. } = reading;
        let visible = Visible::of(tx, table, access)?;
        let mut projection = Projection::of(table, queries)?;
        let mut paths = Paths::default();
        if let Some(names) = queries.select.as_ref().filter(|_| !projection.related.is_empty()) {
            let selection = Selection::of(tx, table, reading.vocabulary, names)?;
            projection.positions = Some(selection.short_places());
            paths = selection.paths;
        }
        let dialect = tx.dialect();
        let base = || {
            let mut base = Query::select().from(iden(&table.names.table)).take();
            visible.limit(dialect, table, &mut base);
            base
        };
        let queryable = table.cache.queryable(table);
        let plan = Plan::of(tx, base, queryable, queries, &mut DerivedConditions::new(reading))?;
        Ok(Self {
            reading,
            dialect,
            plan,
            visible,
            projection,
            beside: None,
            paths,
        })
    }

    fn table(&self) -> &'a Table {
        self.reading.table
    }

    /// Query for the visible rows: internal columns, then those of the reply.
    pub(crate) fn base(&self) -> SelectStatement {
        let mut select = Query::select();
        select.columns(OWN.map(iden)).from(iden(&self.table().names.table));
        let mut stored = self.table().stored();
        match &self.projection.positions {
            None => {
                select.columns(stored.by_ref().map(|column| iden(&column.name())));
            }
            Some(positions) => {
                let columns: Vec<_> = stored.by_ref().collect();
                select.columns(
                    positions
                        .iter()
                        .map(|position| iden(&columns[usize::from(*position)].name())),
                );
            }
        }
        if let Some(column) = self.beside.and_then(|position| self.table().stored().nth(position)) {
            select.column(iden(&column.name()));
        }
        select.columns(self.paths.columns().map(iden));
        self.visible.limit(self.dialect, self.table(), &mut select);
        select
    }

    /// Position of the first key column of relationships in a result row.
    pub(crate) fn paths_at(&self) -> usize {
        self.beside_at() + usize::from(self.beside.is_some())
    }

    /// Position of the additional column in a result row.
    pub(crate) fn beside_at(&self) -> usize {
        let shown = self
            .projection
            .positions
            .as_ref()
            .map_or(self.table().stored().len(), |positions| positions.len());
        OWN.len() + shown
    }

    /// Serializer of the rows of this list.
    pub(crate) fn writer(&self) -> WriterRef<'a> {
        match &self.projection.positions {
            None => WriterRef::Whole(self.table().writer(self.reading.vocabulary)),
            Some(positions) => WriterRef::Part(self.table().cache.writer(
                self.table(),
                self.reading.vocabulary,
                positions,
            )),
        }
    }

    /// Calls `each` for each row of the page, in the order in which they are read: see `Plan::backwards`.
    pub(crate) fn each(
        &self,
        tx: &mut Tx<'_>,
        each: impl FnMut(&Row<'_>) -> std::result::Result<(), db::Error>,
    ) -> Result<()> {
        let Some(shape) = self.shape(b'p') else {
            return Ok(tx.each(&self.plan.page(self.base()), each)?);
        };
        let mut values = Vec::with_capacity(8);
        self.visible.values(&mut values);
        self.plan.page_values(&mut values);
        let prepared = self.prepared(&shape, &values, || self.plan.page(self.base()));
        Ok(tx.prepared_each(&prepared, &values, each)?)
    }

    /// Number of rows, ignoring limit, offset and cursor, counted up to `max`.
    pub(crate) fn count(&self, tx: &mut Tx<'_>, max: i64) -> Result<i64> {
        let max = max.clamp(0, MAX_TOTAL);
        let statement = || self.plan.count(self.base(), max.unsigned_abs());
        let Some(shape) = self.shape(b'c') else {
            return Ok(tx.one(&statement())?);
        };
        let mut values = Vec::with_capacity(8);
        self.visible.values(&mut values);
        self.plan.filter_values(&mut values);
        values.push(max.unsigned_abs().into());
        let prepared = self.prepared(&shape, &values, statement);
        Ok(tx.prepared_optional(&prepared, &values)?.unwrap_or(0))
    }

    /// Key of the prepared statement for these rows.
    fn shape(&self, statement: u8) -> Option<Shape> {
        let mut shape = self.plan.shape()?;
        if self.beside.is_some() || !self.paths.is_empty() {
            return None;
        }
        shape.extend([statement, self.visible.shape()]);
        // A count reads no columns; only a page's order depends on its cursor.
        if let Some(positions) = self.projection.positions.as_ref().filter(|_| statement == b'p') {
            shape.push(b's');
            shape.extend(positions.iter().flat_map(|position| position.to_le_bytes()));
        }
        Some(shape)
    }

    fn prepared(&self, shape: &[u8], values: &[Value], make: impl FnOnce() -> SelectStatement) -> Arc<PreparedSql> {
        let dialect = self.dialect;
        self.table().cache.statement(shape, || keep(dialect, &make(), values))
    }
}

/// The cached writer of complete rows, or a writer of selected columns.
#[derive(Debug)]
pub(crate) enum WriterRef<'a> {
    Whole(&'a Writer),
    Part(Arc<Writer>),
}

impl std::ops::Deref for WriterRef<'_> {
    type Target = Writer;

    fn deref(&self) -> &Writer {
        match self {
            Self::Whole(writer) => writer,
            Self::Part(writer) => writer,
        }
    }
}
