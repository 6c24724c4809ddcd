//! Statements that acts on single rows run, built once a table.

use std::sync::Arc;

use db::sea_query::{
    CommonTableExpression, Expr, ExprTrait, Func, IntoIden, LockType, Query, SelectStatement, SimpleExpr,
};
use db::{Dialect, PreparedSql};
use quick_cache::sync::Cache;

use crate::physical::{self, Names, iden};

/// Sets of changed columns whose statements are kept, of one table.
const UPDATES: usize = 64;

/// Statements of one table.
#[derive(Debug)]
pub(crate) struct Statements {
    /// Our own columns and the stored ones of the row with an id.
    pub(crate) get: PreparedSql,
    /// The same, and nobody else changes the row before the act ends.
    pub(crate) lock: PreparedSql,
    /// Inserts a row: id, both instants, permissions, then the stored columns; gives its number. On PostgreSQL, which is
    /// far away, its readers come last, as a JSON list, and are noted by the same statement.
    pub(crate) insert: PreparedSql,
    /// Notes that a role may read a row: role, number.
    pub(crate) add_reader: PreparedSql,
    /// Forgets that a role may read a row: role, number.
    pub(crate) drop_reader: PreparedSql,
    /// Deletes the row of a number.
    pub(crate) delete: PreparedSql,
    all: SelectStatement,
    updates: Cache<Box<[u16]>, Arc<PreparedSql>>,
    dialect: Dialect,
    table: String,
    /// The columns that can be changed: our own without the number and the id, then the stored ones.
    changeable: Vec<String>,
}

/// Our own columns that can be changed, which come before the stored ones in a set of changed columns.
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

    /// Selects our own columns and the stored ones of every row.
    pub(crate) fn all(&self) -> SelectStatement {
        self.all.clone()
    }

    /// Changes these columns of the row of a number: their values, then the number. Only what changes is named, because
    /// SQLite writes the indexes of every column that is.
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
        let kept = Arc::new(PreparedSql::of(self.dialect, &update));
        self.updates.insert(changed.into(), Arc::clone(&kept));
        kept
    }
}

/// The place of a value that comes with each run.
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
