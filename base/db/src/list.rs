//! Lists: the query language turned into SQL, once, for every list endpoint.
//!
//! A noun declares which of its columns can be queried ([`Queryable`]); [`list`] implements filters, order, cursors in
//! both directions, a total and a search. Code that does not read rows into structs, or that reuses the SQL of lists
//! with other values, builds a [`Plan`] and runs it.
//!
//! A filter is first checked against the noun and its values are bound (`checked`), then it is turned into a condition
//! (`condition`). The second step depends only on the shape of a query, never on its values, so that its SQL can be
//! cached. Conditions that need more than the column itself (shapes, full text, related rows) come from a
//! [`ConditionResolver`].

mod attribute;
mod checked;
mod condition;
mod order;
mod page;
mod pattern;
mod plan;
pub(crate) mod regular;

pub use attribute::{Attribute, Queryable, Sort};
pub use checked::{Comparison, ConditionResolver};
pub use condition::{Match, holds_any, matches};
pub use order::Key;
pub use page::{MAX_LIMIT, MAX_TOTAL, Page, list};
pub use plan::{DEFAULT_LIMIT, Plan, Shape, broken};
