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

/// Words in both vocabularies.
const WORDS: &[(&str, &str)] = &[
    ("table", "collection"),
    ("tables", "collections"),
    ("Table", "Collection"),
    ("column", "attribute"),
    ("columns", "attributes"),
    ("Column", "Attribute"),
    ("Columns", "Attributes"),
    ("row", "document"),
    ("rows", "documents"),
    ("Row", "Document"),
];

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
        if self == Self::Tables {
            return of_tables;
        }
        let known = WORDS.iter().find(|(tables, _)| *tables == of_tables);
        known.map_or(of_tables, |(_, collections)| collections)
    }

    /// A message in this vocabulary, given in the words of tables. Only whole words outside of quotes are replaced,
    /// because quotes contain names chosen by users.
    pub fn message(self, of_tables: &str) -> String {
        if self == Self::Tables {
            return of_tables.to_owned();
        }
        let mut out = String::with_capacity(of_tables.len() + 16);
        for (index, part) in of_tables.split('"').enumerate() {
            if index > 0 {
                out.push('"');
            }
            if index % 2 == 1 {
                out.push_str(part);
            } else {
                part.split_inclusive(|c: char| !c.is_alphabetic())
                    .for_each(|piece| self.put_word(piece, &mut out));
            }
        }
        out
    }

    /// Appends a word and the characters after it.
    fn put_word(self, piece: &str, out: &mut String) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphabetic());
        let known = WORDS.iter().find(|(tables, _)| *tables == word);
        out.push_str(known.map_or(word, |(_, collections)| collections));
        out.push_str(&piece[word.len()..]);
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
    fn names_of_the_users_are_told_as_they_are() {
        let message = "column \"row\" of the table cannot grow, because rows borrow it";
        assert_eq!(Vocabulary::Tables.message(message), message);
        assert_eq!(
            Vocabulary::Collections.message(message),
            "attribute \"row\" of the collection cannot grow, because documents borrow it"
        );
    }
}
