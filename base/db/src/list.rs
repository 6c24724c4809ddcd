//! Lists: the query language turned into SQL, once, for every list endpoint.
//!
//! A noun says which of its columns may be asked for ([`Queryable`]); [`list`] gives it filters, order, cursors both ways,
//! a total and a search. Who writes rows elsewhere than into structs, or keeps the SQL of lists that come again and again
//! with other values, makes a [`Plan`] and runs it.
//!
//! A filter is checked against the noun and its values bound first (`checked`), and becomes a condition then
//! (`condition`): the second step looks at the shape of a query alone, never at its values, so that what it makes can be
//! kept. What a column cannot answer by itself (places, words, related rows) is asked of a [`ConditionResolver`].

mod attribute;
mod checked;
mod condition;
mod order;
mod page;
mod pattern;
mod plan;

pub use attribute::{Attribute, Queryable, Sort};
pub use checked::{Comparison, ConditionResolver};
pub use condition::{Match, holds_any, matches};
pub use order::Key;
pub use page::{MAX_LIMIT, MAX_TOTAL, Page, list};
pub use plan::{DEFAULT_LIMIT, Plan, Shape, broken};
