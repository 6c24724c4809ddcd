//! A sorted list of names embedded in the program, one name per line.

use std::cmp::Ordering;

/// The list.
#[derive(Clone, Copy)]
pub(crate) struct List(&'static str);

impl List {
    /// A list whose lines are sorted by bytes.
    pub(crate) const fn new(lines: &'static str) -> Self {
        Self(lines)
    }

    /// Whether the list contains a name. Binary search in the text itself, without allocation.
    pub(crate) fn has(self, name: &str) -> bool {
        let mut lines = self.0.as_bytes();
        while !lines.is_empty() {
            let middle = lines.len() / 2;
            let before = lines.get(..middle).unwrap_or_default();
            let begin = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let (before, rest) = lines.split_at(begin);
            let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let (line, after) = rest.split_at(length);
            match name.as_bytes().cmp(line) {
                Ordering::Equal => return true,
                Ordering::Less => lines = before,
                Ordering::Greater => lines = after.get(1..).unwrap_or_default(),
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        const NAMES: List = List::new("a.com\nab.com\nb.com\nc.com\n");
        for name in ["a.com", "ab.com", "b.com", "c.com"] {
            assert!(NAMES.has(name), "{name}");
        }
        for name in ["", "a", "a.co", "a.com\n", "aa.com", "b", "d.com", "com"] {
            assert!(!NAMES.has(name), "{name}");
        }
        assert!(!List::new("").has("a.com"));
    }

    #[test]
    fn the_lists_are_sorted() {
        for list in [crate::FREE, crate::DISPOSABLE] {
            let lines: Vec<&str> = list.0.lines().collect();
            assert!(lines.is_sorted() && lines.len() > 5000);
            assert!(lines.iter().all(|line| list.has(line)));
        }
    }
}
