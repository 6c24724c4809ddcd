//! SQL indexes.
//!
//! A column is indexed completely, so that the index serves comparisons and order. A key of a PostgreSQL B-tree is
//! limited to 2,704 bytes: there, if the texts of an index can be longer together, they are indexed by a prefix (a
//! query rechecks the rows that it finds), and in unique indexes by their digest. SQLite has no such limit.
//!
//! Null values of a unique index are all different, on both engines. A folded index contains texts with ASCII letters
//! in lower case, the same on both engines.

use db::{Dialect, Tx};

use crate::columns::{Column, Stored};
use crate::indexes::{Index, IndexKind, IndexSpec};
use crate::{Result, Schema};

/// Key size that PostgreSQL surely accepts, in bytes.
const MAX_KEY: u64 = 2600;

/// Representation of a column in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// With ASCII letters in lower case.
    Folded,
    /// By a prefix of this many characters.
    Start(u64),
    /// By its digest; of the folded text in a folded index.
    Digest,
}

/// Builds an index.
pub(crate) fn create_index(tx: &mut Tx<'_>, table: &Schema, index: &Index) -> Result<()> {
    let columns: Vec<Option<&Column>> = index.spec.columns.iter().map(|key| table.column(key)).collect();
    create_index_of(tx, table, index, &columns)
}

/// Builds an index over these columns, which can differ from the table's current ones; `None` for internal columns.
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
    // Generated names contain no character that needs escaping.
    Ok(tx.batch(&format!(
        "CREATE {unique}INDEX \"{name}\" ON \"{on}\" ({})",
        keys.join(", ")
    ))?)
}

/// Drops an index, if it was built.
pub(crate) fn drop_index(tx: &mut Tx<'_>, table: &Schema, index: &Index) -> Result<()> {
    Ok(tx.batch(&format!("DROP INDEX IF EXISTS \"{}\"", name(table, index)))?)
}

/// Whether an index would be built differently for these columns.
pub(crate) fn representation_differs(
    dialect: Dialect,
    table: &Schema,
    index: &Index,
    columns: &[Option<&Column>],
) -> bool {
    let now: Vec<Option<&Column>> = index.spec.columns.iter().map(|key| table.column(key)).collect();
    parts(dialect, &index.spec, &now) != parts(dialect, &index.spec, columns)
}

/// The name of an index in SQL.
pub(crate) fn name(table: &Schema, index: &Index) -> String {
    table.names.other(&format!("i{}", index.seq))
}

/// Nulls come first, and last in descending order: SQLite's default, and the order of lists on both engines.
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
            // A character has up to four bytes.
            (true, false) => Part::Start(share / 4),
        }
    };
    columns.iter().zip(&widths).map(part).collect()
}

/// Maximum size of a column's value in a key, in bytes.
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
