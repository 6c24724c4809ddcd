//! The query language of lists: JSON texts such as `{"method":"equal","attribute":"name","values":["Ada"]}`, parsed
//! into one tree within limits.
//!
//! Parsing checks everything that does not depend on a table: methods, operands, counts, depth. Whether an attribute
//! exists and a value has its type is checked in `db::list`.

mod error;
mod parse;
mod test;

pub use error::{Error, Rule};
pub use test::Test;

/// Maximum number of queries in one request.
pub const MAX_QUERIES: usize = 100;
/// Maximum length of one query, in characters.
pub const MAX_LENGTH: usize = 4096;
/// Maximum number of values in one query.
pub const MAX_VALUES: usize = 500;
/// Maximum nesting depth of `and` and `or`.
pub const MAX_DEPTH: usize = 8;

/// Parsed queries of a list request. Created by [`Queries::parse`], or from `Queries::default()`.
#[derive(Debug, Clone, PartialEq)]
pub struct Queries {
    /// Conditions; all must hold.
    pub filters: Vec<Filter>,
    /// Sort keys, most significant first.
    pub orders: Vec<Order>,
    /// Limit.
    pub limit: Option<u64>,
    /// Offset.
    pub offset: Option<u64>,
    /// The row after or before which the page begins.
    pub cursor: Option<Cursor>,
    /// The attributes to return, as written: names, `*`, `rel.name`, `rel.*`.
    pub select: Option<Vec<String>>,
    /// Search words: the separate parameter `search` of lists.
    pub search: Option<String>,
    /// Whether to count the rows: the separate parameter `total` of lists.
    pub total: bool,
}

impl Default for Queries {
    fn default() -> Self {
        let (filters, orders) = (Vec::new(), Vec::new());
        Self {
            filters,
            orders,
            limit: None,
            offset: None,
            cursor: None,
            select: None,
            search: None,
            total: true,
        }
    }
}

/// The texts that the parameter `search` looks for: its words, or, in double quotes, the whole phrase.
pub fn search_terms(search: &str) -> Vec<&str> {
    let inner = search.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner.map(str::trim) {
        Some(phrase) if !phrase.is_empty() => vec![phrase],
        _ => search.split_whitespace().collect(),
    }
}

/// The parameter `queries`, unparsed. It is validated by [`Texts::read`], whose errors name the query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts(Vec<String>);

impl Texts {
    /// The queries as they were sent.
    pub fn into_texts(self) -> Vec<String> {
        self.0
    }

    /// Parses the queries of a list of the server's own nouns, and adds its parameters `search` and `total`.
    pub fn read(&self, search: &str, total: bool) -> Result<Queries, Error> {
        self.read_rows(search, total).map_err(Error::of_parameter)
    }

    /// As [`Texts::read`], for rows, whose error type differs.
    pub fn read_rows(&self, search: &str, total: bool) -> Result<Queries, Error> {
        let mut queries = Queries::parse(&self.0)?;
        queries.search = Some(search.to_owned()).filter(|search| !search.is_empty());
        queries.total = total;
        Ok(queries)
    }
}

impl crate::param::Param for Texts {
    fn parse(value: &serde_json::Value) -> Result<Self, crate::param::Rule> {
        let texts = match value {
            serde_json::Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        texts
            .map(Self)
            .ok_or(crate::param::Rule::new("Value must be an array of strings"))
    }

    fn schema() -> serde_json::Value {
        let text = serde_json::json!({"type": "string", "maxLength": MAX_LENGTH});
        serde_json::json!({"type": "array", "items": text, "maxItems": MAX_QUERIES})
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

impl Queries {
    /// Parses the queries of one request.
    ///
    /// As in Appwrite, the first of several limits, offsets or cursors is used, and selections are combined.
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, Error> {
        parse::all(texts)
    }

    /// Limit and offset, for lists that accept no other queries, such as logs.
    pub fn paging(&self, default: u64) -> Result<(u64, u64), Error> {
        let shaped = self.cursor.is_some() || self.select.is_some();
        if shaped || !self.filters.is_empty() || !self.orders.is_empty() {
            let rule = "only limit and offset are taken here".to_owned();
            return Err(Error::of_request(Rule::Argument(rule)));
        }
        Ok((self.limit.unwrap_or(default).min(5000), self.offset.unwrap_or(0)))
    }
}

/// A condition on a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// An attribute compared with values.
    Test {
        /// Index of the query in the request, from 0.
        query: usize,
        /// The attribute's name on the wire.
        attribute: String,
        /// Comparison operator.
        test: Test,
        /// Operands, as many as the operator takes; null, objects and lists are excluded except in geometries.
        values: Vec<serde_json::Value>,
    },
    /// All of two or more.
    And(Vec<Filter>),
    /// Any of two or more.
    Or(Vec<Filter>),
}

impl Filter {
    /// Number of operands.
    pub fn values(&self) -> usize {
        match self {
            Self::And(inner) | Self::Or(inner) => inner.iter().map(Self::values).sum(),
            Self::Test { values, .. } => values.len(),
        }
    }
}

/// One sort key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// By an attribute.
    By {
        /// Index of the query in the request, from 0.
        query: usize,
        /// The attribute's name on the wire; empty for the order of creation.
        attribute: String,
        /// Whether the order is descending.
        descending: bool,
    },
    /// Random order.
    Random,
}

/// Cursor of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cursor {
    /// Rows after the row of this id.
    After(String),
    /// Rows before the row of this id, in the list's order.
    Before(String),
}

impl Cursor {
    /// The id of the row.
    pub fn id(&self) -> &str {
        let (Self::After(id) | Self::Before(id)) = self;
        id
    }
}
