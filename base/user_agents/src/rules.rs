//! The rules to parse user agents: a subset of uap-core, see `rules/pick`.

use std::sync::OnceLock;

use ua_parser::{Extractor, Regexes};

static RULES: &str = include_str!("../rules/agents.json");

/// The compiled rules, compiled on the first call to keep an idle server small. A test ensures that they compile; on
/// failure sessions would only contain less information.
pub(crate) fn compiled() -> Option<&'static Extractor<'static>> {
    static COMPILED: OnceLock<Option<Extractor<'static>>> = OnceLock::new();
    COMPILED
        .get_or_init(|| {
            let rules: Regexes<'static> = serde_json::from_str(RULES).ok()?;
            Extractor::try_from(rules).ok()
        })
        .as_ref()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_rules_compile() {
        assert!(super::compiled().is_some());
    }
}
