//! Prepared statements of acts on single rows, built once per table.

use std::sync::Arc;

use db::sea_query::{
    CommonTableExpression, Expr, ExprTrait, Func, IntoIden, LockType, Query, SelectStatement, SimpleExpr,
};
use db::{Dialect, PreparedSql};
use quick_cache::sync::Cache;

use crate::physical::{self, Names, iden};

/// Maximum number of cached update statements per table: one for each set of changed columns.
const UPDATES: usize = 64;

/// Statements of one table.
#[derive(Debug)]
pub(crate) struct Statements {
    /// Selects the internal and stored columns of the row with an ID.
    pub(crate) get: PreparedSql,
    /// The same, with a row lock until the transaction ends.
    pub(crate) lock: PreparedSql,
    /// Inserts a row: ID, creation and update time, permissions, then the stored columns; returns its number. On
    /// PostgreSQL the last parameter is a JSON list of the roles that can read the row, which the same statement
    /// inserts to save round trips.
    pub(crate) insert: PreparedSql,
    /// Inserts a reader: role, row number.
    pub(crate) add_reader: PreparedSql,
    /// Deletes a reader: role, row number.
    pub(crate) drop_reader: PreparedSql,
    /// Deletes the row with a number.
    pub(crate) delete: PreparedSql,
    all: SelectStatement,
    updates: Cache<Box<[u16]>, Arc<PreparedSql>>,
    dialect: Dialect,
    table: String,
    /// The columns that can be changed: the internal ones except number and ID, then the stored ones.
    changeable: Vec<String>,
}

/// Internal columns that can be changed, which come before the stored ones in a set of changed columns.
pub(crate) const OWN_CHANGEABLE: [&str; 3] = [physical::CREATED_AT, physical::UPDATED_AT, physical::PERMISSIONS];

impl Statements {
    pub(crate) fn of(dialect: Dialect, names: &Names, stored: impl Iterator<Item = String> + Clone) -> Self {
        let of_row =
            |mut statement: SelectStatement| statement.and_where(Expr::col(iden(physical::ID)).eq(position())).take();
        let own = physical::OWN.iter().map(|name| iden(name));
        let mut all = Query::select();
        all.columns(own.clone().chain(stored.clone().map(|name| iden(&name))))
            .from(iden(&names.table));
        let get = of_row(all.clone());
        let mut lock = get.clone();
        lock.lock(LockType::Update);
        let delete = Query::delete()
            .from_table(iden(&names.table))
            .and_where(Expr::col(iden(physical::SEQ)).eq(position()))
            .take();
        let drop_reader = Query::delete()
            .from_table(iden(&names.readers))
            .and_where(Expr::col(iden("role")).eq(position()))
            .and_where(Expr::col(iden("seq")).eq(position()))
            .take();
        let add_reader = Query::insert()
            .into_table(iden(&names.readers))
            .columns(["role", "seq"].map(iden))
            .values_panic([position(), position()])
            .take();
        let own_changeable = OWN_CHANGEABLE.iter().map(|name| (*name).to_owned());
        Self {
            get: PreparedSql::of(dialect, &get),
            lock: PreparedSql::of(dialect, &lock),
            insert: insert(dialect, names, stored.clone()),
            add_reader: PreparedSql::of(dialect, &add_reader),
            drop_reader: PreparedSql::of(dialect, &drop_reader),
            delete: PreparedSql::of(dialect, &delete),
            all,
            updates: Cache::new(UPDATES),
            dialect,
            table: names.table.clone(),
            changeable: own_changeable.chain(stored).collect(),
        }
    }

    /// Query for the internal and stored columns of every row.
    pub(crate) fn all(&self) -> SelectStatement {
        self.all.clone()
    }

    /// Statement that updates these columns of the row with a number; its parameters are the values, then the number.
    /// Only changed columns are set, because SQLite rewrites the indexes of every column that is set.
    pub(crate) fn update(&self, changed: &[u16]) -> Arc<PreparedSql> {
        if let Some(known) = self.updates.get(changed) {
            return known;
        }
        let columns = changed
            .iter()
            .filter_map(|index| self.changeable.get(usize::from(*index)));
        let update = Query::update()
            .table(iden(&self.table))
            .values(columns.map(|name| (iden(name), position())))
            .and_where(Expr::col(iden(physical::SEQ)).eq(position()))
            .take();
        let prepared = Arc::new(PreparedSql::of(self.dialect, &update));
        self.updates.insert(changed.into(), Arc::clone(&prepared));
        prepared
    }
}

/// Placeholder of a parameter.
fn position() -> SimpleExpr {
    Expr::value(db::Value::BigInt(Some(0)))
}

fn insert(dialect: Dialect, names: &Names, stored: impl Iterator<Item = String>) -> PreparedSql {
    let own = physical::OWN.iter().skip(1).map(|name| iden(name));
    let columns: Vec<_> = own.chain(stored.map(|name| iden(&name))).collect();
    let mut insert = Query::insert()
        .into_table(iden(&names.table))
        .columns(columns.iter().cloned())
        .values_panic(columns.iter().map(|_| position()))
        .take();
    if dialect == Dialect::Sqlite {
        return PreparedSql::of(dialect, &insert);
    }
    insert.returning_col(iden(physical::SEQ));
    let roles = Func::cust("jsonb_array_elements_text").arg(position().cast_as("jsonb"));
    let readers = Query::insert()
        .into_table(iden(&names.readers))
        .columns(["role", "seq"].map(iden))
        .select_from(
            Query::select()
                .expr(roles)
                .column(iden(physical::SEQ))
                .from(iden("made"))
                .take(),
        )
        .map(|statement| statement.take());
    let mut with = Query::with();
    with.cte(
        CommonTableExpression::new()
            .query(insert)
            .table_name(iden("made"))
            .to_owned(),
    );
    if let Ok(readers) = readers {
        with.cte(
            CommonTableExpression::new()
                .query(readers)
                .table_name(iden("noted").into_iden())
                .to_owned(),
        );
    }
    let seq = Query::select().column(iden(physical::SEQ)).from(iden("made")).take();
    PreparedSql::of(dialect, &seq.with(with))
}
