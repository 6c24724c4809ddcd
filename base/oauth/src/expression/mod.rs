//! Expressions that extract values from a provider's replies: the language of `uid`, `email`, `email_verified` and
//! `display_name`.
//!
//! A *path* is a JSON pointer (RFC 6901) into a reply: `/data/id`. It reads the reply of the `userinfo` call, or
//! another one if prefixed with its name: `emails:/0/email` (the call with that role), `token:/user_id` (the token
//! reply), `id_token:/sub` (the verified claims), `form:user:/name/firstName` (a parameter of the callback with JSON).
//! `*` iterates over the entries of an array, and `*[primary && verified]` over those in which both keys are true; a
//! key may also be compared: `[type == 'work']`, `[mail == /mail]` (a pointer into the same reply),
//! `[email == @email]`. `before '.'` keeps the part before the first dot.
//!
//! An [`Expr`] returns a text: `/first_name + ' ' + /last_name` joins the present values, `or` gives an alternative if
//! there are none. A [`Condition`] returns a boolean: a bare path is true only for the JSON value `true`; `is 1`,
//! `is 'text'`, `is not 'text'`, `is present`, `is missing` and `is @email` (the address that was read, ignoring case)
//! compare, `includes @email` searches an array; `and` binds tighter than `or`; `always` is true for every address.
//!
//! In a record each may also be a list, which is equivalent to `or`.

mod eval;
mod parse;
mod write;

pub use eval::Documents;
pub use write::Imitation;

/// Expression that returns a text from the provider's replies.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    text: String,
    alternatives: Vec<Vec<Term>>,
}

/// Expression that returns a boolean from the provider's replies.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    alternatives: Vec<Vec<Test>>,
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    Text(String),
    Path(Path),
}

#[derive(Debug, Clone, PartialEq)]
struct Path {
    source: Source,
    steps: Vec<Step>,
    before: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Source {
    /// The `userinfo` call, or the claims if the provider has no such call.
    Profile,
    /// A named reply.
    Reply(String),
    /// A parameter of the callback.
    Form(String),
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Key(String),
    Each(Vec<Filter>),
}

#[derive(Debug, Clone, PartialEq)]
struct Filter {
    key: String,
    expected: FilterValue,
}

#[derive(Debug, Clone, PartialEq)]
enum FilterValue {
    True,
    Text(String),
    Pointer(Vec<Step>),
    Email,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Always,
    Path(Path, Is),
}

#[derive(Debug, Clone, PartialEq)]
enum Is {
    Value(serde_json::Value),
    Not(serde_json::Value),
    Email,
    IncludesEmail,
    Includes(String),
    Present,
    Missing,
}

impl Expr {
    /// Parses an expression; the error describes the fault.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self {
            text: text.to_owned(),
            alternatives: parse::alternatives(text)?,
        })
    }

    /// Whether it only reads these replies.
    pub(crate) fn reads_only(&self, replies: &[&str]) -> bool {
        self.alternatives.iter().flatten().all(|term| match term {
            Term::Text(_) => true,
            Term::Path(path) => matches!(&path.source, Source::Reply(name) if replies.contains(&name.as_str())),
        })
    }

    /// The names of the replies that it reads.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &str> {
        self.alternatives.iter().flatten().filter_map(|term| match term {
            Term::Path(Path {
                source: Source::Reply(name),
                ..
            }) => Some(name.as_str()),
            _ => None,
        })
    }
}

impl Condition {
    /// Parses a condition; the error describes the fault.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self {
            text: text.to_owned(),
            alternatives: parse::tests(text)?,
        })
    }

    /// The names of the replies that it reads.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &str> {
        self.alternatives.iter().flatten().filter_map(|test| match test {
            Test::Path(
                Path {
                    source: Source::Reply(name),
                    ..
                },
                _,
            ) => Some(name.as_str()),
            _ => None,
        })
    }
}

impl std::fmt::Display for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}
