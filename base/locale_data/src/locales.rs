//! Locales with translated names.

use std::sync::LazyLock;

use crate::names::Names;
use crate::tables::rows;

struct Entry {
    code: &'static str,
    name: &'static str,
    block: usize,
}

static LOCALES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let entries = rows(include_str!("../data/locales.tsv"));
    let entry = |mut row: crate::tables::Row| Entry {
        code: row.next(),
        name: row.next(),
        block: row.next().parse().unwrap_or_default(),
    };
    entries.map(entry).collect()
});

/// A locale with translated names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Locale(usize);

impl std::fmt::Debug for Locale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Default for Locale {
    /// English.
    fn default() -> Self {
        Self::exactly("en").unwrap_or(Self(0))
    }
}

impl Locale {
    /// Every locale, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..LOCALES.len()).map(Self)
    }

    /// The locale of a language tag, or its nearest parent (`fr` for `fr-FR`). Case is ignored, and `_` is accepted
    /// instead of `-`.
    pub fn find(tag: &str) -> Option<Self> {
        // No valid tag is longer; limits the work for client input.
        if tag.len() > 35 {
            return None;
        }
        let tag = tag.to_ascii_lowercase().replace('_', "-");
        let mut rest = tag.as_str();
        loop {
            if let Some(found) = Self::exactly(rest) {
                return Some(found);
            }
            rest = rest.rsplit_once('-')?.0;
        }
    }

    fn exactly(code: &str) -> Option<Self> {
        let index = LOCALES.binary_search_by(|entry| entry.code.cmp(code));
        index.ok().map(Self)
    }

    /// The code that clients send.
    pub fn code(self) -> &'static str {
        LOCALES[self.0].code
    }

    /// Its English name.
    pub fn name(self) -> &'static str {
        LOCALES[self.0].name
    }

    /// Names in this locale.
    pub fn names(self) -> Names {
        Names::unpack(LOCALES[self.0].block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_means_itself_or_what_it_is_a_kind_of() {
        assert!(LOCALES.is_sorted_by_key(|entry| entry.code));
        for (tag, code) in [
            ("de", Some("de")),
            ("pt-BR", Some("pt-br")),
            ("zh_CN", Some("zh-cn")),
            ("fr-FR", Some("fr")),
            ("ar-XB-x-y", Some("ar")),
            ("xx", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(Locale::find(tag).map(Locale::code), code, "{tag}");
        }
        assert_eq!(Locale::find(&"a-".repeat(1 << 20)), None);
        assert_eq!(Locale::default().code(), "en");
    }
}
