//! Writing of relationships: values of a request become links, and rows of other tables.

use std::collections::HashSet;
use std::sync::Arc;

use db::Tx;
use kernel::permission::{Action, Permissions};
use serde_json::{Map, Value as Json};

use super::given::{Item, check_bounds};
use super::links::{Lock, RowAccess};
use super::visibility::{may_read_all, may_read_some};
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
    /// Permissions of the written row, which new related rows take over.
    pub(super) permissions: &'a Permissions,
    link: Link,
}

/// A row that a request links or unlinks, with the caller's rights.
struct Candidate {
    id: String,
    readable: bool,
    updatable: bool,
}

/// The value of a stored relationship: the ID of the related row, or null. If the request has the values of the related
/// row, that row is written first; `permissions` are those of a new one that names none.
///
/// Fails with [`RowError::RelationshipValue`] for the ID of a row that does not exist, or that the caller may not read.
pub(crate) fn value(
    tx: &mut Tx<'_>,
    table: &Table,
    (access, permissions): (&Access, &Permissions),
    column: &Column,
    relationship: &Relationship,
    given: &Json,
) -> Result<Json> {
    let writing = Writing::begin(tx, table, (access, permissions), column, relationship, given)?;
    let id = match Item::one(column, given)? {
        None => None,
        Some(Item::Row(values)) => Some(writing.row(tx, values)?.0),
        Some(Item::Id(id)) => {
            writing.readable(tx, &[id.as_str()], Lock::Deletion)?;
            Some(id)
        }
    };
    Ok(id.map_or(Json::Null, |id| Json::String(id.to_string())))
}

/// Whether the request changes a relationship that is not stored in the row itself, as far as the caller sees it.
pub(crate) fn differs(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    id: &RowId,
    given: &Map<String, Json>,
) -> Result<bool> {
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
        let linked = readable_of(tx, access, &related, linked)?;
        if named.len() != linked.len() || !linked.iter().all(|id| named.contains(&RowId::trusted(id.as_str()))) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// After a row was written: writes the related rows in the request, and replaces the links that are not stored in the
/// row itself. Rows that the request does not name are unlinked, except those that the caller may not read: a request
/// that contains what the caller sees changes nothing.
pub(crate) fn write_links(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    record: &Record,
    given: &Map<String, Json>,
) -> Result<()> {
    for (column, relationship, given) in external_relationships(table, given) {
        let writing = Writing::begin(tx, table, (access, &record.permissions), column, relationship, given)?;
        let items = items(column, relationship, given)?;
        writing.replace(tx, record.id.as_str(), items)?;
    }
    Ok(())
}

/// The rows among these that the caller may read.
fn readable_of(tx: &mut Tx<'_>, access: &Access, related: &Table, mut ids: Vec<String>) -> Result<Vec<String>> {
    if may_read_all(access, related) || ids.is_empty() {
        return Ok(ids);
    }
    if !may_read_some(access, related) {
        return Ok(Vec::new());
    }
    let all: Vec<&str> = ids.iter().map(String::as_str).collect();
    let readable: HashSet<String> = links::known(tx, related, &all, Lock::None)?
        .into_iter()
        .filter(|row| access.granted_on(related, &row.permissions, Action::Read))
        .map(|row| row.id)
        .collect();
    ids.retain(|id| readable.contains(id));
    Ok(ids)
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
        (access, permissions): (&'a Access, &'a Permissions),
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
            permissions,
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
            .filter(|(_, created)| !created)
            .map(|(id, _)| id.as_str())
            .collect();
        let readable = self.readable(tx, &named, self.lock())?;
        let mut seen = HashSet::new();
        let added: Vec<&str> = after
            .iter()
            .map(|(id, _)| id.as_str())
            .filter(|id| !linked.contains(id) && seen.insert(*id))
            .collect();
        if self.changes_related()
            && !readable
                .iter()
                .all(|row| row.updatable || linked.contains(row.id.as_str()))
        {
            return Err(AccessError::Unauthorized.into());
        }
        let remaining: HashSet<&str> = after.iter().map(|(id, _)| id.as_str()).collect();
        let absent: Vec<&str> = before
            .iter()
            .map(String::as_str)
            .filter(|id| !remaining.contains(id))
            .collect();
        let parted = self.parted(tx, &absent, !added.is_empty())?;
        let parted: Vec<&str> = parted.iter().map(String::as_str).collect();
        links::unlink(tx, &self.related, &self.link, id, &parted)?;
        if !self.relationship.is_many() {
            self.refuse_taken(tx, &added)?;
        }
        links::link(tx, &self.related, &self.link, id, &added)
    }

    /// The rows to unlink among linked ones that the request does not name. Those that the caller may not read stay
    /// linked, unless another row takes the only place.
    ///
    /// Fails with [`AccessError::Unauthorized`] if that changes a row that the caller may not update.
    fn parted(&self, tx: &mut Tx<'_>, absent: &[&str], is_replaced: bool) -> Result<Vec<String>> {
        let replaces = is_replaced && !self.relationship.is_many();
        let mut parted = Vec::with_capacity(absent.len());
        for row in self.known(tx, absent, self.lock())? {
            if !row.readable && !replaces {
                continue;
            }
            if self.changes_related() && !row.updatable {
                return Err(AccessError::Unauthorized.into());
            }
            parted.push(row.id);
        }
        Ok(parted)
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

    /// Whether linking changes the rows of the other side, which then needs the right to update them.
    fn changes_related(&self) -> bool {
        matches!(self.link, Link::There { .. })
    }

    fn lock(&self) -> Lock {
        if self.changes_related() {
            Lock::Changes
        } else {
            Lock::Deletion
        }
    }

    /// The rows with these IDs, all of which the caller may read.
    ///
    /// Fails with [`RowError::RelationshipValue`] if there is none with an ID, or the caller may not read it.
    fn readable(&self, tx: &mut Tx<'_>, ids: &[&str], lock: Lock) -> Result<Vec<Candidate>> {
        let mut rows = self.known(tx, ids, lock)?;
        rows.retain(|row| row.readable);
        let found: HashSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        match ids.iter().find(|id| !found.contains(**id)) {
            Some(id) => Err(self.broken(&format!("there is no <row> with the id \"{id}\""))),
            None => Ok(rows),
        }
    }

    /// The existing rows among these IDs.
    fn known(&self, tx: &mut Tx<'_>, ids: &[&str], lock: Lock) -> Result<Vec<Candidate>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let known = links::known(tx, &self.related, ids, lock)?;
        let may =
            |row: &RowAccess, action| self.is_open() && self.access.granted_on(&self.related, &row.permissions, action);
        let candidate = |row: RowAccess| Candidate {
            readable: may(&row, Action::Read),
            updatable: may(&row, Action::Update),
            id: row.id,
        };
        Ok(known.into_iter().map(candidate).collect())
    }

    /// Whether the caller can access the other table.
    pub(super) fn is_open(&self) -> bool {
        self.access.client().is_none() || self.related.enabled
    }
}
