//! Sanitizing of external texts for display and logs.

/// Removes control characters and direction marks, trims, and truncates to `max` characters.
pub(crate) fn clean(text: &str, max: usize) -> String {
    let visible = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .filter(visible)
        .collect::<String>()
        .trim()
        .chars()
        .take(max)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

/// Whether a text has one `@` with text on both sides, no space, and at most 320 characters (RFC 5321 4.5.3.1).
pub(crate) fn is_email(text: &str) -> bool {
    let parts: Vec<&str> = text.split('@').collect();
    let clean = !text
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';'));
    matches!(parts[..], [local, domain] if !local.is_empty() && !domain.is_empty()) && clean && text.len() <= 320
}

/// Replaces every secret of at least 4 bytes in a text, since some providers repeat the parameters of the request.
pub(crate) fn redact(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| secret.len() >= 4) {
        text = text.replace(secret, "…");
    }
    text
}
