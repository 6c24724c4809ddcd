//! Aggregate functions, as SQL that cannot overflow.

use db::sea_query::{BinOper, CaseStatement, Expr, ExprTrait, Func, SelectStatement};
use db::{Dialect, Error as DbError, Row};

use super::group::{attribute, sort};
use crate::columns::Stored;
use crate::physical::iden;
use crate::{Error, Result, Table, verbatim};

kernel::choices! {
    /// Aggregate function.
    pub(super) enum Aggregation {
        /// Number of values.
        Count = "count",
        /// Sum of the values.
        Sum = "sum",
        /// Mean of the values.
        Avg = "avg",
        /// Minimum.
        Min = "min",
        /// Maximum.
        Max = "max",
        /// Number of distinct values.
        Distinct = "distinct",
    }
}

/// A function with its attribute.
#[derive(Debug)]
pub(super) struct Function {
    /// The text of the request.
    pub(super) text: String,
    aggregation: Aggregation,
    /// The SQL column and its type; none for the number of rows.
    of: Option<(String, Stored)>,
}

/// Width of the lower part of an integer, in bits: the upper and lower parts are added separately, so that neither sum
/// needs more than 64 bits.
const HALF: i64 = 32;
const LOWER: i64 = 0xffff_ffff;
/// Divisor of floating-point numbers of magnitude 1 or more, which are added separately, so that the sum does not
/// overflow.
const SCALE: f64 = 18_446_744_073_709_551_616.0;

fn case(case: CaseStatement) -> Expr {
    Expr::Case(Box::new(case))
}

impl Function {
    /// Parses `count` or `sum:price`.
    pub(super) fn parse(table: &Table, text: &str) -> Result<Self> {
        let refuse = |why: String| Error::Argument(format!("Invalid `functions` param: {why}"));
        let (name, key) = text
            .split_once(':')
            .map_or((text, None), |(name, key)| (name, Some(key)));
        let aggregation = Aggregation::parse(name).ok_or_else(|| {
            let names: Vec<&str> = Aggregation::ALL
                .iter()
                .map(|aggregation| aggregation.as_str())
                .collect();
            refuse(format!(
                "\"{}\" is none of {}, with an attribute behind a colon",
                verbatim(text),
                names.join(", ")
            ))
        })?;
        let of = key.map(|key| attribute(table, "functions", key)).transpose()?;
        match (aggregation, &of) {
            (Aggregation::Count, _) => {}
            (_, None) => return Err(refuse(format!("{name} needs an attribute, as in {name}:price"))),
            (Aggregation::Sum | Aggregation::Avg, Some((_, Stored::Integer | Stored::Real))) => {}
            (Aggregation::Sum | Aggregation::Avg, _) => {
                return Err(refuse(format!("{}: only numbers can be added", verbatim(text))));
            }
            _ => {}
        }
        let text = text.to_owned();
        Ok(Self { text, aggregation, of })
    }

    fn column(&self) -> Expr {
        self.of
            .as_ref()
            .map_or_else(|| Expr::cust("*"), |(column, _)| Expr::col(iden(column)))
    }

    fn holds(&self) -> Option<Stored> {
        self.of.as_ref().map(|(_, holds)| *holds)
    }

    fn is_sum(&self) -> bool {
        matches!(self.aggregation, Aggregation::Sum | Aggregation::Avg)
    }

    /// Number of result columns.
    pub(super) fn columns(&self) -> usize {
        if self.is_sum() { 3 } else { 1 }
    }

    /// Adds its columns to a query: the parts of a sum and the number of values, or the result.
    pub(super) fn select(&self, select: &mut SelectStatement) {
        if self.is_sum() {
            let [upper, lower] = self.parts();
            select.expr(upper).expr(lower).expr(Func::count(self.column()));
        } else {
            select.expr(self.result());
        }
    }

    fn result(&self) -> Expr {
        let boolean = self.holds() == Some(Stored::Boolean);
        // PostgreSQL has no `min` and `max` of booleans.
        let value = || {
            if boolean {
                self.column().cast_as("integer")
            } else {
                self.column()
            }
        };
        match self.aggregation {
            Aggregation::Min => Func::min(value()).into(),
            Aggregation::Max => Func::max(value()).into(),
            Aggregation::Distinct => Func::count_distinct(self.column()).into(),
            _ => Func::count(self.column()).into(),
        }
    }

    /// Two sums that together form the result; neither overflows for any possible number of rows.
    fn parts(&self) -> [Expr; 2] {
        let value = || self.column();
        let (upper, lower) = match self.holds() {
            Some(Stored::Real) => {
                let small = || value().gt(-1.0).and(value().lt(1.0));
                let upper = CaseStatement::new().case(small(), 0.0).finally(value().div(SCALE));
                let lower = CaseStatement::new().case(small(), value()).finally(0.0);
                let some = value().is_not_null();
                (
                    case(CaseStatement::new().case(some.clone(), upper)),
                    case(CaseStatement::new().case(some, lower)),
                )
            }
            _ => (
                value().binary(BinOper::RShift, Expr::value(HALF).cast_as("integer")),
                value().binary(BinOper::BitAnd, Expr::value(LOWER).cast_as("bigint")),
            ),
        };
        let sum = |part: Expr| match self.holds() {
            Some(Stored::Real) => Expr::from(Func::sum(part)),
            // PostgreSQL's `sum` of `bigint` is `numeric`.
            _ => Expr::from(Func::sum(part)).cast_as("bigint"),
        };
        [sum(upper), sum(lower)]
    }

    /// Sorts groups by the result. Sums that differ beyond the precision of a double count as equal.
    pub(super) fn sort(&self, dialect: Dialect, select: &mut SelectStatement, descending: bool) {
        if !self.is_sum() {
            return sort(dialect, select, self.result(), descending);
        }
        let [upper, lower] = self.parts();
        let by = match self.holds() {
            Some(Stored::Real) => {
                // The division of a number this small underflows, which is an error in PostgreSQL.
                let small = || lower.clone().gt(-1e-200).and(lower.clone().lt(1e-200));
                let lower = CaseStatement::new()
                    .case(small(), 0.0)
                    .finally(lower.clone().div(SCALE));
                upper.add(case(lower))
            }
            _ => upper
                .cast_as("double precision")
                .mul(4_294_967_296.0)
                .add(lower.cast_as("double precision")),
        };
        let by = match self.aggregation {
            Aggregation::Avg => by.div(Expr::from(Func::count(self.column())).cast_as("double precision")),
            _ => by,
        };
        sort(dialect, select, by, descending);
    }

    /// Writes the result, whose columns begin at `at`.
    pub(super) fn write(&self, row: &Row<'_>, at: usize, json: &mut Vec<u8>) -> std::result::Result<(), DbError> {
        let result = match (self.aggregation, self.holds()) {
            (Aggregation::Sum | Aggregation::Avg, Some(holds)) => self.added_up(row, at, holds)?,
            (Aggregation::Min | Aggregation::Max, Some(holds)) => {
                holds.write(row.value(at)?, json);
                return Ok(());
            }
            _ => Some(row.get::<i64>(at)?.to_string()),
        };
        json.extend_from_slice(result.as_deref().unwrap_or("null").as_bytes());
        Ok(())
    }

    /// A sum or a mean, as JSON.
    #[expect(clippy::cast_precision_loss, reason = "a mean is a double")]
    fn added_up(&self, row: &Row<'_>, at: usize, holds: Stored) -> std::result::Result<Option<String>, DbError> {
        let count = row.get::<i64>(at + 2)?;
        if count == 0 {
            return Ok((self.aggregation == Aggregation::Sum).then(|| "0".to_owned()));
        }
        let real = |number: f64| serde_json::Number::from_f64(number + 0.0).map(|number| number.to_string());
        if holds == Stored::Real {
            let (upper, lower) = (row.get::<f64>(at)?, row.get::<f64>(at + 1)?);
            let over = if self.aggregation == Aggregation::Avg {
                count as f64
            } else {
                1.0
            };
            return Ok(real(upper / over * SCALE + lower / over));
        }
        let (upper, lower) = (row.get::<i64>(at)?, row.get::<i64>(at + 1)?);
        let sum = (i128::from(upper) << HALF) + i128::from(lower);
        Ok(match self.aggregation {
            Aggregation::Avg => real(sum as f64 / count as f64),
            _ => Some(sum.to_string()),
        })
    }
}
