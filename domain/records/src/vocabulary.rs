//! The two vocabularies for the same concepts.

/// Vocabulary of databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vocabulary {
    /// Tables, columns, rows.
    Tables,
    /// Collections, attributes, documents: the older vocabulary.
    Collections,
}

/// Names of error types, in the words of tables and of collections.
const TYPES: &[(&str, &str)] = &[
    ("table_not_found", "collection_not_found"),
    ("table_already_exists", "collection_already_exists"),
    ("table_limit_exceeded", "collection_limit_exceeded"),
    ("row_not_found", "document_not_found"),
    ("row_invalid_structure", "document_invalid_structure"),
    ("row_missing_data", "document_missing_data"),
    ("row_missing_payload", "document_missing_payload"),
    ("row_already_exists", "document_already_exists"),
    ("row_update_conflict", "document_update_conflict"),
    ("row_delete_restricted", "document_delete_restricted"),
    ("column_not_found", "attribute_not_found"),
    ("column_unknown", "attribute_unknown"),
    ("column_not_available", "attribute_not_available"),
    ("column_format_unsupported", "attribute_format_unsupported"),
    ("column_default_unsupported", "attribute_default_unsupported"),
    ("column_already_exists", "attribute_already_exists"),
    ("column_limit_exceeded", "attribute_limit_exceeded"),
    ("column_value_invalid", "attribute_value_invalid"),
    ("column_type_invalid", "attribute_type_invalid"),
    ("column_invalid_resize", "attribute_invalid_resize"),
    ("column_index_not_found", "index_not_found"),
    ("column_index_limit_exceeded", "index_limit_exceeded"),
    ("column_index_already_exists", "index_already_exists"),
    ("column_index_invalid", "index_invalid"),
    ("column_index_dependency", "index_dependency"),
];

/// Words of tables and of collections. The word of tables, in angle brackets, is the placeholder of both in a template.
const WORDS: &[(&str, &str)] = &[
    ("table", "collection"),
    ("tables", "collections"),
    ("Table", "Collection"),
    ("Tables", "Collections"),
    ("column", "attribute"),
    ("columns", "attributes"),
    ("Column", "Attribute"),
    ("Columns", "Attributes"),
    ("a column", "an attribute"),
    ("A column", "An attribute"),
    ("row", "document"),
    ("rows", "documents"),
    ("Row", "Document"),
    ("Rows", "Documents"),
];

/// Text of a user or of another crate as a part of a template: [`Vocabulary::fill`] returns it unchanged, even if it
/// looks like a placeholder. IDs and keys need no escape, because they contain no `<`.
pub fn verbatim(text: impl std::fmt::Display) -> String {
    text.to_string().replace('<', "<<")
}

impl Vocabulary {
    /// The name of an error type in this vocabulary, given in the words of tables.
    pub fn type_name(self, of_tables: &'static str) -> &'static str {
        match self {
            Self::Tables => of_tables,
            Self::Collections => TYPES
                .iter()
                .find(|(tables, _)| *tables == of_tables)
                .map_or(of_tables, |(_, collections)| collections),
        }
    }

    /// A word (`row`, `Column`, `tables`) in this vocabulary, given in the words of tables.
    pub fn word(self, of_tables: &'static str) -> &'static str {
        let known = WORDS.iter().find(|(tables, _)| *tables == of_tables);
        known.map_or(of_tables, |words| self.choose(words))
    }

    fn choose(self, (tables, collections): &(&'static str, &'static str)) -> &'static str {
        match self {
            Self::Tables => tables,
            Self::Collections => collections,
        }
    }

    /// A text whose placeholders (`<row>`, `<a column>`) are replaced by words of this vocabulary. Other text in angle
    /// brackets stays; `<<`, as [`verbatim`] writes it, becomes `<`.
    pub fn fill(self, template: &str) -> String {
        let mut text = String::with_capacity(template.len() + 16);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('<') {
            text.push_str(before);
            let placeholder = WORDS.iter().find_map(|words| {
                let after = after.strip_prefix(words.0)?.strip_prefix('>')?;
                Some((self.choose(words), after))
            });
            let (piece, after) = placeholder.unwrap_or_else(|| ("<", after.strip_prefix('<').unwrap_or(after)));
            text.push_str(piece);
            rest = after;
        }
        text.push_str(rest);
        text
    }

    /// The key of the table's ID in a row.
    pub const fn table_id(self) -> &'static str {
        match self {
            Self::Tables => "$tableId",
            Self::Collections => "$collectionId",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_words_of_the_vocabulary() {
        let template = "<Column> of <a column>: <rows> of <tables>, <Row>s, a < b > c, <other>";
        assert_eq!(
            Vocabulary::Tables.fill(template),
            "Column of a column: rows of tables, Rows, a < b > c, <other>"
        );
        assert_eq!(
            Vocabulary::Collections.fill(template),
            "Attribute of an attribute: documents of collections, Documents, a < b > c, <other>"
        );
    }

    #[test]
    fn texts_of_users_stay_as_they_are() {
        for text in ["<row>", "<<row>", "<<<row>>", "a\" <table> \"b", "<", "<<", "row <"] {
            let template = format!("<row> {}<row>", verbatim(text));
            assert_eq!(Vocabulary::Tables.fill(&template), format!("row {text}row"));
            assert_eq!(
                Vocabulary::Collections.fill(&template),
                format!("document {text}document")
            );
        }
    }
}
