//! Bounds, audit resources, paths and names of events that the endpoints of tables have in common.

/// Maximum size of a request with rows or operations on rows, in bytes.
pub(super) const BODY: usize = 10 << 20;
/// Audit resource of a table.
pub(super) const TABLE: &str = "database/[databaseId]/<table>/[<table>Id]";
/// Audit resource of a row.
pub(super) const ROW: &str = "database/[databaseId]/<table>/[<table>Id]/<row>/[<row>Id]";

/// A path below a table's.
macro_rules! table {
    ($($rest:literal)?) => {
        concat!("/v1/<path>/{databaseId}/<tables>/{<table>Id}" $(, $rest)?)
    };
}

/// The name of an event below a table's.
macro_rules! event {
    ($rest:literal) => {
        concat!("databases.[databaseId].<tables>.[<table>Id].", $rest)
    };
}

pub(super) use {event, table};
