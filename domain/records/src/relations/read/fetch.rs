//! The statements that load related rows.

use std::collections::HashMap;

use db::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use db::{Dialect, Tx};
use kernel::permission::Action;

use super::budget::Budget;
use super::paths::{Loaded, Path, Paths, Rows, What};
use crate::physical::{ID, OWN, PERMISSIONS, SEQ, iden};
use crate::relations::Link;
use crate::relations::links::CHUNK;
use crate::relations::visibility::{Source, may_read_some};
use crate::{Access, Result, Table};

/// Result of loading a path: the JSON of each related row once, and the indexes of related rows by key.
#[derive(Default)]
struct Found {
    rows: Vec<Vec<u8>>,
    by: HashMap<String, Vec<usize>>,
}

impl Paths {
    /// Loads the related rows of these rows. Returns the complete JSON of each row, in their order.
    pub(crate) fn complete(&self, tx: &mut Tx<'_>, access: &Access, rows: Vec<Loaded>) -> Result<Vec<Vec<u8>>> {
        complete(tx, access, self, rows, &mut Budget::default())
    }
}

/// Adds related rows along the paths. `left` is the remaining budget.
pub(super) fn complete(
    tx: &mut Tx<'_>,
    access: &Access,
    paths: &Paths,
    mut rows: Vec<Loaded>,
    left: &mut Budget,
) -> Result<Vec<Vec<u8>>> {
    for (position, path) in paths.0.iter().enumerate() {
        let keys = path.keys(position, &rows);
        let found = if keys.is_empty() || !may_read_some(access, &path.related) {
            Found::default()
        } else {
            path.find(tx, access, &keys, left)?
        };
        for row in &mut rows {
            let before = row.json.len();
            path.set(position, row, &found);
            Budget::take(&mut left.bytes, row.json.len() - before)?;
        }
    }
    let close = |mut row: Loaded| {
        row.json.push(b'}');
        row.json
    };
    Ok(rows.into_iter().map(close).collect())
}

/// Restricts a query to the rows that the caller may read; returns whether that can be any.
pub(super) fn restrict(dialect: Dialect, access: &Access, table: &Table, select: &mut SelectStatement) -> bool {
    if let Some(client) = access.client()
        && !access.granted(&table.permissions, Action::Read)
    {
        let permissions = Expr::col((iden(&table.names.table), iden(PERMISSIONS)));
        select.and_where(db::list::holds_any(dialect, permissions, client.roles.reads()));
    }
    may_read_some(access, table)
}

impl Path {
    /// Keys for the lookup of related rows: the IDs stored in these rows, or the IDs of the rows themselves.
    fn keys(&self, position: usize, rows: &[Loaded]) -> Vec<String> {
        let mut keys: Vec<String> = match self.link {
            Link::Here { .. } => rows.iter().filter_map(|row| row.points_to[position].clone()).collect(),
            _ => rows.iter().map(|row| row.id.clone()).collect(),
        };
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn find(&self, tx: &mut Tx<'_>, access: &Access, keys: &[String], left: &mut Budget) -> Result<Found> {
        match (&self.link, &self.what) {
            (Link::Between { .. }, What::Rows(rows)) => {
                let pairs = self.pairs(tx, access, keys, left)?;
                let mut ids: Vec<&str> = pairs.iter().map(|(_, theirs)| theirs.as_str()).collect();
                ids.sort_unstable();
                ids.dedup();
                let by_id = self.rows(tx, access, rows, ID, &ids, left)?;
                let mut found = Found {
                    rows: by_id.rows,
                    by: HashMap::new(),
                };
                for (ours, theirs) in pairs {
                    let rows = by_id.by.get(&theirs).into_iter().flatten();
                    found.by.entry(ours).or_default().extend(rows);
                }
                Ok(found)
            }
            (Link::Here { .. }, What::Rows(rows)) => self.rows(tx, access, rows, ID, &texts(keys), left),
            (Link::There { column }, What::Rows(rows)) => self.rows(tx, access, rows, column, &texts(keys), left),
            (_, What::Ids) => {
                let mut found = Found::default();
                for (ours, theirs) in self.pairs(tx, access, keys, left)? {
                    found.by.entry(ours).or_default().push(found.rows.len());
                    // IDs contain no character that JSON would escape.
                    found.rows.push(format!("\"{theirs}\"").into_bytes());
                }
                Ok(found)
            }
        }
    }

    /// Pairs of IDs in the order of linking; with only readable rows of the other side.
    fn pairs(
        &self,
        tx: &mut Tx<'_>,
        access: &Access,
        keys: &[String],
        left: &mut Budget,
    ) -> Result<Vec<(String, String)>> {
        let names = &self.related.names;
        let mut pairs = Vec::new();
        for some in keys.chunks(CHUNK) {
            let mut select = Query::select();
            match &self.link {
                Link::Here { .. } => select
                    .expr(Expr::col(iden(ID)))
                    .expr(Expr::col(iden(ID)))
                    .from(iden(&names.table))
                    .and_where(Expr::col(iden(ID)).is_in(some)),
                Link::There { column } => select
                    .columns([iden(column), iden(ID)])
                    .from(iden(&names.table))
                    .and_where(Expr::col(iden(column)).is_in(some))
                    .order_by(iden(SEQ), Order::Asc),
                // If rows are loaded, unreadable ones are excluded there.
                Link::Between { table, ours, theirs } if matches!(self.what, What::Rows(_)) => select
                    .columns([*ours, *theirs].map(iden))
                    .from(iden(table))
                    .and_where(Expr::col(iden(ours)).is_in(some))
                    .order_by(iden(SEQ), Order::Asc)
                    .limit(left.rows as u64 + 1),
                Link::Between { table, ours, theirs } => {
                    let of_pair = |column: &str| Expr::col((iden(table), iden(column)));
                    let same = of_pair(theirs).equals((iden(&names.table), iden(ID)));
                    select
                        .expr(of_pair(ours))
                        .expr(of_pair(theirs))
                        .from(iden(table))
                        .inner_join(iden(&names.table), same)
                        .and_where(of_pair(ours).is_in(some))
                        .order_by((iden(table), iden(SEQ)), Order::Asc)
                }
            };
            if matches!(self.what, What::Ids) {
                self.bound(tx, access, &mut select, left.rows);
            }
            pairs.extend(tx.all::<(String, String)>(&select)?);
        }
        Budget::take(&mut left.rows, pairs.len())?;
        Ok(pairs)
    }

    /// Loads the rows whose `column` contains one of these keys, with their related rows.
    fn rows(
        &self,
        tx: &mut Tx<'_>,
        access: &Access,
        rows: &Rows,
        column: &str,
        keys: &[&str],
        left: &mut Budget,
    ) -> Result<Found> {
        let (mut loaded, mut by): (_, HashMap<String, Vec<usize>>) = (Vec::new(), HashMap::new());
        // Columns of a result row: internal ones, those of the writer, the key, and the stored IDs of the next paths.
        let key = OWN.len() + rows.columns.len();
        let source = Source::of(tx, &self.related, access)?.without(column);
        for some in keys.chunks(CHUNK) {
            let mut select = Query::select();
            select
                .columns(OWN.iter().map(|name| iden(name)))
                .columns(rows.columns.iter().map(|name| iden(name)))
                .column(iden(column))
                .columns(rows.paths.columns().map(iden))
                .and_where(Expr::col(iden(column)).is_in(some.iter().copied()))
                .order_by(iden(SEQ), Order::Asc);
            source.add_to(tx.dialect(), &mut select);
            self.bound(tx, access, &mut select, left.rows);
            tx.each(&select, |row| {
                let mut json = Vec::with_capacity(512);
                rows.writer.write(row, &mut json)?;
                Budget::take(&mut left.bytes, json.len())?;
                by.entry(row.get(key)?).or_default().push(loaded.len());
                loaded.push(rows.paths.take(row, key + 1, json)?);
                Ok(())
            })?;
        }
        Budget::take(&mut left.rows, loaded.len())?;
        let rows = complete(tx, access, &rows.paths, loaded, left)?;
        Ok(Found { rows, by })
    }

    /// Excludes rows that the caller may not read, and limits the result to one row more than the budget.
    fn bound(&self, tx: &Tx<'_>, access: &Access, select: &mut SelectStatement, left: usize) {
        restrict(tx.dialect(), access, &self.related, select);
        select.limit(left as u64 + 1);
    }

    /// Nests the loaded rows into a row.
    fn set(&self, position: usize, row: &mut Loaded, found: &Found) {
        let key = match self.link {
            Link::Here { .. } => row.points_to[position].as_ref(),
            _ => Some(&row.id),
        };
        let rows: &[usize] = key.and_then(|key| found.by.get(key)).map_or(&[], Vec::as_slice);
        row.json.extend_from_slice(self.before.as_bytes());
        if !self.many {
            let one = rows.first().map_or(b"null".as_slice(), |index| &found.rows[*index]);
            row.json.extend_from_slice(one);
            return;
        }
        row.json.push(b'[');
        for (index, related) in rows.iter().enumerate() {
            if index > 0 {
                row.json.push(b',');
            }
            row.json.extend_from_slice(&found.rows[*related]);
        }
        row.json.push(b']');
    }
}

fn texts(keys: &[String]) -> Vec<&str> {
    keys.iter().map(String::as_str).collect()
}
