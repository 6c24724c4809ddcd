//! Parsed `select`: fields of a row and of its related rows.

use std::collections::BTreeSet;

use db::Tx;
use kernel::query::{Error as QueryError, Rule};
use serde_json::{Map, Value as Json};

use super::paths::{Path, Paths, Rows, What};
use crate::columns::{Column, Relationship, Status};
use crate::relations::{Link, MAX_DEPTH};
use crate::rows::Writer;
use crate::{Error, Result, Table, Vocabulary};

/// Internal fields, which every row has.
const OWN: [&str; 8] = [
    "$id",
    "$sequence",
    "$databaseId",
    "$tableId",
    "$collectionId",
    "$createdAt",
    "$updatedAt",
    "$permissions",
];

/// Selected fields of one table.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// Positions of the selected stored columns, ascending.
    pub(crate) positions: Vec<usize>,
    /// Selected relationships.
    pub(crate) paths: Paths,
}

impl Selection {
    /// Parses names of `select` queries: `name`, `*`, `rel`, `rel.*`, `rel.name`, `rel.sub.name`, ….
    ///
    /// Fails if there is no such column, or if a name exceeds the maximum depth of relationships.
    pub(crate) fn of(
        tx: &mut Tx<'_>,
        table: &Table,
        vocabulary: Vocabulary,
        names: &[impl AsRef<str>],
    ) -> Result<Self> {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        Self::at(tx, table, vocabulary, &names, 0)
    }

    /// The positions, in the type of projections.
    pub(crate) fn short_places(&self) -> Box<[u16]> {
        let short = |position: &usize| u16::try_from(*position).unwrap_or(u16::MAX);
        self.positions.iter().map(short).collect()
    }

    /// Selects every stored column, and the related rows that a request wrote or named.
    pub(crate) fn of_given(
        tx: &mut Tx<'_>,
        table: &Table,
        vocabulary: Vocabulary,
        given: &Map<String, Json>,
    ) -> Result<Self> {
        let mut names = BTreeSet::from(["*".to_owned()]);
        written(tx, table, given, "", 1, &mut names)?;
        let names: Vec<String> = names.into_iter().collect();
        Self::of(tx, table, vocabulary, &names)
    }

    fn at(tx: &mut Tx<'_>, table: &Table, vocabulary: Vocabulary, names: &[&str], depth: usize) -> Result<Self> {
        let mut selected = vec![false; table.stored().len()];
        let mut related_names: Vec<(&str, Vec<&str>)> = Vec::new();
        for name in names {
            match name.split_once('.') {
                Some((key, rest)) => match related_names.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, all)) => all.push(rest),
                    None => related_names.push((key, vec![rest])),
                },
                None if *name == "*" => selected.fill(true),
                None if OWN.contains(name) => {}
                None => match table.stored().position(|column| column.key.as_str() == *name) {
                    Some(position) => selected[position] = true,
                    None if related_names.iter().any(|(known, _)| known == name) => {}
                    None => related_names.push((name, Vec::new())),
                },
            }
        }
        let mut paths = Vec::with_capacity(related_names.len());
        for (key, names) in related_names {
            let (column, relationship) = relationship(table, key)?;
            if let Some(position) = table.stored().position(|stored| stored.key == column.key) {
                // The relationship is nested as a row instead of an ID.
                selected[position] = false;
            }
            paths.push(Path::of(tx, table, vocabulary, (column, relationship), &names, depth)?);
        }
        Ok(Self {
            positions: (0..selected.len()).filter(|position| selected[*position]).collect(),
            paths: Paths(paths),
        })
    }

    /// SQL names of the selected columns.
    pub(crate) fn columns<'t>(&self, table: &'t Table) -> impl Iterator<Item = String> + use<'_, 't> {
        let stored: Vec<&Column> = table.stored().collect();
        self.positions.iter().map(move |position| stored[*position].name())
    }
}

impl Path {
    fn of(
        tx: &mut Tx<'_>,
        table: &Table,
        vocabulary: Vocabulary,
        (column, relationship): (&Column, &Relationship),
        names: &[&str],
        depth: usize,
    ) -> Result<Self> {
        let related = table.related(tx, relationship)?;
        let what = if names.is_empty() {
            What::Ids
        } else if depth == MAX_DEPTH {
            return Err(broken(format!(
                "Selections lead along {MAX_DEPTH} relationships at most"
            )));
        } else {
            let selection = Selection::at(tx, &related, vocabulary, names, depth + 1)?;
            What::Rows(Box::new(Rows {
                writer: Writer::choosing(&related, vocabulary, &selection.positions),
                columns: selection.columns(&related).collect(),
                paths: selection.paths,
            }))
        };
        Ok(Self {
            before: format!(",\"{}\":", column.key),
            link: Link::of(column, relationship),
            many: relationship.is_many(),
            related,
            what,
        })
    }
}

/// The relationship with this name, if it is visible to clients.
fn relationship<'t>(table: &'t Table, key: &str) -> Result<(&'t Column, &'t Relationship)> {
    let found = table
        .column(key)
        .filter(|column| column.status == Status::Available && !column.is_hidden())
        .and_then(|column| Some((column, column.spec.kind.relationship()?)));
    found.ok_or_else(|| broken(format!("Attribute not found in schema: {key}")))
}

fn broken(rule: String) -> Error {
    QueryError::of_request(Rule::Broken(rule)).into()
}

/// Adds the selections of the related rows that a request wrote.
fn written(
    tx: &mut Tx<'_>,
    table: &Table,
    given: &Map<String, Json>,
    before: &str,
    depth: usize,
    names: &mut BTreeSet<String>,
) -> Result<()> {
    for (key, value) in given {
        let Ok((_, relationship)) = relationship(table, key) else {
            continue;
        };
        names.insert(format!("{before}{key}.*"));
        if depth == MAX_DEPTH {
            continue;
        }
        let rows: Vec<&Map<String, Json>> = match value {
            Json::Object(row) => vec![row],
            Json::Array(items) => items.iter().filter_map(Json::as_object).collect(),
            _ => continue,
        };
        let related = table.related(tx, relationship)?;
        // The reference back is set by linking; a value for it is ignored.
        let back = relationship.two_way_key.as_str();
        for row in rows {
            let row = row.iter().filter(|(key, _)| *key != back);
            let row: Map<String, Json> = row.map(|(key, value)| (key.clone(), value.clone())).collect();
            written(tx, &related, &row, &format!("{before}{key}."), depth + 1, names)?;
        }
    }
    Ok(())
}
