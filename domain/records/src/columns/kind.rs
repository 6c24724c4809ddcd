//! Types of columns.

use serde::{Deserialize, Serialize};

use crate::{Key, TableId};

/// Type of a column's values, with its bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Kind {
    /// Text of at most `size` characters.
    String {
        /// In characters.
        size: u32,
    },
    /// Text of at most `size` characters, stored in the row.
    Varchar {
        /// In characters.
        size: u32,
    },
    /// Text of up to 16,383 characters.
    Text,
    /// Text of up to 4,194,303 characters.
    Mediumtext,
    /// Text of up to 1,073,741,823 characters.
    Longtext,
    /// An e-mail address.
    Email,
    /// One of several texts.
    Enum {
        /// The texts.
        elements: Vec<String>,
    },
    /// An IPv4 or IPv6 address.
    Ip,
    /// An absolute URL.
    Url,
    /// A 64-bit integer.
    Integer {
        /// Minimum.
        min: i64,
        /// Maximum.
        max: i64,
    },
    /// A 64-bit floating-point number.
    Float {
        /// Minimum.
        min: f64,
        /// Maximum.
        max: f64,
    },
    /// A boolean.
    Boolean,
    /// A date with time.
    Datetime,
    /// A point: longitude and latitude.
    Point,
    /// A line of points.
    Line,
    /// A polygon.
    Polygon,
    /// A relationship to rows of another table.
    Relationship(Relationship),
}

kernel::choices! {
    /// Cardinality of a relationship.
    pub enum RelationKind {
        /// One to one.
        OneToOne = "oneToOne",
        /// One of this table to many of the other.
        OneToMany = "oneToMany",
        /// Many of this table to one of the other.
        ManyToOne = "manyToOne",
        /// Many to many.
        ManyToMany = "manyToMany",
    }
}

kernel::choices! {
    /// Action on related rows when a row is deleted.
    pub enum OnDelete {
        /// A row with related rows cannot be deleted.
        Restrict = "restrict",
        /// Related rows are deleted too.
        Cascade = "cascade",
        /// The relation is removed from related rows.
        SetNull = "setNull",
    }
}

kernel::choices! {
    /// Side of a relationship.
    pub enum Side {
        /// The side on which the relationship was created.
        Parent = "parent",
        /// The other side.
        Child = "child",
    }
}

/// A relationship, from the side of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relationship {
    /// The related table.
    pub related: TableId,
    /// Cardinality, as seen from the parent; the same on both sides.
    pub relation: RelationKind,
    /// Whether the other side has a visible column.
    pub two_way: bool,
    /// Key of the other side's column.
    pub two_way_key: Key,
    /// Action on related rows when a row is deleted.
    pub on_delete: OnDelete,
    /// Side of the relationship.
    pub side: Side,
    /// Its number, the same on both sides and never reused: part of the names of its SQL objects.
    pub number: i64,
    /// Number of the parent's table.
    pub home: i64,
}

impl Relationship {
    /// Whether rows of this side store the ID of the row on the other side.
    pub fn is_stored(&self) -> bool {
        matches!(
            (self.relation, self.side),
            (RelationKind::OneToOne | RelationKind::ManyToOne, Side::Parent) | (RelationKind::OneToMany, Side::Child)
        )
    }

    /// Whether it is stored in a table of pairs.
    pub fn is_paired(&self) -> bool {
        self.relation == RelationKind::ManyToMany
    }

    /// Whether this side is hidden from clients: the child side of a one-way relationship.
    pub fn is_hidden(&self) -> bool {
        self.side == Side::Child && !self.two_way
    }

    /// Whether a row of this side can have many rows on the other side.
    pub fn is_many(&self) -> bool {
        matches!(
            (self.relation, self.side),
            (RelationKind::OneToMany, Side::Parent)
                | (RelationKind::ManyToOne, Side::Child)
                | (RelationKind::ManyToMany, _)
        )
    }
}

/// Storage class of values in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// Text.
    Text,
    /// 64-bit integer.
    Integer,
    /// 64-bit floating-point number.
    Real,
    /// Boolean.
    Boolean,
    /// Timestamp.
    Instant,
    /// Coordinates, as JSON.
    Shape,
}

impl Kind {
    /// The type's name on the wire; `string` for formats of text.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::String { .. } | Self::Email | Self::Enum { .. } | Self::Ip | Self::Url => "string",
            Self::Varchar { .. } => "varchar",
            Self::Text => "text",
            Self::Mediumtext => "mediumtext",
            Self::Longtext => "longtext",
            Self::Integer { .. } => "integer",
            Self::Float { .. } => "double",
            Self::Boolean => "boolean",
            Self::Datetime => "datetime",
            Self::Point => "point",
            Self::Line => "linestring",
            Self::Polygon => "polygon",
            Self::Relationship(_) => "relationship",
        }
    }

    /// Type name on the wire, or the format of a string.
    pub fn label(&self) -> &'static str {
        self.format().unwrap_or_else(|| self.type_name())
    }

    /// The format of a text on the wire, if it has one.
    pub fn format(&self) -> Option<&'static str> {
        match self {
            Self::Email => Some("email"),
            Self::Enum { .. } => Some("enum"),
            Self::Ip => Some("ip"),
            Self::Url => Some("url"),
            _ => None,
        }
    }

    /// Whether it is a point, a line or a polygon.
    pub fn is_shape(&self) -> bool {
        self.stored() == Stored::Shape
    }

    /// SQL storage class of the type.
    pub fn stored(&self) -> Stored {
        match self {
            Self::Integer { .. } => Stored::Integer,
            Self::Float { .. } => Stored::Real,
            Self::Boolean => Stored::Boolean,
            Self::Datetime => Stored::Instant,
            Self::Point | Self::Line | Self::Polygon => Stored::Shape,
            _ => Stored::Text,
        }
    }

    /// Whether rows of this table store a value of it that clients see.
    pub fn is_stored(&self) -> bool {
        match self {
            Self::Relationship(relationship) => relationship.is_stored() && !relationship.is_hidden(),
            _ => true,
        }
    }

    /// The relationship, if the type is one.
    pub fn relationship(&self) -> Option<&Relationship> {
        match self {
            Self::Relationship(relationship) => Some(relationship),
            _ => None,
        }
    }

    /// Maximum length of a text in characters; `None` for types other than text.
    pub fn size(&self) -> Option<u32> {
        match self {
            Self::String { size } | Self::Varchar { size } => Some(*size),
            Self::Text => Some(16_383),
            Self::Mediumtext => Some(4_194_303),
            Self::Longtext => Some(1_073_741_823),
            Self::Email => Some(254),
            Self::Enum { .. } => Some(255),
            Self::Ip => Some(39),
            Self::Url => Some(2000),
            _ => None,
        }
    }
}
