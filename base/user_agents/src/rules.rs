//! The rules by which a user agent is read: a part of uap-core's, see `rules/pick`.

use std::sync::OnceLock;

use ua_parser::{Extractor, Regexes};

static RULES: &str = include_str!("../rules/agents.json");

/// The compiled rules. They are compiled at the first call, as a server that nobody signs in to should not pay for them.
/// A test makes sure that they compile; were they not to, a session would say less, and nobody be kept from signing in.
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
