//! Attributes by which a noun's list can be queried.

use std::borrow::Cow;

use kernel::query::Error;
use sea_query::{DynIden, IntoIden};

/// Type of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Text.
    Text,
    /// Integers.
    Integer,
    /// Integers that queries write as a string of digits: `$sequence`.
    Sequence,
    /// Floating-point numbers.
    Real,
    /// Booleans.
    Boolean,
    /// Timestamps.
    Datetime,
    /// Points, lines and polygons: conditions on them come from a [`ConditionResolver`](super::ConditionResolver).
    Shape,
    /// An encrypted value; it cannot be queried.
    Sealed,
}

/// An attribute that may be queried, and its column.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its name on the wire.
    pub name: Cow<'static, str>,
    /// Its column.
    pub column: DynIden,
    /// Type of the attribute.
    pub sort: Sort,
    /// Whether it is a JSON list of that type; lists can only be queried for the elements they contain.
    pub list: bool,
    /// Whether the column is nullable.
    pub optional: bool,
}

/// The attributes of a noun that may be queried.
///
/// ```ignore
/// Queryable::new(Users::Id)
///     .datetime("$createdAt", Users::CreatedAt)
///     .text("email", Users::Email).optional()
///     .boolean("emailVerification", Users::EmailVerified)
///     .searched([Users::Name, Users::Email])
/// ```
#[derive(Debug, Clone)]
pub struct Queryable {
    attributes: Vec<Attribute>,
    searched: Vec<DynIden>,
    selectable: bool,
    /// Index of the attribute that is the last sort key: unique and never null.
    last: usize,
    /// Whether the error for an unknown attribute lists the known ones; users' tables have too many.
    few: bool,
}

impl Queryable {
    /// Starts with the id, `$id`, which is unique and breaks ties.
    pub fn new(id: impl IntoIden) -> Self {
        let none = Self {
            attributes: Vec::new(),
            searched: Vec::new(),
            selectable: false,
            last: 0,
            few: true,
        };
        none.with("$id", id, Sort::Text)
    }

    /// Starts with the id and a number that increases with each row, `$sequence`, which breaks ties and is the default
    /// order; for nouns with user-defined attributes.
    pub fn numbered(id: impl IntoIden, sequence: impl IntoIden) -> Self {
        let mut own = Self::new(id).with("$sequence", sequence, Sort::Sequence);
        (own.last, own.few, own.selectable) = (1, false, true);
        own
    }

    /// Adds a text attribute.
    #[must_use]
    pub fn text(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Text)
    }

    /// Adds an integer attribute.
    #[must_use]
    pub fn integer(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Integer)
    }

    /// Adds a floating-point attribute.
    #[must_use]
    pub fn real(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Real)
    }

    /// Adds a boolean attribute.
    #[must_use]
    pub fn boolean(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Boolean)
    }

    /// Adds a timestamp attribute.
    #[must_use]
    pub fn datetime(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Datetime)
    }

    /// Adds an attribute of JSON lists of texts.
    #[must_use]
    pub fn texts(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Text).list()
    }

    /// Adds an attribute of any type.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, column: impl IntoIden, sort: Sort) -> Self {
        self.attributes.push(Attribute {
            name: name.into(),
            column: column.into_iden(),
            sort,
            list: false,
            optional: false,
        });
        self
    }

    /// Marks the last attribute as nullable.
    #[must_use]
    pub fn optional(mut self) -> Self {
        if let Some(last) = self.attributes.last_mut() {
            last.optional = true;
        }
        self
    }

    /// Marks the last attribute as a JSON list.
    #[must_use]
    pub fn list(mut self) -> Self {
        if let Some(last) = self.attributes.last_mut() {
            last.list = true;
        }
        self
    }

    /// Sets the columns that the parameter `search` searches.
    #[must_use]
    pub fn searched<T: IntoIden>(mut self, columns: impl IntoIterator<Item = T>) -> Self {
        self.searched = columns.into_iter().map(IntoIden::into_iden).collect();
        self
    }

    /// Allows `select` queries; the caller applies them to the reply.
    #[must_use]
    pub fn selectable(mut self) -> Self {
        self.selectable = true;
        self
    }

    /// The attribute of this name. The error names it, and lists the queryable attributes if they are few.
    pub fn find(&self, query: usize, name: &str) -> Result<&Attribute, Error> {
        self.position(query, name).map(|position| &self.attributes[position])
    }

    /// Index of the attribute of this name; fails like [`Queryable::find`].
    pub(super) fn position(&self, query: usize, name: &str) -> Result<usize, Error> {
        let found = self.attributes.iter().position(|attribute| attribute.name == name);
        found.ok_or_else(|| {
            let unknown = format!("Attribute not found in schema: {name}");
            if !self.few {
                return Error::at(query, unknown);
            }
            let names: Vec<&str> = self
                .attributes
                .iter()
                .map(|attribute| attribute.name.as_ref())
                .collect();
            Error::at(query, format!("{unknown}. Allowed attributes: {}", names.join(", ")))
        })
    }

    /// The attribute at an index.
    pub(super) fn at(&self, position: usize) -> &Attribute {
        &self.attributes[position]
    }

    /// The id.
    pub(super) fn id(&self) -> &Attribute {
        &self.attributes[0]
    }

    /// Index of the attribute that is the last sort key.
    pub(super) fn last(&self) -> usize {
        self.last
    }

    /// Index of the attribute with the time of creation, for nouns without a number.
    pub(super) fn creation(&self) -> Option<usize> {
        let mut names = self.attributes.iter().map(|attribute| attribute.name.as_ref());
        names.position(|name| name == "$createdAt").filter(|_| self.last == 0)
    }

    /// Whether the attribute at an index is unique.
    pub(super) fn is_unique(&self, position: usize) -> bool {
        position == 0 || position == self.last
    }

    pub(super) fn searched_columns(&self) -> &[DynIden] {
        &self.searched
    }

    pub(super) fn is_selectable(&self) -> bool {
        self.selectable
    }
}
