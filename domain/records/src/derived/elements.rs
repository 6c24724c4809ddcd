//! The elements of lists.

use db::sea_query::{self, Alias, ColumnDef, Expr, ExprTrait, OnConflict, Query, SelectStatement};
use db::{Dialect, PreparedSql, ToValue, Tx, Value};
use serde_json::Value as Json;

use super::side;
use crate::Result;
use crate::columns::{Column, Stored};
use crate::indexes::Index;
use crate::physical::{self, Names};

/// SQLite: a table of (value, seq) with one entry per distinct element of a row. PostgreSQL: a GIN index over the
/// column, which the engine maintains.
#[derive(Debug)]
pub(super) struct Elements {
    side: String,
    column: String,
    holds: Stored,
    statements: Option<Statements>,
}

#[derive(Debug)]
struct Statements {
    put: PreparedSql,
    take: PreparedSql,
}

impl Elements {
    pub(super) fn of(dialect: Dialect, names: &Names, index: &Index, column: &Column) -> Self {
        let side = names.other(&format!("elements{}", index.seq));
        let statements = (dialect == Dialect::Sqlite).then(|| {
            let put = Query::insert()
                .into_table(physical::iden(&side))
                .columns(["value", "seq"].map(physical::iden))
                .values_panic([0.into(), 0.into()])
                .on_conflict(OnConflict::new().do_nothing().to_owned())
                .take();
            Statements {
                put: PreparedSql::of(dialect, &put),
                take: side::delete(dialect, &side, "seq"),
            }
        });
        Self {
            side,
            column: column.name(),
            holds: column.spec.kind.stored(),
            statements,
        }
    }

    pub(super) fn create(&self, tx: &mut Tx<'_>, names: &Names) -> Result<()> {
        if self.statements.is_none() {
            let column = physical::iden(&self.column);
            let create = sea_query::Index::create()
                .name(&self.side)
                .table(Alias::new(&names.table))
                .index_type(sea_query::IndexType::Custom(Alias::new("gin").into()))
                .col(sea_query::IndexColumn::from(column).with_operator_class("jsonb_path_ops"))
                .take();
            let sql = tx.dialect().render_schema(&create);
            return Ok(tx.batch(&sql)?);
        }
        let mut value = ColumnDef::new(Alias::new("value"));
        match self.holds {
            Stored::Integer => value.big_integer(),
            Stored::Real => value.double(),
            Stored::Boolean => value.boolean(),
            Stored::Text | Stored::Instant | Stored::Shape => value.text(),
        };
        let side = sea_query::Table::create()
            .table(Alias::new(&self.side))
            .col(value.not_null())
            .col(ColumnDef::new(Alias::new("seq")).integer().not_null())
            .primary_key(
                sea_query::Index::create()
                    .col(Alias::new("value"))
                    .col(Alias::new("seq")),
            )
            .take();
        let by_row = sea_query::Index::create()
            .name(format!("{}rows_", self.side))
            .table(Alias::new(&self.side))
            .col(Alias::new("seq"))
            .take();
        let dialect = tx.dialect();
        tx.batch(&(dialect.render_schema(&side) + " WITHOUT ROWID"))?;
        Ok(tx.batch(&dialect.render_schema(&by_row))?)
    }

    pub(super) fn drop(&self, tx: &mut Tx<'_>) -> Result<()> {
        let sql = match self.statements {
            Some(_) => {
                let drop = sea_query::Table::drop()
                    .table(Alias::new(&self.side))
                    .if_exists()
                    .take();
                tx.dialect().render_schema(&drop)
            }
            None => {
                let drop = sea_query::Index::drop().name(&self.side).if_exists().to_owned();
                tx.dialect().render_schema(&drop)
            }
        };
        Ok(tx.batch(&sql)?)
    }

    pub(super) fn put(&self, tx: &mut Tx<'_>, seq: i64, list: &Value) -> Result<()> {
        let Some(statements) = &self.statements else {
            return Ok(());
        };
        tx.prepared_execute(&statements.take, &[seq.into()])?;
        let Value::String(Some(json)) = list else {
            return Ok(());
        };
        // The column's text was written by this crate, so it can be parsed.
        let elements: Vec<Json> = serde_json::from_str(json).unwrap_or_default();
        for element in elements {
            if let Some(value) = element_of(self.holds, &element) {
                tx.prepared_execute(&statements.put, &[value, seq.into()])?;
            }
        }
        Ok(())
    }

    /// Query for the numbers of the rows whose lists contain any of these values.
    pub(super) fn find(&self, values: Vec<Value>) -> Option<SelectStatement> {
        self.statements.as_ref()?;
        let found = Query::select()
            .column(physical::iden("seq"))
            .from(physical::iden(&self.side))
            .and_where(Expr::col(physical::iden("value")).is_in(values))
            .take();
        Some(found)
    }

    pub(super) fn take(&self, tx: &mut Tx<'_>, seq: i64) -> Result<()> {
        if let Some(statements) = &self.statements {
            tx.prepared_execute(&statements.take, &[seq.into()])?;
        }
        Ok(())
    }
}

/// An element as SQL value; none for null.
fn element_of(holds: Stored, element: &Json) -> Option<Value> {
    match holds {
        Stored::Integer => element.as_i64().map(|number| number.to_value()),
        Stored::Real => element.as_f64().map(|number| number.to_value()),
        Stored::Boolean => element.as_bool().map(|flag| flag.to_value()),
        Stored::Text | Stored::Instant | Stored::Shape => element.as_str().map(ToValue::to_value),
    }
}
