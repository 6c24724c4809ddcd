//! Users' tables in SQL: their names, and the statements that create and change them.
//!
//! A table `posts` with the number 12 is `t12_posts`: `_seq` (the order of creation), `_id`, `_created_at`,
//! `_updated_at`, `_permissions` (a JSON list of texts), and the user's columns. The table `t12_readers` lists, by
//! role, the rows that each role can read.

mod drop;
mod index;

use db::sea_query::{self, Alias, ColumnDef, Expr, ExprTrait, Func, IntoIden, Query};
use db::{Dialect, Tx};

use crate::columns::{Column, Spec, Stored};
use crate::{Result, TableId};

pub(crate) use drop::drop_some;
pub(crate) use index::{create_index, create_index_of, drop_index, name as index_name, representation_differs};

/// Number of rows above which a table is large: its complete scans are done in jobs.
const BIG: u64 = 20_000;

/// Columns that every table has, in the order in which rows are read.
pub(crate) const SEQ: &str = "_seq";
pub(crate) const ID: &str = "_id";
pub(crate) const CREATED_AT: &str = "_created_at";
pub(crate) const UPDATED_AT: &str = "_updated_at";
pub(crate) const PERMISSIONS: &str = "_permissions";
/// The internal columns, in the order in which rows are read.
pub(crate) const OWN: [&str; 5] = [SEQ, ID, CREATED_AT, UPDATED_AT, PERMISSIONS];

/// The SQL names of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The table's number.
    pub seq: i64,
    /// The main table.
    pub table: String,
    /// The table of rows by role.
    pub readers: String,
}

impl Names {
    /// The names of the table with this number. The ID is included for readability, with its characters and length
    /// restricted.
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

    /// The name of another SQL object of the table. It ends in `_`, so that it differs from every main table.
    pub fn other(&self, what: &str) -> String {
        format!("t{}_{what}_", self.seq)
    }
}

/// A name as sea-query identifier.
pub(crate) fn iden(name: &str) -> db::sea_query::DynIden {
    Alias::new(name).into_iden()
}

/// A new random version: see `Entry::version`.
pub(crate) fn new_version() -> i64 {
    i64::from_le_bytes(secrets::random::bytes()) & i64::MAX
}

/// Creates a table without user columns.
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
    // All columns are in the primary key: SQLite stores such a table as one B-tree.
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

/// Definition of a column in SQL.
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

/// Adds a column; neither engine rewrites the rows. Existing rows have no value of it.
pub(crate) fn add_column(tx: &mut Tx<'_>, names: &Names, column: &Column) -> Result<()> {
    let alter = sea_query::Table::alter()
        .table(Alias::new(&names.table))
        .add_column(column_def(&column.name(), &column.spec))
        .take();
    let sql = tx.dialect().render_schema(&alter);
    Ok(tx.batch(&sql)?)
}

/// Renames a column; neither engine rewrites the rows.
pub(crate) fn rename_column(tx: &mut Tx<'_>, names: &Names, old: &str, new: &str) -> Result<()> {
    let alter = sea_query::Table::alter()
        .table(Alias::new(&names.table))
        .rename_column(Alias::new(old), Alias::new(new))
        .take();
    let sql = tx.dialect().render_schema(&alter);
    Ok(tx.batch(&sql)?)
}

/// Drops a column that is in no index; SQLite rewrites every row.
pub(crate) fn drop_column(tx: &mut Tx<'_>, names: &Names, column: &str) -> Result<()> {
    let alter = sea_query::Table::alter()
        .table(Alias::new(&names.table))
        .drop_column(Alias::new(column))
        .take();
    let sql = tx.dialect().render_schema(&alter);
    Ok(tx.batch(&sql)?)
}

/// Whether a table has more than `than` rows; reads at most one more than that.
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

/// Number of rows of a table, counted from an index.
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

/// Whether a row has a text of more than `than` characters in this column. Encrypted texts cannot be measured: any of
/// them counts.
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
