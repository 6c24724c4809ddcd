//! Lists: the query language turned into SQL, once, for every list endpoint.
//!
//! A noun says which of its columns may be asked for ([`Queryable`]); [`list`] gives it filters, order, cursors both ways,
//! a total and a search. Users' tables have more sorts of columns, and use the same [`condition`] for those they share.

mod attribute;
mod condition;
mod page;

pub use attribute::{Attribute, Queryable, Sort};
pub use condition::{Match, condition, holds_any, matches};
pub use page::{DEFAULT_LIMIT, MAX_LIMIT, MAX_TOTAL, Page, list};
