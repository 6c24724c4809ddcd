//! Indexes as SQL has them.
//!
//! A column is indexed whole, so that comparisons and order are the index's own. PostgreSQL's trees hold no key of more
//! than 2,704 bytes: there, texts that together may be longer are indexed by their first characters (which bound what is
//! read, and refuse no row), and by their digest where they are to be unique. SQLite knows no such bound.
//!
//! A unique index takes rows without a value as all different, on both engines. One that folds holds texts with their
//! ASCII letters in lower case, the same on both.

use db::{Dialect, Tx};

use crate::columns::{Column, Stored};
use crate::indexes::{Index, IndexKind, IndexSpec};
use crate::{Result, Schema};

/// Bytes of a key that PostgreSQL certainly takes.
const MAX_KEY: u64 = 2600;

/// Representation of a column in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// With ASCII letters in lower case.
    Folded,
    /// By so many characters of its beginning.
    Start(u64),
    /// By its digest; of the folded text if it folds.
    Digest,
}

/// Builds an index.
pub(crate) fn create_index(tx: &mut Tx<'_>, table: &Schema, index: &Index) -> Result<()> {
    let columns: Vec<Option<&Column>> = index.spec.columns.iter().map(|key| table.column(key)).collect();
    create_index_of(tx, table, index, &columns)
}

/// Builds an index over columns that may be others than the table has yet; nothing stands for those of our own.
pub(crate) fn create_index_of(
    tx: &mut Tx<'_>,
    table: &Schema,
    index: &Index,
    columns: &[Option<&Column>],
) -> Result<()> {
    let dialect = tx.dialect();
    let mut keys = Vec::with_capacity(columns.len());
    for (position, part) in parts(dialect, &index.spec, columns).into_iter().enumerate() {
        let name = format!("\"{}\"", table.column_name(&index.spec.columns[position])?);
        let of_the_user = columns[position].is_some();
        keys.push(format!(
            "{}{}",
            part.render(dialect, &name, index.spec.folded),
            order(dialect, index.spec.order(position), of_the_user)
        ));
    }
    let unique = if index.spec.kind == IndexKind::Unique {
        "UNIQUE "
    } else {
        ""
    };
    let (name, on) = (name(table, index), &table.names.table);
    // Names hold nothing that would need an escape.
    Ok(tx.batch(&format!(
        "CREATE {unique}INDEX \"{name}\" ON \"{on}\" ({})",
        keys.join(", ")
    ))?)
}

/// Drops an index, if it was built.
pub(crate) fn drop_index(tx: &mut Tx<'_>, table: &Schema, index: &Index) -> Result<()> {
    Ok(tx.batch(&format!("DROP INDEX IF EXISTS \"{}\"", name(table, index)))?)
}

/// Whether an index would be built otherwise if its columns were these.
pub(crate) fn is_held_otherwise(dialect: Dialect, table: &Schema, index: &Index, columns: &[Option<&Column>]) -> bool {
    let now: Vec<Option<&Column>> = index.spec.columns.iter().map(|key| table.column(key)).collect();
    parts(dialect, &index.spec, &now) != parts(dialect, &index.spec, columns)
}

fn name(table: &Schema, index: &Index) -> String {
    table.names.other(&format!("i{}", index.seq))
}

/// Rows without a value come first, and last when descending: as SQLite sorts by itself, and lists do on both engines.
fn order(dialect: Dialect, order: &str, of_the_user: bool) -> &'static str {
    match (order == "DESC", dialect == Dialect::Postgres && of_the_user) {
        (false, false) => "",
        (true, false) => " DESC",
        (false, true) => " NULLS FIRST",
        (true, true) => " DESC NULLS LAST",
    }
}

fn parts(dialect: Dialect, spec: &IndexSpec, columns: &[Option<&Column>]) -> Vec<Part> {
    let widths: Vec<u64> = columns.iter().map(|column| width(*column)).collect();
    let fits = dialect == Dialect::Sqlite || widths.iter().sum::<u64>() <= MAX_KEY;
    let share = MAX_KEY / columns.len().max(1) as u64;
    let part = |(column, width): (&Option<&Column>, &u64)| {
        let is_text = column.is_some_and(|column| column.spec.kind.stored() == Stored::Text);
        match (is_text, fits || *width <= share) {
            (true, true) if spec.folded => Part::Folded,
            (_, true) | (false, _) => Part::Whole,
            (true, false) if spec.kind == IndexKind::Unique => Part::Digest,
            // A character may have four bytes.
            (true, false) => Part::Start(share / 4),
        }
    };
    columns.iter().zip(&widths).map(part).collect()
}

/// Bytes of a key that a column may need.
fn width(column: Option<&Column>) -> u64 {
    match column.and_then(|column| column.spec.kind.size()) {
        Some(size) => u64::from(size) * 4,
        None => 40,
    }
}

impl Part {
    fn render(self, dialect: Dialect, column: &str, folded: bool) -> String {
        let fold = || match dialect {
            Dialect::Sqlite => format!("lower({column})"),
            Dialect::Postgres => format!("lower({column} COLLATE \"C\")"),
        };
        match self {
            Self::Whole => column.to_owned(),
            Self::Folded => fold(),
            Self::Start(length) => format!("left({column}, {length})"),
            Self::Digest if folded => format!("md5({})", fold()),
            Self::Digest => format!("md5({column})"),
        }
    }
}
