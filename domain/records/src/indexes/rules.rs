//! Rules for the columns of an index.

use super::{IndexKind, IndexSpec};
use crate::columns::{Column, Status};
use crate::{ColumnError, IndexError, Kind, Result, Table};

/// Maximum number of indexes of a table; Appwrite's limit is 64, including 6 internal ones.
pub(super) const MAX_INDEXES: usize = 58;
/// Maximum length of an index key in characters, computed as in Appwrite.
const MAX_LENGTH: u64 = 768;
/// Length of an array's element, in characters.
const ELEMENT: u32 = 255;
/// Maximum number of columns of an index: PostgreSQL's limit.
const MAX_COLUMNS: usize = 32;
/// Internal columns that can be indexed.
const OWN: [&str; 3] = ["$id", "$createdAt", "$updatedAt"];

/// Checks an index's specification; returns it with the lengths and orders for the catalog.
pub(super) fn check(table: &Table, mut spec: IndexSpec) -> Result<IndexSpec> {
    let columns = find_all(table, &spec)?;
    let count = spec.columns.len();
    if !(1..=MAX_COLUMNS).contains(&count) {
        return invalid(format!("An index has 1 to {MAX_COLUMNS} <columns>"));
    }
    if spec.lengths.len() > count || spec.orders.len() > count {
        return invalid("There are more lengths or orders than <columns>".to_owned());
    }
    if let Some(double) = (1..count).find(|at| spec.columns[..*at].contains(&spec.columns[*at])) {
        return invalid(format!("<Column> \"{}\" is given twice", spec.columns[double]));
    }
    if spec.folded && spec.kind != IndexKind::Unique {
        return invalid("caseInsensitive is for unique indexes only".to_owned());
    }
    check_lengths(&spec, &columns)?;
    if spec.lengths.iter().any(Option::is_some) || columns.iter().flatten().any(|column| column.spec.array) {
        spec.lengths.resize(count, None);
    }
    for (position, column) in columns.iter().enumerate() {
        if column.is_some_and(|column| column.spec.array) {
            spec.lengths[position] = Some(ELEMENT);
            spec.orders.get_mut(position).into_iter().for_each(String::clear);
        }
    }
    match spec.kind {
        IndexKind::Key | IndexKind::Unique => check_key(&spec, &columns)?,
        IndexKind::Fulltext => check_fulltext(&columns)?,
        IndexKind::Spatial => check_spatial(&columns)?,
    }
    Ok(spec)
}

fn invalid<T>(rule: String) -> Result<T> {
    Err(IndexError::Invalid(rule).into())
}

/// The columns of an index; `None` for internal columns.
fn find_all<'t>(table: &'t Table, spec: &IndexSpec) -> Result<Vec<Option<&'t Column>>> {
    let find = |key: &String| {
        if OWN.contains(&key.as_str()) {
            return Ok(None);
        }
        let column = table.column(key).filter(|column| !column.is_hidden());
        let column = column.ok_or_else(|| ColumnError::Unknown(key.clone()))?;
        if matches!(column.spec.kind, Kind::Relationship(_)) {
            let message = format!("<Column> \"{key}\" is a relationship, which cannot be indexed");
            return Err(ColumnError::TypeInvalid(message).into());
        }
        if column.status != Status::Available {
            return Err(ColumnError::NotAvailable(key.clone()).into());
        }
        if column.spec.encrypt {
            return invalid(format!("<Column> \"{key}\" is encrypted, and cannot be indexed"));
        }
        Ok(Some(column))
    };
    spec.columns.iter().map(find).collect()
}

fn check_lengths(spec: &IndexSpec, columns: &[Option<&Column>]) -> Result<()> {
    for ((key, length), column) in spec.columns.iter().zip(&spec.lengths).zip(columns) {
        let Some(length) = length else { continue };
        let size = match column {
            Some(column) if column.spec.array => continue,
            Some(column) => column.spec.kind.size(),
            None if key == "$id" => Some(36),
            None => None,
        };
        match size {
            None => return invalid(format!("<Column> \"{key}\" is no text, and its index has no length")),
            Some(size) if *length > size => {
                return invalid(format!(
                    "<Column> \"{key}\" has a size of {size}; its length in the index is greater"
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn check_key(spec: &IndexSpec, columns: &[Option<&Column>]) -> Result<()> {
    let lists = columns.iter().flatten().filter(|column| column.spec.array);
    let lists: Vec<&Column> = lists.copied().collect();
    if let Some(shape) = columns.iter().flatten().find(|column| column.spec.kind.is_shape()) {
        return invalid(format!("<Column> \"{}\" needs an index of the type spatial", shape.key));
    }
    if spec.kind == IndexKind::Unique
        && let Some(list) = lists.first()
    {
        return invalid(format!("<Column> \"{}\" is a list, which cannot be unique", list.key));
    }
    if lists.len() > 1 {
        return invalid("An index has at most one <column> that is a list".to_owned());
    }
    check_total(spec, columns)
}

/// Checks the length of a key, in characters.
pub(super) fn check_total(spec: &IndexSpec, columns: &[Option<&Column>]) -> Result<()> {
    if matches!(spec.kind, IndexKind::Fulltext | IndexKind::Spatial) {
        return Ok(());
    }
    let length = |(position, column): (usize, &Option<&Column>)| match column {
        None => 1,
        Some(column) if column.spec.array => u64::from(ELEMENT),
        Some(column) => match (&column.spec.kind, column.spec.kind.size()) {
            (Kind::Float { .. }, _) => 2,
            (_, None) => 1,
            (_, Some(size)) => u64::from(spec.lengths.get(position).copied().flatten().unwrap_or(size)),
        },
    };
    let total: u64 = columns.iter().enumerate().map(length).sum();
    if total > MAX_LENGTH {
        return invalid(format!(
            "A key of this index holds {total} characters, and may hold {MAX_LENGTH}: give lengths for the texts"
        ));
    }
    Ok(())
}

fn check_fulltext(columns: &[Option<&Column>]) -> Result<()> {
    let is_text = |column: &&Column| column.spec.kind.size().is_some() && !column.spec.array;
    match columns
        .iter()
        .find(|column| column.as_ref().is_none_or(|column| !is_text(column)))
    {
        None => Ok(()),
        Some(other) => {
            let key = other.map_or("$id", |column| column.key.as_str());
            invalid(format!(
                "<Column> \"{key}\" is no text, and cannot be in an index of the type fulltext"
            ))
        }
    }
}

fn check_spatial(columns: &[Option<&Column>]) -> Result<()> {
    let [Some(column)] = columns else {
        return invalid(
            "An index of the type spatial has exactly one <column>, which is a point, a line or a polygon".to_owned(),
        );
    };
    if !column.spec.kind.is_shape() {
        return invalid(format!("<Column> \"{}\" is no point, line or polygon", column.key));
    }
    if !column.spec.required {
        return invalid(format!(
            "<Column> \"{}\" must be required to have an index of the type spatial",
            column.key
        ));
    }
    Ok(())
}
