//! Users' tables as SQL has them: their names, and the statements that make and change them.
//!
//! A table `posts` with the number 12 is `t12_posts`: `_seq` (the order of making), `_id`, `_created_at`, `_updated_at`,
//! `_permissions` (a JSON list of texts), and a column for each of the user's. Beside it lies `t12_readers`, which lists
//! the rows that each role may read, by role.

mod drop;
mod index;

use db::sea_query::{self, Alias, ColumnDef, Expr, ExprTrait, Func, IntoIden, Query};
use db::{Dialect, Tx};

use crate::columns::{Column, Spec, Stored};
use crate::{Result, TableId};

pub(crate) use drop::drop_some;
pub(crate) use index::{create_index, create_index_of, drop_index, is_held_otherwise};

/// A table with more rows than this is large: what walks through all of them is done in a job.
const BIG: u64 = 20_000;

/// Columns that every table has, in the order in which rows are read.
pub(crate) const SEQ: &str = "_seq";
pub(crate) const ID: &str = "_id";
pub(crate) const CREATED_AT: &str = "_created_at";
pub(crate) const UPDATED_AT: &str = "_updated_at";
pub(crate) const PERMISSIONS: &str = "_permissions";
/// Those, as they are read.
pub(crate) const OWN: [&str; 5] = [SEQ, ID, CREATED_AT, UPDATED_AT, PERMISSIONS];

/// The names that belong to one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The table's number.
    pub seq: i64,
    /// The table.
    pub table: String,
    /// Its rows by reader.
    pub readers: String,
}

impl Names {
    /// The names of the table with this number. The id is there for people, in what characters and length names allow.
    pub fn of(seq: i64, id: &TableId) -> Self {
        let readable: String = id
            .as_str()
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '_'
                }
            })
            .collect();
        Self {
            seq,
            table: format!("t{seq}_{readable}"),
            readers: format!("t{seq}_readers_"),
        }
    }

    /// The name of something else of the table, which ends in `_` so that no user's table has it.
    pub fn other(&self, what: &str) -> String {
        format!("t{}_{what}_", self.seq)
    }
}

/// A name as sea-query takes it.
pub(crate) fn iden(name: &str) -> db::sea_query::DynIden {
    Alias::new(name).into_iden()
}

/// A version that no table had before: see `Entry::version`.
pub(crate) fn new_version() -> i64 {
    i64::from_le_bytes(secrets::random::bytes()) & i64::MAX
}

/// Makes a table without columns of the user's.
pub(crate) fn create_table(tx: &mut Tx<'_>, names: &Names) -> Result<()> {
    let dialect = tx.dialect();
    let text = |name| ColumnDef::new(Alias::new(name)).text().not_null().take();
    let time = |name| {
        ColumnDef::new(Alias::new(name))
            .timestamp_with_time_zone()
            .not_null()
            .take()
    };
    let seq = match dialect {
        Dialect::Sqlite => ColumnDef::new(Alias::new(SEQ))
            .integer()
            .not_null()
            .primary_key()
            .auto_increment()
            .take(),
        Dialect::Postgres => ColumnDef::new(Alias::new(SEQ))
            .big_integer()
            .not_null()
            .primary_key()
            .auto_increment()
            .take(),
    };
    let table = sea_query::Table::create()
        .table(Alias::new(&names.table))
        .col(seq)
        .col(text(ID))
        .col(time(CREATED_AT))
        .col(time(UPDATED_AT))
        .col(ColumnDef::new(Alias::new(PERMISSIONS)).json_binary().not_null().take())
        .take();
    tx.batch(&dialect.render_schema(&table))?;
    let id = sea_query::Index::create()
        .unique()
        .name(names.other("id"))
        .table(Alias::new(&names.table))
        .col(Alias::new(ID))
        .take();
    tx.batch(&dialect.render_schema(&id))?;
    // Only their primary key: SQLite keeps such a table as that one tree.
    let end = if dialect == Dialect::Sqlite {
        " WITHOUT ROWID"
    } else {
        ""
    };
    let readers = sea_query::Table::create()
        .table(Alias::new(&names.readers))
        .col(text("role"))
        .col(ColumnDef::new(Alias::new("seq")).big_integer().not_null())
        .primary_key(
            sea_query::Index::create()
                .col(Alias::new("role"))
                .col(Alias::new("seq")),
        )
        .take();
    tx.batch(&(dialect.render_schema(&readers) + end))?;
    Ok(())
}

/// The definition of a column in SQL.
pub(crate) fn column_def(column: &str, spec: &Spec) -> ColumnDef {
    let mut def = ColumnDef::new(Alias::new(column));
    if spec.array {
        return def.json_binary().take();
    }
    match spec.kind.stored() {
        Stored::Text | Stored::Shape => def.text(),
        Stored::Integer => def.big_integer(),
        Stored::Real => def.double(),
        Stored::Boolean => def.boolean(),
        Stored::Instant => def.timestamp_with_time_zone(),
    };
    def.take()
}

/// Adds a column; both engines do it without touching the rows. Rows that are there have no value of it.
pub(crate) fn add_column(tx: &mut Tx<'_>, names: &Names, column: &Column) -> Result<()> {
    let alter = sea_query::Table::alter()
        .table(Alias::new(&names.table))
        .add_column(column_def(&column.name(), &column.spec))
        .take();
    let sql = tx.dialect().render_schema(&alter);
    Ok(tx.batch(&sql)?)
}

/// Gives a column another name; neither engine touches the rows.
pub(crate) fn rename_column(tx: &mut Tx<'_>, names: &Names, old: &str, new: &str) -> Result<()> {
    let alter = sea_query::Table::alter()
        .table(Alias::new(&names.table))
        .rename_column(Alias::new(old), Alias::new(new))
        .take();
    let sql = tx.dialect().render_schema(&alter);
    Ok(tx.batch(&sql)?)
}

/// Drops a column that no index has; SQLite writes every row anew.
pub(crate) fn drop_column(tx: &mut Tx<'_>, names: &Names, column: &str) -> Result<()> {
    let alter = sea_query::Table::alter()
        .table(Alias::new(&names.table))
        .drop_column(Alias::new(column))
        .take();
    let sql = tx.dialect().render_schema(&alter);
    Ok(tx.batch(&sql)?)
}

/// Whether a table has more rows than this; looks at no more than that.
pub(crate) fn has_more_rows(tx: &mut Tx<'_>, names: &Names, than: u64) -> Result<bool> {
    let some = Query::select()
        .column(iden(SEQ))
        .from(iden(&names.table))
        .limit(than + 1)
        .take();
    let count = Query::select()
        .expr(Func::count(Expr::col(iden(SEQ))))
        .from_subquery(some, Alias::new("some"))
        .take();
    Ok(tx.one::<i64>(&count)?.unsigned_abs() > than)
}

/// Number of rows in a table, counted from an index.
pub(crate) fn count_rows(tx: &mut Tx<'_>, names: &Names) -> Result<i64> {
    let count = Query::select()
        .expr(Func::count(Expr::col(iden(SEQ))))
        .from(iden(&names.table))
        .take();
    Ok(tx.one(&count)?)
}

/// Whether a table is large.
pub(crate) fn is_big(tx: &mut Tx<'_>, names: &Names) -> Result<bool> {
    has_more_rows(tx, names, BIG)
}

/// Whether a row has a text in this column of more than so many characters. What is sealed cannot be measured, and may be.
pub(crate) fn has_longer(tx: &mut Tx<'_>, names: &Names, column: &Column, than: u32) -> Result<bool> {
    let own = Expr::col(iden(&column.name()));
    let than = i64::from(than);
    let longer = match (column.spec.encrypt, column.spec.array, tx.dialect()) {
        (true, ..) => own.is_not_null(),
        (_, false, _) => Func::char_length(own).gt(than),
        (_, true, Dialect::Sqlite) => Expr::cust_with_exprs(
            "EXISTS (SELECT 1 FROM json_each(?) WHERE length(value) > ?)",
            [own, than.into()],
        ),
        (_, true, Dialect::Postgres) => Expr::cust_with_exprs(
            "EXISTS (SELECT 1 FROM jsonb_array_elements_text($1) AS value WHERE length(value) > $2)",
            [own, than.into()],
        ),
    };
    let select = Query::select()
        .column(iden(SEQ))
        .from(iden(&names.table))
        .and_where(longer)
        .limit(1)
        .take();
    Ok(tx.optional::<i64>(&select)?.is_some())
}
