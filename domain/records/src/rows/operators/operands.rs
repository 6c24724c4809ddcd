//! The operands of an operator, and its errors.

use kernel::Timestamp;
use serde_json::Value as Json;

use crate::columns::Column;
use crate::error::Flaw;

/// Operands of an operator.
pub(super) struct Operands<'a> {
    pub(super) method: &'static str,
    pub(super) column: &'a Column,
    pub(super) current: &'a Json,
    pub(super) values: &'a [Json],
    pub(super) now: Timestamp,
}

impl Operands<'_> {
    /// Error for an operator that does not apply.
    pub(super) fn flaw(&self, rule: &str) -> Flaw {
        Flaw::Operator(format!(
            "Cannot apply {} to \"{}\": {rule}",
            self.method, self.column.key
        ))
    }

    /// The text at a position of the values.
    pub(super) fn text(&self, position: usize) -> std::result::Result<&str, Flaw> {
        let text = self.values.get(position).and_then(Json::as_str);
        text.ok_or_else(|| self.flaw("its values must be texts"))
    }
}
