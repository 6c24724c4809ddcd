//! Writing of relationships: values of a request become links, and rows of other tables.

use std::collections::HashSet;
use std::sync::Arc;

use db::Tx;
use kernel::permission::Action;
use serde_json::{Map, Value as Json};

use super::given::{Item, check_bounds};
use super::{Link, links};
use crate::columns::{Column, Relationship, Status};
use crate::rows::Record;
use crate::{Access, AccessError, Result, RowError, RowId, Table};

/// Writes to one side of a relationship, with the caller's access.
pub(super) struct Writing<'a> {
    pub(super) access: &'a Access,
    pub(super) column: &'a Column,
    pub(super) relationship: &'a Relationship,
    pub(super) related: Arc<Table>,
    link: Link,
}

/// The value of a stored relationship: the ID of the related row, or null. If the request has the values of the related
/// row, that row is written first.
///
/// The ID of a row that does not exist, or that the caller may not read, becomes null.
pub(crate) fn value(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    column: &Column,
    relationship: &Relationship,
    given: &Json,
) -> Result<Json> {
    let writing = Writing::begin(tx, table, access, column, relationship, given)?;
    let id = match Item::one(column, given)? {
        None => None,
        Some(Item::Row(values)) => Some(writing.row(tx, values)?.0),
        Some(Item::Id(id)) => {
            let found = writing.linkable(tx, &[id.as_str()], false)?;
            found.contains(id.as_str()).then_some(id)
        }
    };
    Ok(id.map_or(Json::Null, |id| Json::String(id.to_string())))
}

/// Whether the request changes a relationship that is not stored in the row itself.
pub(crate) fn differs(tx: &mut Tx<'_>, table: &Table, id: &RowId, given: &Map<String, Json>) -> Result<bool> {
    for (column, relationship, given) in external_relationships(table, given) {
        let Some(named) = items(column, relationship, given)?
            .iter()
            .map(Item::id)
            .collect::<Option<HashSet<RowId>>>()
        else {
            return Ok(true);
        };
        let related = table.related(tx, relationship)?;
        let linked = links::linked(tx, &related, &Link::of(column, relationship), id.as_str())?;
        if named.len() != linked.len() || !linked.iter().all(|id| named.contains(&RowId::trusted(id.as_str()))) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// After a row was written: writes the related rows in the request, and replaces the links that are not stored in the
/// row itself. Rows that the request does not name are unlinked.
pub(crate) fn write_links(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    record: &Record,
    given: &Map<String, Json>,
) -> Result<()> {
    for (column, relationship, given) in external_relationships(table, given) {
        let writing = Writing::begin(tx, table, access, column, relationship, given)?;
        let items = items(column, relationship, given)?;
        writing.replace(tx, record.id.as_str(), items)?;
    }
    Ok(())
}

/// The visible relationships of the request that are not stored in the row itself.
fn external_relationships<'a>(
    table: &'a Table,
    given: &'a Map<String, Json>,
) -> impl Iterator<Item = (&'a Column, &'a Relationship, &'a Json)> {
    table
        .relationships()
        .filter(|(column, relationship)| {
            column.status == Status::Available && !relationship.is_hidden() && !relationship.is_stored()
        })
        .filter_map(|(column, relationship)| Some((column, relationship, given.get(column.key.as_str())?)))
}

fn items<'a>(column: &Column, relationship: &Relationship, given: &'a Json) -> Result<Vec<Item<'a>>> {
    if relationship.is_many() {
        return Item::many(column, given);
    }
    Ok(Item::one(column, given)?.into_iter().collect())
}

impl<'a> Writing<'a> {
    fn begin(
        tx: &mut Tx<'_>,
        table: &Table,
        access: &'a Access,
        column: &'a Column,
        relationship: &'a Relationship,
        given: &Json,
    ) -> Result<Self> {
        check_bounds(tx, table, relationship, given)?;
        Ok(Self {
            access,
            column,
            relationship,
            related: table.related(tx, relationship)?,
            link: Link::of(column, relationship),
        })
    }

    /// Replaces the rows linked to a row.
    fn replace(&self, tx: &mut Tx<'_>, id: &str, items: Vec<Item<'_>>) -> Result<()> {
        let before = links::linked(tx, &self.related, &self.link, id)?;
        let linked: HashSet<&str> = before.iter().map(String::as_str).collect();
        let mut after: Vec<(String, bool)> = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Item::Id(id) => after.push((id.to_string(), false)),
                Item::Row(values) => {
                    let (id, created) = self.row(tx, values)?;
                    after.push((id.to_string(), created));
                }
            }
        }
        let named: Vec<&str> = after
            .iter()
            .filter(|(id, created)| !created && !linked.contains(id.as_str()))
            .map(|(id, _)| id.as_str())
            .collect();
        let linkable = self.linkable(tx, &named, matches!(self.link, Link::There { .. }))?;
        let mut seen = HashSet::new();
        let added: Vec<&str> = after
            .iter()
            .filter(|(id, created)| *created || linkable.contains(id))
            .map(|(id, _)| id.as_str())
            .filter(|id| !linked.contains(id) && seen.insert(*id))
            .collect();
        let remaining: HashSet<&str> = after.iter().map(|(id, _)| id.as_str()).collect();
        let unlinked: Vec<&str> = before
            .iter()
            .map(String::as_str)
            .filter(|id| !remaining.contains(id))
            .collect();
        links::unlink(tx, &self.related, &self.link, id, &unlinked)?;
        if !self.relationship.is_many() {
            self.refuse_taken(tx, &added)?;
        }
        links::link(tx, &self.related, &self.link, id, &added)
    }

    /// In a one-to-one relationship, refuses rows that are linked to another row.
    fn refuse_taken(&self, tx: &mut Tx<'_>, added: &[&str]) -> Result<()> {
        for other in added {
            if links::is_taken(tx, &self.related, &self.link, other)? {
                return Err(RowError::Exists.into());
            }
        }
        Ok(())
    }

    /// The existing rows among these IDs that the caller may link. Changing their reference needs the right to update
    /// them.
    fn linkable(&self, tx: &mut Tx<'_>, ids: &[&str], to_change: bool) -> Result<HashSet<String>> {
        if ids.is_empty() || !self.is_open() {
            return Ok(HashSet::new());
        }
        let mut linkable = HashSet::new();
        for row in links::known(tx, &self.related, ids, to_change)? {
            let may = |action| self.access.granted_on(&self.related, &row.permissions, action);
            if !may(Action::Read) {
                continue;
            }
            if to_change && !may(Action::Update) {
                return Err(AccessError::Unauthorized.into());
            }
            linkable.insert(row.id);
        }
        Ok(linkable)
    }

    /// Whether the caller can access the other table.
    pub(super) fn is_open(&self) -> bool {
        self.access.client().is_none() || self.related.enabled
    }
}
