//! Values and their comparison, which is exact, and by code point for texts.

use std::cmp::Ordering;

use geometry::{Kind as ShapeKind, Shape};
use kernel::Timestamp;
use records::Kind;
use serde_json::{Value as Json, json};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Text(String),
    Integer(i64),
    Real(f64),
    Boolean(bool),
    Instant(Timestamp),
    Shape(Shape),
    List(Vec<Value>),
}

impl Value {
    /// A value of a column from the JSON of a client; none if it has the wrong type.
    pub(crate) fn of(kind: &Kind, json: &Json) -> Option<Self> {
        let text = || json.as_str().filter(|text| !text.contains('\0'));
        Some(match kind {
            _ if json.is_null() => Self::Null,
            Kind::Integer { .. } => Self::Integer(json.as_i64()?),
            // Negative zero becomes zero.
            Kind::Float { .. } => Self::Real(json.as_f64()? + 0.0),
            Kind::Boolean => Self::Boolean(json.as_bool()?),
            Kind::Datetime => Self::Instant(Timestamp::parse(text()?)?),
            Kind::Point => Self::Shape(Shape::parse(ShapeKind::Point, json).ok()?),
            Kind::Line => Self::Shape(Shape::parse(ShapeKind::Line, json).ok()?),
            Kind::Polygon => Self::Shape(Shape::parse(ShapeKind::Polygon, json).ok()?),
            _ => Self::Text(text()?.to_owned()),
        })
    }

    /// JSON of the value in a reply.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Text(text) => json!(text),
            Self::Integer(number) => json!(number),
            Self::Real(number) => json!(number),
            Self::Boolean(flag) => json!(flag),
            Self::Instant(instant) => json!(instant),
            Self::Shape(shape) => serde_json::from_str(&shape.to_json()).expect("JSON"),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// Order of two values of one column; `None` if one is null.
    pub(crate) fn compared(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => Some(one.chars().cmp(other.chars())),
            (Self::Integer(one), Self::Integer(other)) => Some(one.cmp(other)),
            (Self::Real(one), Self::Real(other)) => one.partial_cmp(other),
            (Self::Boolean(one), Self::Boolean(other)) => Some(one.cmp(other)),
            (Self::Instant(one), Self::Instant(other)) => Some(one.cmp(other)),
            // By the text of their coordinates: an arbitrary order.
            (Self::Shape(one), Self::Shape(other)) => Some(one.to_json().cmp(&other.to_json())),
            _ => None,
        }
    }

    /// Sort order: null comes first.
    pub(crate) fn sorted(&self, other: &Self) -> Ordering {
        match (self.is_null(), other.is_null()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            _ => self.compared(other).expect("values of one column"),
        }
    }
}
