//! Finds the icon linked from a page (HTML standard, 4.6.7.8). Scans only for the needed tags, so that invalid HTML
//! elsewhere in the page does not matter.

use outbound::Url;

/// Maximum number of links examined.
const MAX_LINKS: usize = 200;

/// Returns the best icon linked from a page: an SVG, else the largest.
pub(crate) fn icon(html: &str, page: &Url) -> Option<Url> {
    let base = tags(html, "base").find_map(|tag| attribute(tag, "href"));
    let base = base
        .and_then(|base| page.join(&base).ok())
        .unwrap_or_else(|| page.clone());
    let links = tags(html, "link").take(MAX_LINKS).filter_map(|tag| {
        let rel = attribute(tag, "rel")?.to_ascii_lowercase();
        let is_icon = rel
            .split_ascii_whitespace()
            .any(|word| matches!(word, "icon" | "apple-touch-icon"));
        let url = base.join(attribute(tag, "href").filter(|_| is_icon)?.trim()).ok()?;
        let fetched = matches!(url.scheme(), "http" | "https");
        fetched.then(|| (rank(tag, &url), url))
    });
    // Among icons of equal rank the first one is chosen.
    links
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, url)| url)
}

/// Rank of an icon: its largest declared width in pixels; `u32::MAX` for SVG.
fn rank(tag: &str, url: &Url) -> u32 {
    let kind = attribute(tag, "type").unwrap_or_default();
    if kind.contains("svg") || url.path().ends_with(".svg") {
        return u32::MAX;
    }
    let sizes = attribute(tag, "sizes").unwrap_or_default().to_ascii_lowercase();
    let sides = sizes
        .split_ascii_whitespace()
        .filter_map(|size| size.split_once('x')?.0.parse().ok());
    sides.max().unwrap_or(0).min(u32::MAX - 1)
}

/// The text after the tag name, for each tag with this name.
fn tags<'a>(html: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    html.split('<').skip(1).filter_map(move |rest| {
        let (own, inside) = rest.split_at_checked(name.len())?;
        let ends = inside.starts_with(|next: char| next.is_ascii_whitespace() || next == '/');
        (own.eq_ignore_ascii_case(name) && ends).then_some(inside)
    })
}

/// The value of an attribute, quoted or unquoted.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|next: char| next.is_ascii_whitespace() || next == '/');
        if rest.is_empty() || rest.starts_with('>') {
            return None;
        }
        let end = rest.find(|next: char| next.is_ascii_whitespace() || matches!(next, '=' | '>' | '/'));
        let (key, after) = rest.split_at(end.unwrap_or(rest.len()));
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            // An attribute without a value, or a character that cannot start a name.
            rest = if key.is_empty() { after.get(1..)? } else { after };
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote)?,
            _ => value.split_at(
                value
                    .find(|next: char| next.is_ascii_whitespace() || next == '>')
                    .unwrap_or(value.len()),
            ),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value.replace("&amp;", "&"));
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Option<String> {
        let page = Url::parse("https://example.com/a/b?c").expect("an address");
        icon(html, &page).map(String::from)
    }

    #[test]
    fn the_best_icon_is_found() {
        for (html, icon) in [
            (r#"<link rel="icon" href="/i.png">"#, "https://example.com/i.png"),
            ("<LINK HREF=i.png REL='shortcut icon'/>", "https://example.com/a/i.png"),
            (
                r#"<link rel=icon sizes="16x16" href=s.png><link rel=icon sizes="16x16 96x96" href=l.png>"#,
                "https://example.com/a/l.png",
            ),
            (
                r#"<link rel=icon sizes=512x512 href=l.png><link rel="icon" type="image/svg+xml" href="d?a=1&amp;b">"#,
                "https://example.com/a/d?a=1&b",
            ),
            (
                r#"<base href="https://cdn.example/x/"><link crossorigin rel="apple-touch-icon" href="t.png" >"#,
                "https://cdn.example/x/t.png",
            ),
            (
                r#"<link rel="icon" href="a.png"><link rel="icon" href="b.png">"#,
                "https://example.com/a/a.png",
            ),
        ] {
            assert_eq!(found(html).as_deref(), Some(icon), "{html}");
        }
    }

    #[test]
    fn other_links_are_not_icons() {
        for html in [
            "",
            "<link",
            "<link rel=icon",
            "<link rel=icon href",
            r#"<link rel="icon" href="data:image/png;base64,AAAA">"#,
            r#"<link rel="icon" href="javascript:alert(1)">"#,
            r#"<link rel="stylesheet" href="/icon.css">"#,
            r#"<linkage rel="icon" href="/i.png">"#,
            r#"<link rel="icon href="/i.png>"#,
            "<link = = == >",
            "<link \u{00e9}=\u{00e9} rel>",
        ] {
            assert_eq!(found(html), None, "{html}");
        }
    }
}
