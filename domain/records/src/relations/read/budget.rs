//! Limits for loading related rows in one request.

use db::list::broken;

/// Maximum number of related rows loaded by one request.
const MAX_ROWS: usize = 100_000;
/// Maximum size of the rows' JSON with nested related rows, in bytes; a row nested several times counts each time.
const MAX_BYTES: usize = 64 << 20;

/// Remaining allowance of a request.
pub(super) struct Budget {
    pub(super) rows: usize,
    pub(super) bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            rows: MAX_ROWS,
            bytes: MAX_BYTES,
        }
    }
}

impl Budget {
    /// Subtracts from a limit.
    ///
    /// Fails if less is left.
    pub(super) fn take(left: &mut usize, many: usize) -> std::result::Result<(), db::Error> {
        *left = left.checked_sub(many).ok_or_else(|| {
            let most = MAX_BYTES >> 20;
            broken(format!(
                "The selected relationships lead to more than {MAX_ROWS} rows or {most} MiB: ask for fewer rows at once, or select \
                 less of them"
            ))
        })?;
        Ok(())
    }
}
