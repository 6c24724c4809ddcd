//! Templates with variables in `{braces}`: URLs, parameters and headers of a provider's record.
//!
//! A name in braces is a project's setting, a parameter kept from the callback, or one of [`NAMES`]; with a colon it is
//! an expression (`{token:/stripe_user_id}`). A brace not followed by a letter is literal, so JSON needs no escapes. In
//! a URL the position determines the allowed values: after `://` only a host, at the start a complete http(s) URL;
//! elsewhere the value is percent-encoded, so a setting cannot redirect a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

use crate::expression::Expr;

/// Names of variables that the client itself fills.
pub const NAMES: [&str; 9] = [
    "client_id",
    "client_secret",
    "access_token",
    "access_token_hmac",
    "refresh_token",
    "redirect_uri",
    "random",
    "server",
    "code",
];

/// RFC 3986 2.3: everything but the unreserved characters.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text with variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    Name(String),
    Expr(Expr),
}

/// Why a URL cannot be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TemplateError {
    /// This variable has no value.
    Missing(String),
    /// The value of this setting is not valid at its position.
    Invalid(String, &'static str),
    /// The result is not an http(s) URL.
    NotAUrl,
}

/// Source of template variables.
pub(crate) trait Fill {
    /// The value of a name; empty counts as not set.
    fn name(&self, name: &str) -> Option<String>;
    /// The value of an expression.
    fn expr(&self, expr: &Expr) -> Option<String>;
}

impl Template {
    /// Parses a template; the error describes the fault.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (before, inside) = (&rest[..open], &rest[open + 1..]);
            literal.push_str(before);
            if !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
                literal.push('{');
                rest = inside;
                continue;
            }
            let close = inside.find('}').ok_or("has a { that is not closed")?;
            let name = &inside[..close];
            let part = if name.contains(':') {
                Part::Expr(Expr::parse(name)?)
            } else if name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
            {
                Part::Name(name.to_owned())
            } else {
                return Err(format!("has `{{{name}}}`, which is neither a name nor an expression"));
            };
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(part);
            rest = &inside[close + 1..];
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self {
            text: text.to_owned(),
            parts,
        })
    }

    /// The source text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Names of the variables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The expressions.
    pub(crate) fn exprs(&self) -> impl Iterator<Item = &Expr> {
        self.parts.iter().filter_map(|part| match part {
            Part::Expr(expr) => Some(expr),
            _ => None,
        })
    }

    /// The text with all variables filled; none if one has no value.
    pub(crate) fn fill(&self, fill: &impl Fill) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Name(name) => text.push_str(&fill.name(name).filter(|value| !value.is_empty())?),
                Part::Expr(expr) => text.push_str(&fill.expr(expr)?),
            }
        }
        Some(text)
    }

    /// The URL with all variables filled and checked.
    pub(crate) fn url(&self, fill: &impl Fill) -> Result<Url, TemplateError> {
        let url = Url::parse(&self.assemble(fill, false)?).map_err(|_| TemplateError::NotAUrl)?;
        if matches!(url.scheme(), "https" | "http") && url.has_host() {
            Ok(url)
        } else {
            Err(TemplateError::NotAUrl)
        }
    }

    /// The URL's text with the known variables filled and the others left in braces, for an issuer with variables that
    /// only the token defines.
    pub(crate) fn pattern(&self, fill: &impl Fill) -> Result<String, TemplateError> {
        self.assemble(fill, true)
    }

    fn assemble(&self, fill: &impl Fill, open: bool) -> Result<String, TemplateError> {
        let mut text = String::new();
        for part in &self.parts {
            let (name, value) = match part {
                Part::Text(literal) => {
                    text.push_str(literal);
                    continue;
                }
                Part::Name(name) => (name.as_str(), fill.name(name)),
                Part::Expr(expr) => ("value", fill.expr(expr)),
            };
            let invalid = |rule| TemplateError::Invalid(name.to_owned(), rule);
            match value.filter(|value| !value.is_empty()) {
                None if open => text.push_str(&format!("{{{name}}}")),
                None => return Err(TemplateError::Missing(name.to_owned())),
                Some(value) if text.is_empty() => {
                    let whole = self.parts.len() == 1;
                    let base = base(&value, whole).map_err(invalid)?;
                    text.push_str(if whole { base } else { base.trim_end_matches('/') });
                }
                Some(value) if text.ends_with("://") => text.push_str(&host(&value).map_err(invalid)?),
                Some(value) if value == "." || value == ".." => return Err(invalid("must be a name")),
                Some(value) => text.extend(utf8_percent_encode(&value, RESERVED)),
            }
        }
        Ok(text)
    }
}

/// Matches an issuer against a pattern; returns the values of the pattern's variables. A variable matches at most one
/// path segment, so a longer issuer never matches.
pub(crate) fn match_pattern(pattern: &str, text: &str) -> Option<std::collections::BTreeMap<String, String>> {
    let mut found = std::collections::BTreeMap::new();
    let (mut pattern, mut text) = (pattern, text);
    while let Some((before, rest)) = pattern.split_once('{') {
        let (name, rest) = rest.split_once('}')?;
        text = text.strip_prefix(before)?;
        let end = text
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
            .unwrap_or(text.len());
        if end == 0 || end > 128 || &text[..end] == "." || &text[..end] == ".." {
            return None;
        }
        found.insert(name.to_owned(), text[..end].to_owned());
        (pattern, text) = (rest, &text[end..]);
    }
    (pattern == text).then_some(found)
}

/// A complete URL: http(s), no credentials, no fragment; a query only if nothing is appended.
fn base(value: &str, whole: bool) -> Result<&str, &'static str> {
    const RULE: &str = "must be a URL such as https://id.example.com";
    let url = Url::parse(value).map_err(|_| RULE)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let fits = matches!(url.scheme(), "https" | "http") && url.has_host() && plain && (whole || url.query().is_none());
    if fits { Ok(value) } else { Err(RULE) }
}

/// A host with an optional port.
fn host(value: &str) -> Result<String, &'static str> {
    const RULE: &str = "must be a host name such as id.example.com, without https:// and without a path";
    if value.contains(['/', '\\', '@', '?', '#', '%']) || value.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(RULE);
    }
    let url = Url::parse(&format!("https://{value}/")).map_err(|_| RULE)?;
    match (url.host(), url.port()) {
        (Some(Host::Domain(name)), _) if name.split('.').any(str::is_empty) => Err(RULE),
        (Some(host), None) => Ok(host.to_string()),
        (Some(host), Some(port)) => Ok(format!("{host}:{port}")),
        (None, _) => Err(RULE),
    }
}
