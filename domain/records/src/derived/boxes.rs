//! The bounding boxes of shapes.

use db::sea_query::extension::postgres::PgBinOper;
use db::sea_query::{Expr, ExprTrait, Func, OnConflict, Query, SelectStatement};
use db::{Dialect, PreparedSql, ToValue, Tx, Value};
use geometry::{Bounds, Kind as Shapes, Shape};

use super::side;
use crate::indexes::Index;
use crate::physical::{Names, iden};
use crate::{Column, Kind, Result};

/// SQLite: an R-tree, which rounds coordinates outwards to 32-bit numbers. PostgreSQL: a table of boxes with a GiST
/// index.
#[derive(Debug)]
pub(super) struct Boxes {
    dialect: Dialect,
    side: String,
    shapes: Shapes,
    put: PreparedSql,
    take: PreparedSql,
}

/// Shape type of a column; `None` for other columns.
pub(crate) fn shapes_of(column: &Column) -> Option<Shapes> {
    match column.spec.kind {
        Kind::Point => Some(Shapes::Point),
        Kind::Line => Some(Shapes::Line),
        Kind::Polygon => Some(Shapes::Polygon),
        _ => None,
    }
}

/// A box as PostgreSQL expression.
fn pg_box(bounds: Bounds) -> Expr {
    let point = |x: f64, y: f64| Expr::from(Func::cust("point").args([double(x), double(y)]));
    Func::cust("box")
        .args([point(bounds.x0, bounds.y0), point(bounds.x1, bounds.y1)])
        .into()
}

fn double(number: f64) -> Expr {
    Expr::value(number).cast_as("double precision")
}

impl Boxes {
    pub(super) fn of(dialect: Dialect, names: &Names, index: &Index, shapes: Shapes) -> Self {
        let side = names.other(&format!("boxes{}", index.seq));
        let mut put = Query::insert();
        put.into_table(iden(&side));
        let row = match dialect {
            Dialect::Sqlite => {
                put.replace().columns(["id", "x0", "x1", "y0", "y1"].map(iden));
                put.values_panic([0, 0, 0, 0, 0].map(Expr::value));
                "id"
            }
            Dialect::Postgres => {
                put.columns(["seq", "bounds"].map(iden));
                put.values_panic([0.into(), pg_box(Bounds::WORLD)]);
                put.on_conflict(OnConflict::column(iden("seq")).update_column(iden("bounds")).to_owned());
                "seq"
            }
        };
        Self {
            dialect,
            shapes,
            put: PreparedSql::of(dialect, &put),
            take: side::delete(dialect, &side, row),
            side,
        }
    }

    pub(super) fn create(&self, tx: &mut Tx<'_>) -> Result<()> {
        let side = side::quoted(&self.side);
        let sql = match self.dialect {
            Dialect::Sqlite => format!("CREATE VIRTUAL TABLE {side} USING rtree(id, x0, x1, y0, y1)"),
            Dialect::Postgres => format!(
                "CREATE TABLE {side} (seq bigint PRIMARY KEY, bounds box NOT NULL); CREATE INDEX {} ON {side} USING gist (bounds)",
                side::quoted(&format!("{}by_box_", self.side))
            ),
        };
        Ok(tx.batch(&sql)?)
    }

    pub(super) fn drop(&self, tx: &mut Tx<'_>) -> Result<()> {
        Ok(tx.batch(&format!("DROP TABLE IF EXISTS {}", side::quoted(&self.side)))?)
    }

    pub(super) fn put(&self, tx: &mut Tx<'_>, seq: i64, shape: &Value) -> Result<()> {
        let Some(bounds) = self.bounds(shape) else {
            return self.take(tx, seq);
        };
        let Bounds { x0, y0, x1, y1 } = bounds;
        let sides = match self.dialect {
            Dialect::Sqlite => [x0, x1, y0, y1],
            Dialect::Postgres => [x0, y0, x1, y1],
        };
        let values: Vec<Value> = std::iter::once(seq.into())
            .chain(sides.map(|side| side.to_value()))
            .collect();
        tx.prepared_execute(&self.put, &values)?;
        Ok(())
    }

    /// Bounding box of a shape; none for null. Values were validated when they were written.
    fn bounds(&self, shape: &Value) -> Option<Bounds> {
        let Value::String(Some(json)) = shape else { return None };
        let coordinates = serde_json::from_str(json).ok()?;
        Some(Shape::parse(self.shapes, &coordinates).ok()?.bounds())
    }

    pub(super) fn take(&self, tx: &mut Tx<'_>, seq: i64) -> Result<()> {
        tx.prepared_execute(&self.take, &[seq.into()])?;
        Ok(())
    }

    /// Query for the numbers of the rows whose boxes intersect a box; a superset of the matching rows.
    pub(super) fn find(&self, bounds: Bounds) -> SelectStatement {
        let mut found = Query::select();
        found.from(iden(&self.side));
        match self.dialect {
            Dialect::Sqlite => found
                .column(iden("id"))
                .and_where(Expr::col(iden("x0")).lte(bounds.x1))
                .and_where(Expr::col(iden("x1")).gte(bounds.x0))
                .and_where(Expr::col(iden("y0")).lte(bounds.y1))
                .and_where(Expr::col(iden("y1")).gte(bounds.y0)),
            Dialect::Postgres => found
                .column(iden("seq"))
                .and_where(Expr::col(iden("bounds")).binary(PgBinOper::Overlap, pg_box(bounds))),
        };
        found.take()
    }
}
