//! Placeholders: `{{name}}` in a text, replaced in one pass, so that placeholders within values are not replaced.

use kernel::markup::escape;

use crate::notification::Values;

/// Fills a plain text; values are inserted unchanged.
pub(crate) fn plain(template: &str, values: &Values) -> String {
    fill(template, values, |value, out| out.push_str(value))
}

/// Fills HTML; values are escaped.
pub(crate) fn html(template: &str, values: &Values) -> String {
    fill(template, values, |value, out| out.push_str(&escape(value)))
}

fn fill(template: &str, values: &Values, write: impl Fn(&str, &mut String)) -> String {
    let mut out = String::with_capacity(template.len() + 128);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        // An unknown name stays as it is: it can be another program's placeholder, or a part of a style sheet.
        let found = after.split_once("}}").and_then(|(name, after)| {
            let value = values.get(name.trim())?;
            Some((value, after))
        });
        match found {
            Some((value, after)) => {
                write(value, &mut out);
                rest = after;
            }
            None => {
                out.push_str("{{");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Converts HTML to plain text.
pub(crate) fn stripped(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, after)) = tag.split_once('>') else {
            text.push('<');
            rest = tag;
            continue;
        };
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        match name.to_ascii_lowercase().as_str() {
            "p" | "br" | "div" | "tr" | "li" | "h1" | "h2" | "h3" | "table" => text.push('\n'),
            "style" | "script" | "title" => {
                let end = format!("</{name}");
                rest = after
                    .split_once(end.as_str())
                    .map_or("", |(_, after)| after.split_once('>').map_or("", |(_, rest)| rest));
                continue;
            }
            "a" => {
                if let Some(target) = target(tag) {
                    text.push_str(&target);
                    text.push(' ');
                }
            }
            _ => {}
        }
        rest = after;
    }
    text.push_str(rest);
    let text = unescape(&text);
    let lines = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut out = String::new();
    for line in lines {
        if !line.is_empty() || !(out.is_empty() || out.ends_with("\n\n")) {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out.trim_end().to_owned()
}

fn target(tag: &str) -> Option<String> {
    let (_, value) = tag.split_once("href=")?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn values_are_not_expanded_and_are_escaped() {
        let values = values(&[("user", "{{otp}}<b>\"'&"), ("otp", "123456")]);
        assert_eq!(plain("{{user}} {{ otp }}", &values), "{{otp}}<b>\"'& 123456");
        assert_eq!(html("{{user}}", &values), "{{otp}}&lt;b&gt;&quot;&#39;&amp;");
        assert_eq!(plain("{{unknown}} {{", &values), "{{unknown}} {{");
    }

    #[test]
    fn markup_converts_to_readable_text() {
        let markup = "<style>p{}</style><p>Hello  Ada,</p><p>Press <a href=\"https://x.example/?a=1&amp;b=2\">here</a>.</p>1 &lt; 2";
        assert_eq!(
            stripped(markup),
            "Hello Ada,\n\nPress https://x.example/?a=1&b=2 here.\n1 < 2"
        );
        assert_eq!(stripped("a < b"), "a < b");
    }
}
