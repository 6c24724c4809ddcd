//! Storage of a relationship, seen from one of its sides.

use crate::columns::{Column, Relationship, Side, name_of};

/// The column of a table of pairs that holds ids of the parent's side.
pub(crate) const PARENT: &str = "parent";
/// And of the child's.
pub(crate) const CHILD: &str = "child";

/// Storage of a column's relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Link {
    /// In a column of the rows of this side: the id of the row on the other.
    Here {
        /// The column's name in SQL.
        column: String,
    },
    /// In a column of the rows of the other side: the id of the row on this one.
    There {
        /// The column's name in SQL.
        column: String,
    },
    /// In a table of pairs.
    Between {
        /// Its name in SQL.
        table: String,
        /// Its column with ids of this side.
        ours: &'static str,
        /// Its column with ids of the other.
        theirs: &'static str,
    },
}

impl Link {
    /// Storage of this column's relationship.
    pub(crate) fn of(column: &Column, relationship: &Relationship) -> Self {
        if relationship.is_stored() {
            return Self::Here { column: column.name() };
        }
        if !relationship.is_paired() {
            return Self::There {
                column: name_of(&relationship.two_way_key),
            };
        }
        let (ours, theirs) = match relationship.side {
            Side::Parent => (PARENT, CHILD),
            Side::Child => (CHILD, PARENT),
        };
        Self::Between {
            table: pairs(relationship),
            ours,
            theirs,
        }
    }
}

/// The name of a relationship's table of pairs: it is one of those that go with the parent's table.
pub(super) fn pairs(relationship: &Relationship) -> String {
    format!("t{}_r{}_pairs_", relationship.home, relationship.number)
}
