//! Incrementing and decrementing numbers of rows.

use db::Tx;
use kernel::Timestamp;
use kernel::permission::Action;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value as Json};

use super::operators::whole_number;
use super::record::real;
use super::{Record, check, find_for_update, hooks, store};
use crate::columns::{Column, Stored};
use crate::{Access, AccessError, ColumnError, Error, Result, RowError, RowId, Table, verbatim};

/// Increment or decrement of a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// Key of the column.
    pub column: String,
    /// Amount; greater than zero.
    pub by: Number,
    /// Whether the number is decremented.
    pub down: bool,
    /// Bound of the result: the maximum of an increment, the minimum of a decrement.
    pub bound: Option<Number>,
}

/// Increments or decrements a number of a row. A null value counts as zero.
///
/// Fails with [`ColumnError::NotFound`] if the column does not exist, with [`RowError::NotFound`] if the row does not
/// exist, and with [`ColumnError::Limit`] if the result exceeds the bound or the column's limits.
pub fn increment(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    id: &RowId,
    count: &Count,
    read_at: Option<Timestamp>,
) -> Result<Record> {
    let absent = || ColumnError::NotFound(count.column.clone());
    let mut stored = table.stored().enumerate();
    let found = stored.find(|(_, column)| column.key.as_str() == count.column);
    let (position, column) = match found {
        Some(found) => found,
        None if table
            .column(&count.column)
            .is_some_and(|column| !column.spec.kind.is_stored()) =>
        {
            return Err(ColumnError::NotANumber(count.column.clone()).into());
        }
        None => return Err(absent().into()),
    };
    let is_number = matches!(column.spec.kind.stored(), Stored::Integer | Stored::Real);
    if column.spec.array || !is_number {
        return Err(ColumnError::NotANumber(count.column.clone()).into());
    }
    let old = find_for_update(tx, table, id)?.ok_or_else(absent)?;
    if !access.granted_on(table, &old.permissions, Action::Update) {
        return Err(AccessError::Unauthorized.into());
    }
    if read_at.is_some_and(|read_at| old.updated_at > read_at) {
        return Err(RowError::UpdateConflict.into());
    }
    let mut new = old.clone();
    new.values[position] = counted(column, &old.values[position], count)?;
    new.updated_at = tx.now();
    store::change(tx, table, &old, &new)?;
    hooks::after_write(tx, table, access, &new, &serde_json::Map::new())?;
    Ok(new)
}

fn counted(column: &Column, current: &Json, count: &Count) -> Result<Json> {
    let (key, end) = (verbatim(&count.column), if count.down { "minimum" } else { "maximum" });
    let past_limit = |bound: &dyn std::fmt::Display| {
        ColumnError::Limit(format!("Attribute \"{key}\" has reached the {end} value of {bound}")).into()
    };
    let result = if column.spec.kind.stored() == Stored::Integer {
        let whole = |number: &Number| whole_number(number).map(i128::from);
        let by = whole(&count.by)
            .ok_or_else(|| Error::Argument(format!("Invalid `value` param: \"{key}\" takes whole numbers only")))?;
        let current = i128::from(current.as_i64().unwrap_or_default());
        let result = if count.down { current - by } else { current + by };
        let is_beyond = |bound: &&Number| match bound.as_i64() {
            Some(bound) => (result > bound.into()) != count.down && result != bound.into(),
            #[expect(
                clippy::cast_precision_loss,
                reason = "the bound is no whole number of 64 bits itself"
            )]
            None => (result as f64 > bound.as_f64().unwrap_or_default()) != count.down,
        };
        if let Some(bound) = count.bound.as_ref().filter(is_beyond) {
            return Err(past_limit(bound));
        }
        i64::try_from(result)
            .map(Json::from)
            .map_err(|_| past_limit(&"64 bits"))?
    } else {
        let by = count.by.as_f64().unwrap_or_default();
        let current = current.as_f64().unwrap_or_default();
        let result = if count.down { current - by } else { current + by };
        let is_beyond = |bound: &&Number| {
            let bound = bound.as_f64().unwrap_or_default();
            if count.down { result < bound } else { result > bound }
        };
        if let Some(bound) = count.bound.as_ref().filter(is_beyond) {
            return Err(past_limit(bound));
        }
        real(result)
    };
    check(column, &result).map_err(|_| past_limit(&"its range"))
}
