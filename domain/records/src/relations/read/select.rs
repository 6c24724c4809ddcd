//! What `select` asks for, of a row and of the rows that it is related to.

use std::collections::BTreeSet;

use db::Tx;
use kernel::query::{Error as QueryError, Rule};
use serde_json::{Map, Value as Json};

use super::{Path, Paths, Rows, What};
use crate::columns::{Column, Relationship, Status};
use crate::relations::{Link, MAX_DEPTH};
use crate::rows::Writer;
use crate::{Error, Result, Table, Vocabulary};

/// Our own fields, which a row always has.
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

/// What is asked of the rows of one table.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// The stored columns that are wanted, by their places among them, in their order.
    pub(crate) places: Vec<usize>,
    /// What is wanted along relationships.
    pub(crate) paths: Paths,
}

impl Selection {
    /// Reads the names that `select` queries name: `name`, `*`, `rel`, `rel.*`, `rel.name`, `rel.sub.name`, ….
    ///
    /// Fails if there is no such column, or if a name leads along more relationships than may be read.
    pub(crate) fn of(tx: &mut Tx<'_>, table: &Table, words: Vocabulary, names: &[impl AsRef<str>]) -> Result<Self> {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        Self::at(tx, table, words, &names, 0)
    }

    /// The places, as projections have them.
    pub(crate) fn short_places(&self) -> Box<[u16]> {
        let short = |place: &usize| u16::try_from(*place).unwrap_or(u16::MAX);
        self.places.iter().map(short).collect()
    }

    /// Every stored column, and related rows where a request said what they are made of or which they are.
    pub(crate) fn of_given(
        tx: &mut Tx<'_>,
        table: &Table,
        words: Vocabulary,
        given: &Map<String, Json>,
    ) -> Result<Self> {
        let mut names = BTreeSet::from(["*".to_owned()]);
        written(tx, table, given, "", 1, &mut names)?;
        let names: Vec<String> = names.into_iter().collect();
        Self::of(tx, table, words, &names)
    }

    fn at(tx: &mut Tx<'_>, table: &Table, words: Vocabulary, names: &[&str], depth: usize) -> Result<Self> {
        let mut wanted = vec![false; table.stored().len()];
        let mut beyond: Vec<(&str, Vec<&str>)> = Vec::new();
        for name in names {
            match name.split_once('.') {
                Some((key, rest)) => match beyond.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, all)) => all.push(rest),
                    None => beyond.push((key, vec![rest])),
                },
                None if *name == "*" => wanted.fill(true),
                None if OWN.contains(name) => {}
                None => match table.stored().position(|column| column.key.as_str() == *name) {
                    Some(place) => wanted[place] = true,
                    None if beyond.iter().any(|(known, _)| known == name) => {}
                    None => beyond.push((name, Vec::new())),
                },
            }
        }
        let mut paths = Vec::with_capacity(beyond.len());
        for (key, names) in beyond {
            let (column, relationship) = relationship(table, key)?;
            if let Some(place) = table.stored().position(|stored| stored.key == column.key) {
                // It is set in as a row.
                wanted[place] = false;
            }
            paths.push(Path::of(tx, table, words, (column, relationship), &names, depth)?);
        }
        Ok(Self {
            places: (0..wanted.len()).filter(|place| wanted[*place]).collect(),
            paths: Paths(paths),
        })
    }

    /// The columns of SQL that are wanted.
    pub(crate) fn columns<'t>(&self, table: &'t Table) -> impl Iterator<Item = String> + use<'_, 't> {
        let stored: Vec<&Column> = table.stored().collect();
        self.places.iter().map(move |place| stored[*place].name())
    }
}

impl Path {
    fn of(
        tx: &mut Tx<'_>,
        table: &Table,
        words: Vocabulary,
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
            let selection = Selection::at(tx, &related, words, names, depth + 1)?;
            What::Rows(Box::new(Rows {
                writer: Writer::choosing(&related, words, &selection.places),
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

/// The relationship of a name, if clients see one there.
fn relationship<'t>(table: &'t Table, key: &str) -> Result<(&'t Column, &'t Relationship)> {
    let found = table
        .column(key)
        .filter(|column| column.status == Status::Available && !column.is_hidden())
        .and_then(|column| Some((column, column.spec.kind.relationship()?)));
    found.ok_or_else(|| broken(format!("Attribute not found in schema: {key}")))
}

fn broken(rule: String) -> Error {
    QueryError::whole(Rule::Broken(rule)).into()
}

/// Adds the selections that show what a request wrote along relationships.
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
        // It points back by being linked, whatever it says.
        let back = relationship.two_way_key.as_str();
        for row in rows {
            let row = row.iter().filter(|(key, _)| *key != back);
            let row: Map<String, Json> = row.map(|(key, value)| (key.clone(), value.clone())).collect();
            written(tx, &related, &row, &format!("{before}{key}."), depth + 1, names)?;
        }
    }
    Ok(())
}
