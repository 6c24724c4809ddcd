//! Full-text search; words are defined by the crate `text_search`.

use records::indexes::IndexKind;
use text_search::Search;

use crate::world::World;

/// Whether a column can be searched: it is the only column of a fulltext index.
pub(super) fn is_indexed(world: &World, key: &str) -> bool {
    let fits = |index: &&records::indexes::IndexSpec| index.kind == IndexKind::Fulltext && index.columns == [key];
    world.indexes.iter().any(|index| fits(&index))
}

pub(super) fn finds(text: &str, given: &str) -> bool {
    Search::parse(given).matches(text)
}
