//! What may be asked of a noun's list.

use std::borrow::Cow;

use kernel::query::Error;
use sea_query::{DynIden, IntoIden};

/// What an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Text.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Real,
    /// True or false.
    Boolean,
    /// Instants.
    Datetime,
    /// JSON lists of texts, which may be asked what they contain and no more.
    Texts,
}

/// An attribute that may be queried, and the column that it stands for.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its name on the wire.
    pub name: Cow<'static, str>,
    /// Its column.
    pub column: DynIden,
    /// What it holds.
    pub sort: Sort,
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
}

impl Queryable {
    /// Begins with the id, `$id`, which is unique and breaks ties.
    pub fn new(id: impl IntoIden) -> Self {
        let none = Self {
            attributes: Vec::new(),
            searched: Vec::new(),
            selectable: false,
        };
        none.with("$id", id, Sort::Text)
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
        self.with(name, column, Sort::Texts)
    }

    /// Adds an attribute of any sort.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, column: impl IntoIden, sort: Sort) -> Self {
        self.attributes.push(Attribute {
            name: name.into(),
            column: column.into_iden(),
            sort,
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

    /// The attribute of this name. The error names it and lists those that may be queried.
    pub fn find(&self, query: usize, name: &str) -> Result<&Attribute, Error> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
            .ok_or_else(|| {
                let names: Vec<&str> = self
                    .attributes
                    .iter()
                    .map(|attribute| attribute.name.as_ref())
                    .collect();
                let names = names.join(", ");
                Error::at(
                    query,
                    format!("Attribute not found in schema: {name}. Allowed attributes: {names}"),
                )
            })
    }

    /// The id.
    pub(super) fn id(&self) -> &Attribute {
        &self.attributes[0]
    }

    pub(super) fn searched_columns(&self) -> &[DynIden] {
        &self.searched
    }

    pub(super) fn is_selectable(&self) -> bool {
        self.selectable
    }
}
