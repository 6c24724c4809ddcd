//! Where a record's expressions read, so that something can be put there.
//!
//! The language is described in `oauth`; a record that this crate sees has been checked there. Only the first alternative
//! counts: what is to be read is put where the record looks first.

/// A place in one of the replies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) source: Source,
    pub(crate) steps: Vec<Step>,
    /// The mark before which the value stands.
    pub(crate) before: Option<String>,
}

/// The reply that a place is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Profile,
    Reply(String),
    /// A parameter of the callback.
    Form(String),
}

/// One step into a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    /// An entry of a list, with members that it must have.
    Each(Vec<(String, Wanted)>),
}

/// What a member must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    True,
    Text(String),
    /// The person's address; a pointer to it elsewhere in the reply means the same.
    Email,
}

/// The places that an expression joins.
pub(crate) fn places(text: &str) -> Vec<Place> {
    let words = first_alternative(text);
    let mut places: Vec<Place> = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        if word == "before" {
            let mark = words.next().map(|mark| unquoted(mark).to_owned());
            if let Some(place) = places.last_mut() {
                place.before = mark;
            }
        } else if word != "+" && !word.starts_with('\'') {
            // A path without a source reads where the path before it reads.
            let inherited = places.last().map_or(Source::Profile, |place| place.source.clone());
            places.push(place(word, inherited));
        }
    }
    places
}

/// The places that a condition looks at, each with what it looks for in words: `is 1`, `includes @email`, nothing.
pub(crate) fn tests(text: &str) -> Vec<(Place, Vec<&str>)> {
    first_alternative(text)
        .split(|word| *word == "and")
        .filter_map(|test| test.split_first())
        .filter(|(word, _)| **word != "always")
        .map(|(word, rest)| (place(word, Source::Profile), rest.to_vec()))
        .collect()
}

/// A text without its quotes.
pub(crate) fn unquoted(word: &str) -> &str {
    word.trim_matches('\'')
}

fn first_alternative(text: &str) -> Vec<&str> {
    words(text).into_iter().take_while(|word| *word != "or").collect()
}

/// Splits at spaces that stand neither in quotes nor in brackets.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut quoted, mut depth) = (None, false, 0_u32);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c.is_whitespace() && !quoted && depth == 0 {
            words.extend(start.take().map(|start: usize| &text[start..at]));
        } else if start.is_none() {
            start = Some(at);
        }
    }
    words.extend(start.map(|start| &text[start..]));
    words
}

fn place(word: &str, inherited: Source) -> Place {
    let (source, path) = match word.split_once(':') {
        Some((name, path)) if !name.contains('/') => match name {
            "form" => {
                let (parameter, path) = path.split_once(':').unwrap_or((path, ""));
                (Source::Form(parameter.to_owned()), path)
            }
            _ => (Source::Reply(name.to_owned()), path),
        },
        _ => (inherited, word),
    };
    Place {
        source,
        steps: steps(path),
        before: None,
    }
}

fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path;
    while let Some(tail) = rest.strip_prefix('/') {
        let end = tail.find(['/', '[']).unwrap_or(tail.len());
        let (segment, after) = tail.split_at(end);
        let (filters, after) = match after.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
            Some((inside, after)) => (inside, after),
            None => ("", after),
        };
        steps.push(match segment {
            "*" => Step::Each(filters.split("&&").filter_map(filter).collect()),
            // RFC 6901 3: ~1 is a slash, ~0 a tilde, in this order.
            key => Step::Key(key.replace("~1", "/").replace("~0", "~")),
        });
        rest = after;
    }
    steps
}

fn filter(text: &str) -> Option<(String, Wanted)> {
    let (key, wanted) = match text.split_once("==") {
        None => (text, Wanted::True),
        Some((key, value)) => match value.trim() {
            quoted if quoted.starts_with('\'') => (key, Wanted::Text(unquoted(quoted).to_owned())),
            _ => (key, Wanted::Email),
        },
    };
    let key = key.trim();
    (!key.is_empty()).then(|| (key.to_owned(), wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Step {
        Step::Key(name.to_owned())
    }

    #[test]
    fn the_first_alternative_tells_the_places() {
        let found = places("profile:/first + ' ' + /last or /name");
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].source, Source::Reply("profile".into()));
        assert_eq!(found[1].steps, [key("last")]);

        let found = places("emails:/*[primary && kind == 'work']/email");
        let filters = vec![
            ("primary".to_owned(), Wanted::True),
            ("kind".to_owned(), Wanted::Text("work".into())),
        ];
        assert_eq!(found[0].steps, [Step::Each(filters), key("email")]);

        let found = places("token:/access_token before '.'");
        assert_eq!(found[0].before.as_deref(), Some("."));
        assert_eq!(
            places("/https:~1~1slack.com~1user_id")[0].steps,
            [key("https://slack.com/user_id")]
        );
        assert_eq!(
            places("form:user:/name/firstName")[0].source,
            Source::Form("user".into())
        );
    }

    #[test]
    fn the_tests_of_a_condition_keep_their_words() {
        let found = super::tests("/a is 1 and id_token:/b includes @email or /c");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].1, ["is", "1"]);
        assert_eq!(found[1].1, ["includes", "@email"]);
        assert!(super::tests("always").is_empty());
    }
}
