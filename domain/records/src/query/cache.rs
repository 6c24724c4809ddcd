//! Query schema of a table and its prepared statements: built once per table version.

use std::sync::{Arc, OnceLock};

use db::list::{Queryable, Sort};
use db::sea_query::{Expr, ExprTrait, Query};
use db::{Dialect, PreparedSql};
use kernel::query::{Filter, Queries};
use quick_cache::sync::Cache;

use super::densities::Densities;
use crate::columns::{Column, Stored};
use crate::physical::{self, OWN, iden};
use crate::rows::Writer;
use crate::{Schema, Vocabulary};

/// Maximum number of prepared statements per table: one for each form of query, such as 16 indexes with a few orders
/// each.
const STATEMENTS: usize = 64;
/// Maximum number of cached writers per table: one for each selection of columns.
const WRITERS: usize = 16;

/// Cached query schema and statements of a table.
#[derive(Debug)]
pub(crate) struct TableCache {
    queryable: OnceLock<Queryable>,
    statements: Cache<Box<[u8]>, Arc<PreparedSql>>,
    writers: Cache<(Vocabulary, Box<[u16]>), Arc<Writer>>,
    /// Attribute names of queries whose count was large.
    many: Cache<Box<str>, ()>,
    pub(super) densities: Densities,
}

impl Default for TableCache {
    fn default() -> Self {
        Self {
            queryable: OnceLock::new(),
            statements: Cache::new(STATEMENTS),
            writers: Cache::new(WRITERS),
            many: Cache::new(WRITERS),
            densities: Densities::default(),
        }
    }
}

impl TableCache {
    /// The attributes that queries of a table can use.
    pub(crate) fn queryable(&self, table: &Schema) -> &Queryable {
        self.queryable.get_or_init(|| {
            let own = Queryable::numbered(iden(physical::ID), iden(physical::SEQ))
                .datetime("$createdAt", iden(physical::CREATED_AT))
                .datetime("$updatedAt", iden(physical::UPDATED_AT));
            table.stored().fold(own, with)
        })
    }

    /// Notes that the count of a list was large.
    pub(crate) fn note_many(&self, queries: &Queries) {
        self.many.insert(filtered_by(queries).into(), ());
    }

    /// Whether the count of an earlier list with filters on the same attributes was large.
    pub(super) fn had_many(&self, queries: &Queries) -> bool {
        // For most tables nothing was noted.
        !self.many.is_empty() && self.many.get(filtered_by(queries).as_str()).is_some()
    }

    /// The statement with this key, built at first use.
    pub(super) fn statement(&self, shape: &[u8], build: impl FnOnce() -> PreparedSql) -> Arc<PreparedSql> {
        if let Some(known) = self.statements.get(shape) {
            return known;
        }
        let prepared = Arc::new(build());
        self.statements.insert(shape.into(), Arc::clone(&prepared));
        prepared
    }

    /// Statement that reads stored columns, by their positions, of the row with an ID.
    pub(crate) fn get(&self, table: &Schema, dialect: Dialect, positions: &[u16]) -> Arc<PreparedSql> {
        let shape: Vec<u8> = positions
            .iter()
            .flat_map(|position| position.to_le_bytes())
            .chain(*b"g")
            .collect();
        self.statement(&shape, || {
            let columns: Vec<&Column> = table.stored().collect();
            let columns = positions
                .iter()
                .map(|position| iden(&columns[usize::from(*position)].name()));
            let select = Query::select()
                .columns(OWN.map(iden).into_iter().chain(columns))
                .from(iden(&table.names.table))
                .and_where(Expr::col(iden(physical::ID)).eq(""))
                .take();
            PreparedSql::of(dialect, &select)
        })
    }

    /// Serializer of a selection of the stored columns, by position.
    pub(crate) fn writer(&self, table: &Schema, vocabulary: Vocabulary, positions: &[u16]) -> Arc<Writer> {
        let key = (vocabulary, Box::from(positions));
        if let Some(known) = self.writers.get(&key) {
            return known;
        }
        let positions: Vec<usize> = positions.iter().map(|position| usize::from(*position)).collect();
        let writer = Arc::new(Writer::choosing(table, vocabulary, &positions));
        self.writers.insert(key, Arc::clone(&writer));
        writer
    }
}

/// The names of the filtered attributes.
fn filtered_by(queries: &Queries) -> String {
    let names = queries.filters.iter().filter_map(|filter| match filter {
        Filter::Test { attribute, .. } => Some(attribute.as_str()),
        Filter::And(_) | Filter::Or(_) => None,
    });
    names.collect::<Vec<_>>().join(" ")
}

/// Adds a column. It is always nullable: a required column can be missing in rows that are older than it.
fn with(queryable: Queryable, column: &Column) -> Queryable {
    let sort = match column.spec.kind.stored() {
        _ if column.spec.encrypt => Sort::Sealed,
        Stored::Text => Sort::Text,
        Stored::Integer => Sort::Integer,
        Stored::Real => Sort::Real,
        Stored::Boolean => Sort::Boolean,
        Stored::Instant => Sort::Datetime,
        Stored::Shape => Sort::Shape,
    };
    let queryable = queryable
        .with(column.key.to_string(), iden(&column.name()), sort)
        .optional();
    if column.spec.array { queryable.list() } else { queryable }
}

/// Prepares a statement; in debug builds checks that `values` are the parameters that its builder collected.
pub(super) fn keep(dialect: Dialect, statement: &db::sea_query::SelectStatement, values: &[db::Value]) -> PreparedSql {
    debug_assert_eq!(dialect.render(statement).1.0, values, "the values of a kept statement");
    PreparedSql::of(dialect, statement)
}
