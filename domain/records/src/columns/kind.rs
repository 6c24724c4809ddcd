//! The types of columns.

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
    /// Text of at most `size` characters, kept in the row.
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
    /// One of some texts.
    Enum {
        /// The texts.
        elements: Vec<String>,
    },
    /// An IPv4 or IPv6 address.
    Ip,
    /// An absolute URL.
    Url,
    /// A whole number.
    Integer {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// A number.
    Float {
        /// The least.
        min: f64,
        /// The greatest.
        max: f64,
    },
    /// True or false.
    Boolean,
    /// An instant.
    Datetime,
    /// A place on earth.
    Point,
    /// A line of places.
    Line,
    /// An area between places.
    Polygon,
    /// Rows of a table.
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
    /// Action on related rows on delete: cascade, restrict or setNull.
    pub enum OnDelete {
        /// A row that has related rows is not deleted.
        Restrict = "restrict",
        /// They are deleted too.
        Cascade = "cascade",
        /// They lose the relation.
        SetNull = "setNull",
    }
}

kernel::choices! {
    /// Side of a relationship that a column is: parent or child.
    pub enum Side {
        /// The side that the relationship was made on.
        Parent = "parent",
        /// The other.
        Child = "child",
    }
}

/// A relationship, as the column of one side sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relationship {
    /// The table of the other side.
    pub related: TableId,
    /// How many belong together. Both sides name it as its maker did, as seen from the parent.
    pub relation: RelationKind,
    /// Whether the other side has a column that clients see.
    pub two_way: bool,
    /// The column of the other side.
    pub two_way_key: Key,
    /// Action on related rows on delete: cascade, restrict or setNull.
    pub on_delete: OnDelete,
    /// Side of the relationship.
    pub side: Side,
    /// Its number, the same on both sides and never given twice: part of the names of what keeps it in SQL.
    pub number: i64,
    /// The number of the table that the parent's side is on.
    pub home: i64,
}

impl Relationship {
    /// Whether rows of this side hold the id of the row on the other.
    pub fn is_stored(&self) -> bool {
        matches!(
            (self.relation, self.side),
            (RelationKind::OneToOne | RelationKind::ManyToOne, Side::Parent) | (RelationKind::OneToMany, Side::Child)
        )
    }

    /// Whether it is kept in a table of pairs.
    pub fn is_paired(&self) -> bool {
        self.relation == RelationKind::ManyToMany
    }

    /// Whether clients do not see this side: the other side of a one-way relationship.
    pub fn is_hidden(&self) -> bool {
        self.side == Side::Child && !self.two_way
    }

    /// Whether a row of this side has many on the other.
    pub fn is_many(&self) -> bool {
        matches!(
            (self.relation, self.side),
            (RelationKind::OneToMany, Side::Parent)
                | (RelationKind::ManyToOne, Side::Child)
                | (RelationKind::ManyToMany, _)
        )
    }
}

/// SQL storage class of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// Text.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// A floating point number of 64 bits.
    Real,
    /// True or false.
    Boolean,
    /// An instant.
    Instant,
    /// Coordinates, as JSON.
    Shape,
}

impl Kind {
    /// The type's name on the wire; formats of text are `string`.
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

    /// The name of a text's format on the wire, if it has one.
    pub fn format(&self) -> Option<&'static str> {
        match self {
            Self::Email => Some("email"),
            Self::Enum { .. } => Some("enum"),
            Self::Ip => Some("ip"),
            Self::Url => Some("url"),
            _ => None,
        }
    }

    /// Whether it is a place, a line or an area.
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

    /// Whether rows of this table hold a value of it that clients see.
    pub fn is_stored(&self) -> bool {
        match self {
            Self::Relationship(relationship) => relationship.is_stored() && !relationship.is_hidden(),
            _ => true,
        }
    }

    /// The relationship, if it is one.
    pub fn relationship(&self) -> Option<&Relationship> {
        match self {
            Self::Relationship(relationship) => Some(relationship),
            _ => None,
        }
    }

    /// Longest string in characters; `None` for types that are not strings.
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
