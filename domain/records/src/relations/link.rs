//! Storage of a relationship, seen from one of its sides.

use crate::columns::{Column, Relationship, Side, name_of};

/// Column of a table of pairs with IDs of the parent's side.
pub(crate) const PARENT: &str = "parent";
/// Column of a table of pairs with IDs of the child's side.
pub(crate) const CHILD: &str = "child";

/// Storage of a column's relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Link {
    /// In a column of this side's rows: the ID of the row on the other side.
    Here {
        /// The column's name in SQL.
        column: String,
    },
    /// In a column of the other side's rows: the ID of the row on this side.
    There {
        /// The column's name in SQL.
        column: String,
    },
    /// In a table of pairs.
    Between {
        /// Its name in SQL.
        table: String,
        /// Its column with IDs of this side.
        ours: &'static str,
        /// Its column with IDs of the other side.
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

/// Name of a relationship's table of pairs, with the prefix of the parent's table, with which it is dropped.
pub(super) fn pairs(relationship: &Relationship) -> String {
    format!("t{}_r{}_pairs_", relationship.home, relationship.number)
}
