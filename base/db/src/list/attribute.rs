//! Attributes by which a noun's list can be queried.

use std::borrow::Cow;

use kernel::query::Error;
use sea_query::{DynIden, IntoIden};

/// Type of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Text.
    Text,
    /// Whole numbers.
    Integer,
    /// Whole numbers that queries write as a text of digits: `$sequence`.
    Sequence,
    /// Numbers.
    Real,
    /// True or false.
    Boolean,
    /// Instants.
    Datetime,
    /// Places, lines and areas: what may be asked of them is answered by a [`ConditionResolver`](super::ConditionResolver).
    Shape,
    /// An encrypted value; it cannot be queried.
    Sealed,
}

/// An attribute that may be queried, and the column that it stands for.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its name on the wire.
    pub name: Cow<'static, str>,
    /// Its column.
    pub column: DynIden,
    /// Type of the attribute.
    pub sort: Sort,
    /// Whether it holds a JSON list of that, which may be asked what it contains and no more.
    pub list: bool,
    /// Whether rows may lack it.
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
    /// The place of the attribute that lists are sorted by in the end: unique, and always there.
    last: usize,
    /// Whether an unknown attribute is told which there are: of users' tables that would be too many.
    few: bool,
}

impl Queryable {
    /// Begins with the id, `$id`, which is unique and breaks ties.
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

    /// Begins with the id and a number that grows with each row, `$sequence`, which breaks ties and is the order of lists
    /// that ask for none; for nouns with attributes of the user's.
    pub fn numbered(id: impl IntoIden, sequence: impl IntoIden) -> Self {
        let mut own = Self::new(id).with("$sequence", sequence, Sort::Sequence);
        (own.last, own.few, own.selectable) = (1, false, true);
        own
    }

    /// Adds an attribute of text.
    #[must_use]
    pub fn text(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Text)
    }

    /// Adds an attribute of whole numbers.
    #[must_use]
    pub fn integer(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Integer)
    }

    /// Adds an attribute of numbers.
    #[must_use]
    pub fn real(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Real)
    }

    /// Adds an attribute that is true or false.
    #[must_use]
    pub fn boolean(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Boolean)
    }

    /// Adds an attribute of instants.
    #[must_use]
    pub fn datetime(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Datetime)
    }

    /// Adds an attribute of JSON lists of texts.
    #[must_use]
    pub fn texts(self, name: impl Into<Cow<'static, str>>, column: impl IntoIden) -> Self {
        self.with(name, column, Sort::Text).list()
    }

    /// Adds an attribute of any sort.
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

    /// Says of the last attribute that rows may lack it: its column may be null.
    #[must_use]
    pub fn optional(mut self) -> Self {
        if let Some(last) = self.attributes.last_mut() {
            last.optional = true;
        }
        self
    }

    /// Says of the last attribute that it holds JSON lists.
    #[must_use]
    pub fn list(mut self) -> Self {
        if let Some(last) = self.attributes.last_mut() {
            last.list = true;
        }
        self
    }

    /// Says which columns the parameter `search` looks into.
    #[must_use]
    pub fn searched<T: IntoIden>(mut self, columns: impl IntoIterator<Item = T>) -> Self {
        self.searched = columns.into_iter().map(IntoIden::into_iden).collect();
        self
    }

    /// Allows `select` queries, which shape the reply: the caller does that.
    #[must_use]
    pub fn selectable(mut self) -> Self {
        self.selectable = true;
        self
    }

    /// The attribute of this name. The error names it, and those that may be queried if they are few.
    pub fn find(&self, query: usize, name: &str) -> Result<&Attribute, Error> {
        self.position(query, name).map(|position| &self.attributes[position])
    }

    /// The place of the attribute of this name; fails as [`Queryable::find`] does.
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

    /// The attribute at a place.
    pub(super) fn at(&self, position: usize) -> &Attribute {
        &self.attributes[position]
    }

    /// The id.
    pub(super) fn id(&self) -> &Attribute {
        &self.attributes[0]
    }

    /// The place of the attribute that lists are sorted by in the end.
    pub(super) fn last(&self) -> usize {
        self.last
    }

    /// Whether no two rows have the same value at a place.
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
