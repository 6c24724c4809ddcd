//! Filters through relationships: attributes with a dot (`author.name`), and relationships that other tables hold.

use db::Tx;
use db::list::Asked;
use db::sea_query::Condition;

use super::Reading;
use crate::Result;

/// The condition that a comparison with an attribute of related rows makes; none if the attribute is no such thing.
pub(super) fn condition(_: &mut Tx<'_>, _: Reading<'_>, _: Asked<'_>) -> Result<Option<Condition>> {
    Ok(None)
}
