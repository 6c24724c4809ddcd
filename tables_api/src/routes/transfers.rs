//! Imports and exports, which Appwrite does not have in this form.

use api::Endpoint;
use kernel::Scope::{DocumentsRead, DocumentsWrite, RowsRead, RowsWrite};

use super::names::table;
use crate::{State, Vocabulary, transfers};

/// Bytes of a request with a piece of a file: the piece, and what JSON adds to it.
const PIECE: usize = 20 << 20;

pub(super) fn routes<W: Vocabulary>() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get(table!("/imports"), transfers::list_imports::<W>)
            .about("List the imports of a <table>.")
            .scope(RowsRead)
            .scope(DocumentsRead),
        Endpoint::post(table!("/imports"), transfers::import::<W>)
            .about("Import <rows> from CSV or JSON lines.")
            .scope(RowsWrite)
            .scope(DocumentsWrite)
            .body_limit(PIECE),
        Endpoint::get(table!("/imports/{transferId}"), transfers::get::<W>)
            .about("Get the status of an import.")
            .scope(RowsRead)
            .scope(DocumentsRead),
        Endpoint::patch(table!("/imports/{transferId}"), transfers::add_piece::<W>)
            .about("Append a chunk to the file of an import.")
            .scope(RowsWrite)
            .scope(DocumentsWrite)
            .body_limit(PIECE),
        Endpoint::delete(table!("/imports/{transferId}"), transfers::cancel::<W>)
            .about("Cancel an import.")
            .scope(RowsWrite)
            .scope(DocumentsWrite),
        Endpoint::get(table!("/exports"), transfers::list_exports::<W>)
            .about("List the exports of a <table>.")
            .scope(RowsRead)
            .scope(DocumentsRead),
        Endpoint::post(table!("/exports"), transfers::export::<W>)
            .about("Export <rows> as CSV or JSON lines.")
            .scope(RowsRead)
            .scope(DocumentsRead),
        Endpoint::get(table!("/exports/{transferId}"), transfers::get::<W>)
            .about("Get the status of an export.")
            .scope(RowsRead)
            .scope(DocumentsRead),
        Endpoint::get(table!("/exports/{transferId}/download"), transfers::download::<W>)
            .about("Download the file of an export.")
            .scope(RowsRead)
            .scope(DocumentsRead),
        Endpoint::delete(table!("/exports/{transferId}"), transfers::cancel::<W>)
            .about("Delete an export.")
            .scope(RowsWrite)
            .scope(DocumentsWrite),
    ]
}
