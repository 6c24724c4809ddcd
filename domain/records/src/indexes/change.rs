//! Deletion of indexes, and changes to indexes when their columns change.

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Tx};

use super::{Index, IndexKind, IndexSpec, Indexes, create, rules};
use crate::columns::{Column, Status};
use crate::tables::entry::outdate;
use crate::{IndexError, Key, Result, Table, derived, physical};

/// Deletes an index; returns the index before the deletion.
///
/// Fails with [`IndexError::NotFound`].
pub fn delete(tx: &mut Tx<'_>, table: &Table, key: &Key) -> Result<Index> {
    let index = table.find_index(key)?;
    drop(tx, table, index)?;
    forget(tx, index.seq)?;
    outdate(tx, table.names.seq)?;
    Ok(index.clone())
}

/// Drops the storage of an index, if it exists.
fn drop(tx: &mut Tx<'_>, table: &Table, index: &Index) -> Result<()> {
    if table.is_derived(index) {
        derived::drop(tx, table, index)
    } else {
        physical::drop_index(tx, table, index)
    }
}

/// Replaces a column's key in every index that contains it.
pub(crate) fn rename_column(tx: &mut Tx<'_>, table: &Table, old: &Key, new: &Key) -> Result<()> {
    for index in table.indexes.iter().filter(|index| index.has(old)) {
        let mut spec = index.spec.clone();
        for key in spec.columns.iter_mut().filter(|key| *key == old.as_str()) {
            new.as_str().clone_into(key);
        }
        save(tx, index.seq, &spec)?;
    }
    Ok(())
}

/// Checks the indexes of a column whose size increases, and rebuilds those that PostgreSQL represents differently now.
pub(crate) fn grow(tx: &mut Tx<'_>, table: &Table, grown: &Column) -> Result<()> {
    for index in table.indexes.iter().filter(|index| index.has(&grown.key)) {
        let columns: Vec<Option<&Column>> = (index.spec.columns.iter())
            .map(|key| {
                if *key == grown.key.as_str() {
                    Some(grown)
                } else {
                    table.column(key)
                }
            })
            .collect();
        rules::check_total(&index.spec, &columns)?;
        let held = index.status == Status::Available && !table.is_derived(index);
        if held && physical::representation_differs(tx.dialect(), table, index, &columns) {
            physical::drop_index(tx, table, index)?;
            physical::create_index_of(tx, table, index, &columns)?;
        }
    }
    Ok(())
}

/// Removes a column from every index: an index without other columns is deleted, the others are rebuilt.
///
/// Fails with [`IndexError::Dependency`] if the remaining index would have another meaning: the remaining columns of a
/// unique index need not be unique.
pub(crate) fn remove_column(tx: &mut Tx<'_>, table: &Table, column: &Column) -> Result<()> {
    for index in table.indexes.iter().filter(|index| index.has(&column.key)) {
        let several = index.spec.columns.len() > 1;
        if several && (index.spec.kind == IndexKind::Unique || column.spec.array) {
            return Err(IndexError::Dependency(column.key.to_string(), index.key.to_string()).into());
        }
        drop(tx, table, index)?;
        let rest = without(&index.spec, &column.key);
        let double = |other: &&Index| other.seq != index.seq && other.spec.is_same(&rest);
        if !several || table.indexes.iter().any(|other| double(&other)) {
            forget(tx, index.seq)?;
            continue;
        }
        save(tx, index.seq, &rest)?;
        let mut rest = Index {
            spec: rest,
            ..index.clone()
        };
        create::begin(tx, table, &mut rest)?;
    }
    Ok(())
}

/// The specification without a column.
fn without(spec: &IndexSpec, column: &Key) -> IndexSpec {
    let mut rest = spec.clone();
    if let Some(position) = spec.columns.iter().position(|key| key == column.as_str()) {
        rest.columns.remove(position);
        if position < rest.lengths.len() {
            rest.lengths.remove(position);
        }
        if position < rest.orders.len() {
            rest.orders.remove(position);
        }
    }
    rest
}

fn save(tx: &mut Tx<'_>, seq: i64, spec: &IndexSpec) -> Result<()> {
    let update = Query::update()
        .table(Indexes::Table)
        .value(Indexes::Spec, db::value(&Json(spec)))
        .value(Indexes::Columns, db::value(&Json(&spec.columns)))
        .value(Indexes::UpdatedAt, db::value(&tx.now()))
        .and_where(Expr::col(Indexes::Seq).eq(seq))
        .take();
    tx.execute(&update)?;
    Ok(())
}

fn forget(tx: &mut Tx<'_>, seq: i64) -> Result<()> {
    let delete = Query::delete()
        .from_table(Indexes::Table)
        .and_where(Expr::col(Indexes::Seq).eq(seq))
        .take();
    tx.execute(&delete)?;
    Ok(())
}
