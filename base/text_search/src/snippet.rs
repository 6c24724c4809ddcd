//! Excerpt of a text around the first match of a search.

use std::ops::Range;

use crate::search::Search;
use crate::token::{Token, tokens};

/// The text around the first match, as HTML: matched words are in `<mark>`, everything else is escaped, and omitted
/// text is replaced by an ellipsis. `around` is the number of characters on either side of the match; partial words are
/// omitted. None if nothing matches.
pub fn snippet(text: &str, search: &Search, around: usize) -> Option<String> {
    let tokens = tokens(text);
    let marked = marked(search, &tokens);
    let first = marked.first()?.clone();
    let excerpt = window(text, &tokens, &first, around);

    let mut html = String::new();
    if excerpt.start > 0 {
        html.push('…');
    }
    let mut at = excerpt.start;
    for range in marked.iter().filter(|range| range.start < excerpt.end) {
        let end = range.end.min(excerpt.end);
        escape(&mut html, &text[at..range.start]);
        html.push_str("<mark>");
        escape(&mut html, &text[range.start..end]);
        html.push_str("</mark>");
        at = end;
    }
    escape(&mut html, &text[at..excerpt.end]);
    if excerpt.end < text.len() {
        html.push('…');
    }
    Some(html)
}

/// Byte ranges of matching words. Adjacent words without characters between them are merged.
fn marked(search: &Search, tokens: &[Token]) -> Vec<Range<usize>> {
    let mut marked: Vec<Range<usize>> = Vec::new();
    for token in search.hits(tokens).flat_map(|hit| &tokens[hit]) {
        match marked.last_mut() {
            // Hits may overlap.
            Some(last) if token.range.start <= last.end => last.end = last.end.max(token.range.end),
            _ => marked.push(token.range.clone()),
        }
    }
    marked
}

fn window(text: &str, tokens: &[Token], first: &Range<usize>, around: usize) -> Range<usize> {
    let before = text[..first.start].char_indices().rev();
    let start = before.take(around).last().map_or(first.start, |(at, _)| at);
    let after = text[first.end..].char_indices();
    let end = after
        .skip(around)
        .map(|(at, _)| first.end + at)
        .next()
        .unwrap_or(text.len());

    let holding = |at: usize| {
        tokens
            .iter()
            .map(|token| &token.range)
            .find(|range| range.start < at && at < range.end)
    };
    holding(start).map_or(start, |cut| cut.end)..holding(end).map_or(end, |cut| cut.start)
}

fn escape(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(character),
        }
    }
}
