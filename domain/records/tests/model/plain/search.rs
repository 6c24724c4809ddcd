//! Full-text search; words are defined by the crate `text_search`.

use records::indexes::IndexKind;
use text_search::{Search, tokens};

use crate::world::World;

/// Whether a column can be searched: it is the only column of a fulltext index.
pub(super) fn is_indexed(world: &World, key: &str) -> bool {
    let fits = |index: &&records::indexes::IndexSpec| index.kind == IndexKind::Fulltext && index.columns == [key];
    world.indexes.iter().any(|index| fits(&index))
}

pub(super) fn finds(text: &str, given: &str) -> bool {
    Search::parse(given).matches(text)
}

/// Rank of a text in a search: BM25 without the rarity of words. Without another order, rows are sorted by it.
pub(super) fn rank(text: &str, given: &str) -> f64 {
    let (search, tokens) = (Search::parse(given), tokens(text));
    let share = 0.25 + 0.75 * tokens.len() as f64 / 100.0;
    let mut rank = 0.0;
    for (index, word) in search.words.iter().enumerate() {
        let first = word.split(' ').next().unwrap_or_default();
        let prefix = !search.phrase && index + 1 == search.words.len();
        let hits = |token: &&text_search::Token| token.word == first || (prefix && token.word.starts_with(first));
        let times = tokens.iter().filter(hits).count() as f64;
        rank += times * 2.2 / (times + 1.2 * share);
    }
    rank
}
