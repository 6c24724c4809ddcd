//! PostgreSQL placeholders.

/// Turns each `?` outside quotes into `$1`, `$2`, ….
pub(crate) fn number_placeholders(sql: &str) -> String {
    let mut numbered = String::with_capacity(sql.len() + 8);
    let (mut count, mut quote) = (0, None);
    for letter in sql.chars() {
        match letter {
            '\'' | '"' if quote.is_none() => quote = Some(letter),
            _ if quote == Some(letter) => quote = None,
            '?' if quote.is_none() => {
                count += 1;
                numbered.push_str(&format!("${count}"));
                continue;
            }
            _ => {}
        }
        numbered.push(letter);
    }
    numbered
}

#[cfg(test)]
mod tests {
    #[test]
    fn placeholders_are_numbered_outside_quotes_only() {
        let sql = r#"SELECT '?', "a?" FROM t WHERE a = ? AND b = 'it''s ?' AND c IN (?, ?)"#;
        let numbered = r#"SELECT '?', "a?" FROM t WHERE a = $1 AND b = 'it''s ?' AND c IN ($2, $3)"#;
        assert_eq!(super::number_placeholders(sql), numbered);
    }
}
