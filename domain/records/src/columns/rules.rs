//! Rules for the specifications of columns.

use serde_json::Value;

use super::{Column, Kind, Spec};
use crate::{ColumnError, Error, Key, Result, rows, verbatim};

/// Maximum number of columns of a table; Appwrite's limit is 1017, including 7 internal ones.
const MAX_COLUMNS: usize = 1010;
/// Maximum width of a row in bytes, computed as in Appwrite.
pub const MAX_WIDTH: u64 = 65_535;
/// Width of a row without columns, in bytes.
const OWN_WIDTH: u64 = 1067;
/// Maximum size in characters of a text counted in full; longer texts count as a pointer.
pub const MAX_VARCHAR: u32 = 16_381;
/// Width of a pointer to a value outside the row, in bytes; arrays and shapes also count as a pointer.
const POINTER: u64 = 20;
/// Minimum size of an encrypted text, in characters.
const MIN_SEALED: u32 = 150;
/// Maximum number of elements of an enum.
const MAX_ELEMENTS: usize = 100;
/// Maximum length of an enum's element.
const MAX_ELEMENT: usize = 255;

/// Checks a column's specification; returns it with the default converted to the stored form.
pub(super) fn check(key: &Key, mut spec: Spec) -> Result<Spec> {
    let invalid = |rule: String| Err(ColumnError::ValueInvalid(format!("<Column> \"{key}\": {rule}")).into());
    match &spec.kind {
        Kind::Integer { min, max } if min > max => {
            return invalid(format!("the minimum {min} must not be greater than the maximum {max}"));
        }
        Kind::Float { min, max } if min > max => {
            return invalid(format!("the minimum {min} must not be greater than the maximum {max}"));
        }
        Kind::Enum { elements } => {
            let fits = |element: &String| (1..=MAX_ELEMENT).contains(&element.chars().count());
            if !(1..=MAX_ELEMENTS).contains(&elements.len()) || !elements.iter().all(fits) {
                return invalid(format!(
                    "elements must be 1 to {MAX_ELEMENTS} texts of 1 to {MAX_ELEMENT} characters"
                ));
            }
        }
        kind if spec.encrypt && kind.size().is_some_and(|size| size < MIN_SEALED) => {
            return Err(Error::BadRequest(format!(
                "<Column> \"{key}\": size must be at least {MIN_SEALED} for a text that is encrypted"
            )));
        }
        _ => {}
    }
    match &spec.default {
        Some(_) if spec.required || spec.array => return Err(ColumnError::DefaultUnsupported(key.to_string()).into()),
        Some(default) => spec.default = Some(check_default(key, &spec, default)?),
        None => {}
    }
    Ok(spec)
}

fn check_default(key: &Key, spec: &Spec, default: &Value) -> Result<Value> {
    let column = Column::new(key.clone(), spec.clone());
    rows::check(&column, default).map_err(|flaw| {
        ColumnError::ValueInvalid(format!(
            "<Column> \"{key}\": default does not fit. {}",
            verbatim(flaw.rule())
        ))
        .into()
    })
}

/// Checks that a table with these columns is within its limits; `key` is the added column, for the error.
pub(crate) fn check_bounds<'a>(key: &Key, columns: impl Iterator<Item = &'a Spec> + Clone) -> Result<()> {
    if columns.clone().count() > MAX_COLUMNS {
        return Err(ColumnError::Limit(format!(
            "<Column> \"{key}\" cannot be added: a <table> has at most {MAX_COLUMNS} <columns>"
        ))
        .into());
    }
    let width = width(columns);
    if width > MAX_WIDTH {
        return Err(ColumnError::Limit(format!(
            "<Column> \"{key}\" makes <rows> {width} bytes wide, and they may be {MAX_WIDTH}: choose smaller sizes, or a text type \
             that is kept beside the <row>"
        )).into());
    }
    Ok(())
}

/// Width in bytes of a row with these columns, computed as in Appwrite: 4 bytes for each character of a text's size.
pub fn width<'a>(columns: impl Iterator<Item = &'a Spec>) -> u64 {
    OWN_WIDTH + columns.map(width_of).sum::<u64>()
}

fn width_of(spec: &Spec) -> u64 {
    if spec.array {
        return POINTER;
    }
    match &spec.kind {
        Kind::Text | Kind::Mediumtext | Kind::Longtext | Kind::Line | Kind::Polygon => POINTER,
        Kind::Integer { max, .. } if *max > i64::from(i32::MAX) => 8,
        Kind::Integer { .. } => 4,
        Kind::Float { .. } => 8,
        Kind::Boolean => 1,
        Kind::Datetime => 7,
        Kind::Point => 25,
        Kind::Relationship(_) => 255 * 4 + 1,
        text => match text.size().unwrap_or_default() {
            size if size > MAX_VARCHAR => POINTER,
            size if size > 255 => u64::from(size) * 4 + 2,
            size => u64::from(size) * 4 + 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(kind: Kind) -> Spec {
        Spec {
            kind,
            required: false,
            array: false,
            default: None,
            encrypt: false,
        }
    }

    #[test]
    fn rows_are_as_wide_as_appwrite_counts_them() {
        let string = |size| spec(Kind::String { size });
        let cases = [
            (vec![], 1067),
            (vec![string(255)], 1067 + 1021),
            (vec![string(256)], 1067 + 1026),
            (vec![string(16_381)], 1067 + 65_526),
            (vec![string(16_382), spec(Kind::Text)], 1067 + 40),
            (
                vec![
                    spec(Kind::Integer { min: 0, max: 9 }),
                    spec(Kind::Integer { min: 0, max: 1 << 40 }),
                ],
                1067 + 12,
            ),
            (
                vec![spec(Kind::Boolean), spec(Kind::Datetime), spec(Kind::Point)],
                1067 + 33,
            ),
            (
                vec![Spec {
                    array: true,
                    ..string(4)
                }],
                1067 + 20,
            ),
        ];
        for (columns, bytes) in cases {
            assert_eq!(width(columns.iter()), bytes, "{columns:?}");
        }
    }
}
