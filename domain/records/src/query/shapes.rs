//! Spatial conditions. Matching rows are found in Rust instead of SQL, so that both engines have the same geometry.
//!
//! If there is an index of bounding boxes, it preselects rows; each of these is read and tested exactly. The numbers of
//! the matching rows become a list in the statement.

use db::list::Comparison;
use db::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use db::{Dialect, Error, Tx};
use geometry::{Bounds, Relation, Shape, distance};
use kernel::query::{Error as QueryError, Test};
use serde_json::Value as Json;

use super::found::{either, unfit};
use crate::derived::{DerivedFilter, shapes_of};
use crate::indexes::IndexKind;
use crate::physical::{self, iden};
use crate::{Column, Table};

/// Condition on shapes; a row matches if any of its alternatives does.
struct ShapeCondition {
    any: Vec<(Shape, ShapeTest)>,
    negated: bool,
}

#[derive(Debug, Clone, Copy)]
enum ShapeTest {
    Relation(Relation),
    /// At most this far, in metres or degrees.
    Within(f64, bool),
    /// Closer than this.
    Nearer(f64, bool),
    /// Exactly this far.
    Exactly(f64, bool),
}

/// The condition for a comparison of shapes; none for comparisons that SQL evaluates on the column.
pub(super) fn condition(
    tx: &mut Tx<'_>,
    table: &Table,
    column: &Column,
    comparison: Comparison<'_>,
) -> Result<Option<Condition>, Error> {
    let Some(shape_condition) = ShapeCondition::read(comparison)? else {
        return Ok(None);
    };
    let mut candidates = Query::select();
    let value = || Expr::col(iden(&column.name()));
    candidates
        .column(iden(physical::SEQ))
        .column(iden(&column.name()))
        .from(iden(&table.names.table))
        .and_where(value().is_not_null());
    let boxes = table.derived_of(column, IndexKind::Spatial);
    if let Some(near) = boxes.and_then(|boxes| boxes.find(DerivedFilter::Boxes(shape_condition.bounds()))) {
        candidates.and_where(Expr::col(iden(physical::SEQ)).in_subquery(near));
    }
    let Some(kind) = shapes_of(column) else {
        return Ok(None);
    };
    let mut found = String::from("[");
    tx.each(&candidates, |row| {
        let json: String = row.get(1)?;
        // The column's values were validated when they were written.
        let shape = serde_json::from_str(&json)
            .ok()
            .and_then(|json| Shape::parse(kind, &json).ok());
        if shape.is_some_and(|shape| shape_condition.fits(&shape)) {
            if found.len() > 1 {
                found.push(',');
            }
            found.push_str(&row.get::<i64>(0)?.to_string());
        }
        Ok(())
    })?;
    found.push(']');
    Ok(Some(either(
        column,
        numbers(tx.dialect(), &found),
        shape_condition.negated,
    )))
}

/// The numbers in a JSON list, as rows.
fn numbers(dialect: Dialect, list: &str) -> SelectStatement {
    let list = Expr::value(list);
    let each = match dialect {
        Dialect::Sqlite => Expr::cust_with_exprs("value FROM json_each(?)", [list]),
        Dialect::Postgres => {
            Expr::cust_with_exprs("CAST(jsonb_array_elements_text(CAST($1 AS jsonb)) AS bigint)", [list])
        }
    };
    Query::select().expr(each).take()
}

impl ShapeCondition {
    fn read(comparison: Comparison<'_>) -> Result<Option<Self>, QueryError> {
        let shape = |json: &Json| {
            Shape::any(json)
                .map_err(|error| QueryError::at(comparison.query, format!("{}: {error}", unfit(comparison).rule)))
        };
        let related = |relation| {
            let shapes = comparison
                .values
                .iter()
                .map(|json| Ok((shape(json)?, ShapeTest::Relation(relation))));
            shapes.collect::<Result<Vec<_>, QueryError>>()
        };
        let distant = |shape_test: fn(f64, bool) -> ShapeTest| {
            // The query parser ensures a list of a shape, a number and optionally a flag.
            let parts = comparison
                .values
                .first()
                .and_then(Json::as_array)
                .ok_or_else(|| unfit(comparison))?;
            let (of, far) = (parts.first(), parts.get(1).and_then(Json::as_f64));
            let meters = parts.get(2).and_then(Json::as_bool).unwrap_or(false);
            match (of, far) {
                (Some(of), Some(far)) => Ok(vec![(shape(of)?, shape_test(far, meters))]),
                _ => Err(unfit(comparison)),
            }
        };
        let (any, negated) = match comparison.test {
            Test::Equal => (related(Relation::Equal)?, false),
            Test::NotEqual => (related(Relation::Equal)?, true),
            Test::Contains => (related(Relation::Contains)?, false),
            Test::NotContains => (related(Relation::Contains)?, true),
            Test::Crosses => (related(Relation::Crosses)?, false),
            Test::NotCrosses => (related(Relation::Crosses)?, true),
            Test::Intersects => (related(Relation::Intersects)?, false),
            Test::NotIntersects => (related(Relation::Intersects)?, true),
            Test::Overlaps => (related(Relation::Overlaps)?, false),
            Test::NotOverlaps => (related(Relation::Overlaps)?, true),
            Test::Touches => (related(Relation::Touches)?, false),
            Test::NotTouches => (related(Relation::Touches)?, true),
            Test::DistanceLessThan => (distant(ShapeTest::Nearer)?, false),
            Test::DistanceGreaterThan => (distant(ShapeTest::Within)?, true),
            Test::DistanceEqual => (distant(ShapeTest::Exactly)?, false),
            Test::DistanceNotEqual => (distant(ShapeTest::Exactly)?, true),
            _ => return Ok(None),
        };
        Ok(Some(Self { any, negated }))
    }

    /// A bounding box that intersects every matching shape.
    fn bounds(&self) -> Bounds {
        let boxes = self.any.iter().map(|(shape, shape_test)| match shape_test {
            ShapeTest::Relation(_) => shape.bounds(),
            ShapeTest::Within(far, meters) | ShapeTest::Nearer(far, meters) | ShapeTest::Exactly(far, meters) => {
                shape.bounds().grown_by(*far, *meters)
            }
        });
        let around = |one: Bounds, other: Bounds| Bounds {
            x0: one.x0.min(other.x0),
            y0: one.y0.min(other.y0),
            x1: one.x1.max(other.x1),
            y1: one.y1.max(other.y1),
        };
        boxes.reduce(around).unwrap_or(Bounds::WORLD)
    }

    fn fits(&self, stored: &Shape) -> bool {
        self.any.iter().any(|(comparison, shape_test)| match shape_test {
            ShapeTest::Relation(relation) => relation.holds(stored, comparison),
            ShapeTest::Within(far, meters) => distance(stored, comparison, *meters) <= *far,
            ShapeTest::Nearer(far, meters) => distance(stored, comparison, *meters) < *far,
            #[expect(clippy::float_cmp, reason = "the very distance is asked for")]
            ShapeTest::Exactly(far, meters) => distance(stored, comparison, *meters) == *far,
        })
    }
}
