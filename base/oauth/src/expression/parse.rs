//! Recursive-descent parser of expressions.

use super::{Filter, FilterValue, Is, Path, Source, Step, Term, Test};

/// Maximum length of an expression, in bytes.
const MAX_LEN: usize = 1000;

pub(super) fn alternatives(text: &str) -> Result<Vec<Vec<Term>>, String> {
    let mut cursor = Cursor::new(text)?;
    let mut alternatives = Vec::new();
    loop {
        // Within one alternative a path without a source reads the same reply as the path before it.
        let mut source = Source::Profile;
        let mut terms = Vec::new();
        loop {
            let term = cursor.term(&source)?;
            if let Term::Path(path) = &term {
                source = path.source.clone();
            }
            terms.push(term);
            if !cursor.symbol("+") {
                break;
            }
        }
        alternatives.push(terms);
        if !cursor.word("or") {
            return cursor.end().map(|()| alternatives);
        }
    }
}

pub(super) fn tests(text: &str) -> Result<Vec<Vec<Test>>, String> {
    let mut cursor = Cursor::new(text)?;
    let mut alternatives = Vec::new();
    loop {
        let mut tests = Vec::new();
        loop {
            tests.push(cursor.test()?);
            if !cursor.word("and") {
                break;
            }
        }
        alternatives.push(tests);
        if !cursor.word("or") {
            return cursor.end().map(|()| alternatives);
        }
    }
}

struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Result<Self, String> {
        if text.len() > MAX_LEN {
            return Err(format!("is longer than {MAX_LEN} characters"));
        }
        Ok(Self { rest: text })
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn end(&mut self) -> Result<(), String> {
        self.skip();
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(format!("cannot be read from `{}` on", self.rest))
        }
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        self.skip();
        self.rest.strip_prefix(symbol).map(|rest| self.rest = rest).is_some()
    }

    fn word(&mut self, word: &str) -> bool {
        self.skip();
        match self.rest.strip_prefix(word) {
            Some(rest) if !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '-')) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !accept(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn quoted(&mut self) -> Result<Option<String>, String> {
        if !self.symbol("'") {
            return Ok(None);
        }
        let text = self.take_while(|c| c != '\'').to_owned();
        if self.symbol("'") {
            Ok(Some(text))
        } else {
            Err("has a quote that is not closed".into())
        }
    }

    fn term(&mut self, source: &Source) -> Result<Term, String> {
        match self.quoted()? {
            Some(text) => Ok(Term::Text(text)),
            None => self.path(source).map(Term::Path),
        }
    }

    fn name(&mut self) -> &'a str {
        self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    }

    fn path(&mut self, inherited: &Source) -> Result<Path, String> {
        self.skip();
        let mut source = inherited.clone();
        if !self.rest.starts_with('/') {
            let name = self.name();
            if name.is_empty() || !self.symbol(":") {
                return Err(format!(
                    "expects a path such as `/email` or `emails:/0/email` at `{name}{}`",
                    self.rest
                ));
            }
            source = Source::Reply(name.to_owned());
            if name == "form" {
                let parameter = self.name().to_owned();
                let pointer_follows = self.symbol(":");
                source = Source::Form(parameter);
                if !pointer_follows {
                    return self.finish(source, Vec::new());
                }
            }
        }
        let steps = self.steps()?;
        self.finish(source, steps)
    }

    fn finish(&mut self, source: Source, steps: Vec<Step>) -> Result<Path, String> {
        let before = if self.word("before") {
            Some(self.quoted()?.ok_or("expects a quoted text after `before`")?)
        } else {
            None
        };
        Ok(Path { source, steps, before })
    }

    fn steps(&mut self) -> Result<Vec<Step>, String> {
        let mut steps = Vec::new();
        while let Some(rest) = self.rest.strip_prefix('/') {
            self.rest = rest;
            let segment = self.take_while(|c| !c.is_whitespace() && !matches!(c, '/' | '[' | ']'));
            steps.push(match segment {
                "" => return Err("has an empty step in a path".into()),
                "*" if self.rest.starts_with('[') => Step::Each(self.filters()?),
                "*" => Step::Each(Vec::new()),
                // RFC 6901 3: ~1 is a slash, ~0 a tilde, in this order.
                key => Step::Key(key.replace("~1", "/").replace("~0", "~")),
            });
        }
        if steps.is_empty() {
            Err(format!("expects a path at `{}`", self.rest))
        } else {
            Ok(steps)
        }
    }

    fn filters(&mut self) -> Result<Vec<Filter>, String> {
        let mut filters = Vec::new();
        self.symbol("[");
        loop {
            self.skip();
            let key = self.name().to_owned();
            if key.is_empty() {
                return Err("expects a key inside of [ ]".into());
            }
            let expected = match self.symbol("==") {
                false => FilterValue::True,
                true if self.word("@email") => FilterValue::Email,
                true => match self.quoted()? {
                    Some(text) => FilterValue::Text(text),
                    None => FilterValue::Pointer(self.steps()?),
                },
            };
            filters.push(Filter { key, expected });
            if self.symbol("]") {
                return Ok(filters);
            }
            if !self.symbol("&&") {
                return Err("has a [ that is not closed".into());
            }
        }
    }

    fn test(&mut self) -> Result<Test, String> {
        if self.word("always") {
            return Ok(Test::Always);
        }
        let path = self.path(&Source::Profile)?;
        let is = if self.word("includes") {
            if self.word("@email") {
                Is::IncludesEmail
            } else {
                Is::Includes(
                    self.quoted()?
                        .ok_or("expects @email or a quoted text after `includes`")?,
                )
            }
        } else if self.word("is") {
            self.expected()?
        } else {
            Is::Value(true.into())
        };
        Ok(Test::Path(path, is))
    }

    fn expected(&mut self) -> Result<Is, String> {
        if self.word("present") {
            return Ok(Is::Present);
        }
        if self.word("missing") {
            return Ok(Is::Missing);
        }
        if self.word("@email") {
            return Ok(Is::Email);
        }
        let negated = self.word("not");
        let value = self.literal()?;
        Ok(if negated { Is::Not(value) } else { Is::Value(value) })
    }

    fn literal(&mut self) -> Result<serde_json::Value, String> {
        if let Some(text) = self.quoted()? {
            return Ok(text.into());
        }
        let literal = self.take_while(|c| c.is_ascii_alphanumeric() || c == '-');
        match serde_json::from_str(literal) {
            Ok(value @ (serde_json::Value::Bool(_) | serde_json::Value::Number(_))) => Ok(value),
            _ => Err("expects true, false, a number, a quoted text, present, missing or @email after `is`".into()),
        }
    }
}
