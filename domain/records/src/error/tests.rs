//! The messages and types of all errors in both vocabularies, as clients read them.

use kernel::Fault;

use super::*;

/// The errors with their kind, type and message in the words of tables, and in those of collections.
#[rustfmt::skip]
fn all() -> Vec<(Error, &'static str, &'static str)> {
    let (key, text) = (|| "row".to_owned(), |text: &str| text.to_owned());
    vec![
        (DatabaseError::NotFound.into(),
         "Missing database_not_found: Database not found",
         "Missing database_not_found: Database not found"),
        (DatabaseError::Exists.into(),
         "Conflict database_already_exists: A database with this id already exists",
         "Conflict database_already_exists: A database with this id already exists"),
        (TableError::NotFound.into(),
         "Missing table_not_found: table with the requested id could not be found",
         "Missing collection_not_found: collection with the requested id could not be found"),
        (TableError::Exists.into(),
         "Conflict table_already_exists: A table with this id already exists",
         "Conflict collection_already_exists: A collection with this id already exists"),
        (RowError::NotFound.into(),
         "Missing row_not_found: row with the requested id could not be found",
         "Missing document_not_found: document with the requested id could not be found"),
        (RowError::Exists.into(),
         "Conflict row_already_exists: A row with this id, or with these values of a unique index, already exists",
         "Conflict document_already_exists: A document with this id, or with these values of a unique index, already exists"),
        (Flaw::Missing(key()).into(),
         "Invalid row_invalid_structure: Invalid row structure: Missing required column \"row\"",
         "Invalid document_invalid_structure: Invalid document structure: Missing required attribute \"row\""),
        (Flaw::Unknown(key()).into(),
         "Invalid row_invalid_structure: Invalid row structure: Unknown column: \"row\"",
         "Invalid document_invalid_structure: Invalid document structure: Unknown attribute: \"row\""),
        (Flaw::Type(key(), "Value must be the id of a row".into()).into(),
         "Invalid row_invalid_structure: Invalid row structure: Column \"row\" has invalid type. Value must be the id of a row",
         "Invalid document_invalid_structure: Invalid document structure: Attribute \"row\" has invalid type. Value must be the id of a row"),
        (Flaw::Format(key(), "Value must be a valid URL".into()).into(),
         "Invalid row_invalid_structure: Invalid row structure: Column \"row\" has invalid format. Value must be a valid URL",
         "Invalid document_invalid_structure: Invalid document structure: Attribute \"row\" has invalid format. Value must be a valid URL"),
        (Flaw::NotAList(key()).into(),
         "Invalid row_invalid_structure: Invalid row structure: Column \"row\" must be an array",
         "Invalid document_invalid_structure: Invalid document structure: Attribute \"row\" must be an array"),
        (Flaw::Operator(text("Cannot apply toggle to \"row\": it is for booleans")).into(),
         "Invalid row_invalid_structure: Invalid row structure: Cannot apply toggle to \"row\": it is for booleans",
         "Invalid document_invalid_structure: Invalid document structure: Cannot apply toggle to \"row\": it is for booleans"),
        (RowError::MissingData.into(),
         "Invalid row_missing_data: The row's data or id is missing",
         "Invalid document_missing_data: The document's data or id is missing"),
        (RowError::MissingPayload.into(),
         "Invalid row_missing_payload: Neither data nor permissions were given",
         "Invalid document_missing_payload: Neither data nor permissions were given"),
        (RowError::UpdateConflict.into(),
         "Conflict row_update_conflict: The row was changed after the given time",
         "Conflict document_update_conflict: The document was changed after the given time"),
        (RowError::DeleteRestricted.into(),
         "Forbidden row_delete_restricted: The row has related rows, which forbid its deletion",
         "Forbidden document_delete_restricted: The document has related documents, which forbid its deletion"),
        (ColumnError::NotFound(key()).into(),
         "Missing column_not_found: column \"row\" could not be found",
         "Missing attribute_not_found: attribute \"row\" could not be found"),
        (ColumnError::Unknown(key()).into(),
         "Invalid column_unknown: column \"row\" is unknown",
         "Invalid attribute_unknown: attribute \"row\" is unknown"),
        (ColumnError::NotAvailable(key()).into(),
         "Invalid column_not_available: column \"row\" is not available yet",
         "Invalid attribute_not_available: attribute \"row\" is not available yet"),
        (ColumnError::Exists(key()).into(),
         "Conflict column_already_exists: A column with the key \"row\" already exists",
         "Conflict attribute_already_exists: A attribute with the key \"row\" already exists"),
        (ColumnError::DefaultUnsupported(key()).into(),
         "Invalid column_default_unsupported: column \"row\" cannot have a default value, because it is required or a list",
         "Invalid attribute_default_unsupported: attribute \"row\" cannot have a default value, because it is required or a list"),
        (ColumnError::ValueInvalid(text("…")).into(),
         "Invalid column_value_invalid: …",
         "Invalid attribute_value_invalid: …"),
        (ColumnError::TypeInvalid(text("…")).into(),
         "Invalid column_type_invalid: …",
         "Invalid attribute_type_invalid: …"),
        (ColumnError::NotANumber(key()).into(),
         "Invalid attribute_type_invalid: column \"row\" is no number, and cannot be counted up or down",
         "Invalid attribute_type_invalid: attribute \"row\" is no number, and cannot be counted up or down"),
        (ColumnError::Limit(text("…")).into(),
         "Invalid column_limit_exceeded: …",
         "Invalid attribute_limit_exceeded: …"),
        (ColumnError::InvalidResize(key()).into(),
         "Invalid column_invalid_resize: column \"row\" holds values that are longer than the new size",
         "Invalid attribute_invalid_resize: attribute \"row\" holds values that are longer than the new size"),
        (IndexError::NotFound(key()).into(),
         "Missing column_index_not_found: index \"row\" could not be found",
         "Missing index_not_found: index \"row\" could not be found"),
        (IndexError::Exists(key()).into(),
         "Conflict column_index_already_exists: An index with the key \"row\" already exists",
         "Conflict index_already_exists: An index with the key \"row\" already exists"),
        (IndexError::Invalid(text("…")).into(),
         "Invalid column_index_invalid: …",
         "Invalid index_invalid: …"),
        (IndexError::Limit(key(), 58).into(),
         "Invalid column_index_limit_exceeded: index \"row\" cannot be added: a table has at most 58 indexes",
         "Invalid index_limit_exceeded: index \"row\" cannot be added: a collection has at most 58 indexes"),
        (IndexError::Dependency(key(), text("columns")).into(),
         "Conflict column_index_dependency: column \"row\" is part of index \"columns\", which cannot be without it; delete the index first",
         "Conflict index_dependency: attribute \"row\" is part of index \"columns\", which cannot be without it; delete the index first"),
        (RowError::RelationshipValue(text("…")).into(),
         "Invalid relationship_value_invalid: …",
         "Invalid relationship_value_invalid: …"),
        (TransactionError::NotFound.into(),
         "Missing transaction_not_found: Transaction not found",
         "Missing transaction_not_found: Transaction not found"),
        (TransactionError::NotReady.into(),
         "Invalid transaction_not_ready: The transaction is not pending",
         "Invalid transaction_not_ready: The transaction is not pending"),
        (TransactionError::Expired.into(),
         "Invalid transaction_expired: The transaction has expired",
         "Invalid transaction_expired: The transaction has expired"),
        (TransactionError::Conflict.into(),
         "Conflict transaction_conflict: A change of this transaction collides with another that was made meanwhile",
         "Conflict transaction_conflict: A change of this transaction collides with another that was made meanwhile"),
        (TransactionError::Failed(text("…")).into(),
         "Invalid transaction_failed: …",
         "Invalid transaction_failed: …"),
        (TransactionError::Limit(100).into(),
         "Invalid transaction_limit_exceeded: A transaction holds at most 100 operations",
         "Invalid transaction_limit_exceeded: A transaction holds at most 100 operations"),
        (TransferError::NotFound.into(),
         "Missing transfer_not_found: Transfer not found",
         "Missing transfer_not_found: Transfer not found"),
        (AccessError::Unauthorized.into(),
         "Denied user_unauthorized: The current user is not authorized to perform the requested action.",
         "Denied user_unauthorized: The current user is not authorized to perform the requested action."),
        (AccessError::UnauthorizedRoles(text("…")).into(),
         "Denied user_unauthorized: …",
         "Denied user_unauthorized: …"),
        (AccessError::MissingScope("…").into(),
         "Denied general_unauthorized_scope: …",
         "Denied general_unauthorized_scope: …"),
        (Error::BadRequest(text("…")),
         "Invalid general_bad_request: …",
         "Invalid general_bad_request: …"),
        (Error::Argument(text("…")),
         "Invalid general_argument_invalid: …",
         "Invalid general_argument_invalid: …"),
        (Error::Sealed(text("…")),
         "Broken: a sealed value could not be opened: …",
         "Broken: a sealed value could not be opened: …"),
    ]
}

#[test]
fn every_error_has_its_type_and_message_in_both_vocabularies() {
    let line = |error: LocalizedError| {
        let kind = format!("{:?}", error.kind()).replace("(\"", " ").replace("\")", "");
        format!("{kind}: {}", error.message())
    };
    for ((error, tables, collections), (again, ..)) in all().into_iter().zip(all()) {
        assert!(tables.ends_with(&error.to_string()), "{error:?}");
        assert_eq!(line(error.in_vocabulary(Vocabulary::Tables)), tables);
        assert_eq!(line(again.in_vocabulary(Vocabulary::Collections)), collections);
    }
}

#[test]
fn names_and_values_of_users_are_not_filled() {
    let (key, value) = (|| "<table>".to_owned(), "<row> \" <row>");
    let errors: [(Error, &str, &str); 6] = [
        (
            ColumnError::NotFound(key()).into(),
            "column \"<table>\" could not be found",
            "attribute \"<table>\" could not be found",
        ),
        (
            IndexError::Dependency(key(), value.to_owned()).into(),
            "column \"<table>\" is part of index \"<row> \" <row>\", which cannot be without it; delete the index first",
            "attribute \"<table>\" is part of index \"<row> \" <row>\", which cannot be without it; delete the index first",
        ),
        (
            Flaw::Unknown(key()).into(),
            "Invalid row structure: Unknown column: \"<table>\"",
            "Invalid document structure: Unknown attribute: \"<table>\"",
        ),
        (
            Flaw::Format(key(), format!("Value must be one of ({value})").into()).into(),
            "Invalid row structure: Column \"<table>\" has invalid format. Value must be one of (<row> \" <row>)",
            "Invalid document structure: Attribute \"<table>\" has invalid format. Value must be one of (<row> \" <row>)",
        ),
        (
            Error::BadRequest(format!("No <row> has {}", verbatim(value))),
            "No row has <row> \" <row>",
            "No document has <row> \" <row>",
        ),
        (
            TransactionError::Failed(Error::from(ColumnError::Unknown(key())).template()).into(),
            "column \"<table>\" is unknown",
            "attribute \"<table>\" is unknown",
        ),
    ];
    for (error, tables, collections) in errors {
        assert_eq!(error.to_string(), tables);
        assert_eq!(Vocabulary::Tables.fill(&error.template()), tables);
        assert_eq!(error.in_vocabulary(Vocabulary::Collections).to_string(), collections);
    }
}
