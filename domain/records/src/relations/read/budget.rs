//! Limit on what one request loads along relationships.

use db::list::broken;

/// Rows that one request loads along relationships at most.
const MAX_ROWS: usize = 100_000;
/// Bytes that its rows have at most while related rows are set into them, each as often as it is shown.
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
    /// Takes so many of one.
    ///
    /// Fails if there are not so many left.
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
