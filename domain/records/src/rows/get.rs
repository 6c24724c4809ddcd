//! Reading of one row.

use db::{PreparedSql, Ref, Row, Tx};
use kernel::permission::{Action, Permissions};
use kernel::query::{Error as QueryError, Queries, Rule};

use super::Writer;
use crate::query::{Projection, Reading};
use crate::{Access, Result, RowError, RowId, Table, Vocabulary, relations};

/// A row as JSON.
///
/// Fails with [`RowError::NotFound`] if it does not exist or the caller may not read it.
pub fn get(tx: &mut Tx<'_>, table: &Table, access: &Access, id: &RowId, vocabulary: Vocabulary) -> Result<Vec<u8>> {
    if needs_related(table, access, None) {
        return relations::get(tx, table, access, id, &["*"], vocabulary);
    }
    one(tx, table, access, id, &table.statements.get, table.writer(vocabulary))
}

/// As [`get`], with the selected fields only; `select` is the only kind of query allowed.
///
/// Fails with [`crate::Error::Query`] for other queries, or if the table has no such column.
pub fn get_selected(tx: &mut Tx<'_>, reading: Reading<'_>, id: &RowId, queries: &Queries) -> Result<Vec<u8>> {
    let Reading {
        table,
        access,
        vocabulary,
        ..
    } = reading;
    let (select, total) = (queries.select.clone(), queries.total);
    let plain = Queries {
        select,
        total,
        ..Queries::default()
    };
    if *queries != plain {
        let rule = Rule::Broken("Only select is taken here".into());
        return Err(QueryError::of_request(rule).into());
    }
    let projection = Projection::of(table, queries)?;
    let related = |names: &[String]| !projection.related.is_empty() || needs_related(table, access, Some(names));
    if let Some(names) = queries.select.as_deref().filter(|names| related(names)) {
        return relations::get(tx, table, access, id, names, vocabulary);
    }
    match projection.positions {
        None => get(tx, table, access, id, vocabulary),
        Some(positions) => {
            let statement = table.cache.get(table, tx.dialect(), &positions);
            let writer = table.cache.writer(table, vocabulary, &positions);
            one(tx, table, access, id, &statement, &writer)
        }
    }
}

/// Whether other rows must be read to show a row: for IDs that they store, or to find out whether the caller may read
/// them.
fn needs_related(table: &Table, access: &Access, select: Option<&[String]>) -> bool {
    let has_relationships = table.relationships().next().is_some();
    has_relationships && (access.client().is_some() || relations::selection_from_afar(table, select).is_some())
}

fn one(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    id: &RowId,
    statement: &PreparedSql,
    writer: &Writer,
) -> Result<Vec<u8>> {
    let granted = access.granted(&table.permissions, Action::Read);
    if !granted && !table.row_security {
        return Err(RowError::NotFound.into());
    }
    let mut found = None;
    tx.prepared_each(statement, &[id.into()], |row| {
        if granted || is_readable(access, row)? {
            let mut out = Vec::with_capacity(1024);
            writer.write(row, &mut out)?;
            found = Some(out);
        }
        Ok(())
    })?;
    table.counts.read(1);
    found.ok_or(RowError::NotFound.into())
}

/// Whether the row's own permissions grant reading.
fn is_readable(access: &Access, row: &Row<'_>) -> std::result::Result<bool, db::Error> {
    let Some(client) = access.client() else {
        return Ok(true);
    };
    Ok(match row.value(4)? {
        Ref::Text(permissions) => Permissions::readable(permissions, &client.roles),
        _ => false,
    })
}
