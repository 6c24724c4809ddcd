//! Imports and exports of a table, executed by jobs; for API keys and developers only.

use api::{Accepted, Body, Call, IntoReply, NoContent, Reply, Result};
use db::Tx;
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use kernel::param::{Int, Text};
use records::transfer::{self, Direction, Format, NewTransfer, OnConflict, parts, work};
use records::{
    Access, AccessError, Catalog, DatabaseId, Table, TableId, TransferError, TransferId, transfer::Transfer,
};
use std::sync::Arc;

use crate::Vocabulary;
use crate::model::{self, TransferList};
use crate::state::{State, access, act, catalog, read};

/// Maximum length of a file's content in one request, in characters.
const MAX_CONTENT: usize = 8 << 20;

fn table(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    access: &Access,
    (database, table): (&DatabaseId, &TableId),
) -> records::Result<Arc<Table>> {
    if !matches!(access, Access::Server) {
        return Err(AccessError::MissingScope("Only a server with an API key may import and export <rows>").into());
    }
    catalog.table(tx, database, table)
}

kernel::params! {
    /// Parameters of a new import.
    pub struct CreateImport<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// File format: csv (with a header line of column keys) or ndjson.
        format: Format = "format",
        /// The file, or its first chunk.
        content: Text<MAX_CONTENT> = "content" | Text::default(),
        /// Whether the content is the whole file; if false, more chunks follow.
        complete: bool = "complete" | true,
        /// Action on a line whose row exists: report or skip.
        on_conflict: OnConflict = "onConflict" | OnConflict::Report,
    }
}

/// Starts an import.
pub async fn import<W: Vocabulary>(call: Call<State>, input: CreateImport<W>) -> Result<Accepted<model::Transfer>> {
    let (catalog, access) = (catalog(&call), access(&call));
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = table(tx, &catalog, &access, (&input.database_id, &input.table_id))?;
            let new = NewTransfer {
                direction: Direction::Import,
                format: input.format,
                on_conflict: input.on_conflict,
                bytes_total: length(&input.content.0),
            };
            let transfer = transfer::create(tx, &table, new)?;
            parts::append(tx, &transfer.id, input.content.0.as_bytes())?;
            if input.complete {
                work::start(tx, &transfer, W::VOCABULARY)?;
            }
            Ok(transfer)
        },
        |_, transfer| Ok(Accepted(model::Transfer::of(&transfer))),
    )
    .await
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

kernel::params! {
    /// Parameters to append a chunk to an import.
    pub struct AppendImport<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Import ID.
        transfer_id: TransferId = "transferId",
        /// Content of the chunk.
        content: Text<MAX_CONTENT> = "content",
        /// Whether it is the last chunk.
        complete: bool = "complete" | true,
    }
}

/// Appends a chunk to an import that is not complete.
pub async fn add_piece<W: Vocabulary>(call: Call<State>, input: AppendImport<W>) -> Result<Accepted<model::Transfer>> {
    let (catalog, access) = (catalog(&call), access(&call));
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = table(tx, &catalog, &access, (&input.database_id, &input.table_id))?;
            let transfer = transfer::add(tx, &table, &input.transfer_id, input.content.0.as_bytes())?;
            if input.complete {
                work::start(tx, &transfer, W::VOCABULARY)?;
            }
            Ok(transfer)
        },
        |_, transfer| Ok(Accepted(model::Transfer::of(&transfer))),
    )
    .await
}

kernel::params! {
    /// Parameters of a new export.
    pub struct CreateExport<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// File format: csv (with a header line of column keys) or ndjson.
        format: Format = "format",
    }
}

/// Starts an export.
pub async fn export<W: Vocabulary>(call: Call<State>, input: CreateExport<W>) -> Result<Accepted<model::Transfer>> {
    let (catalog, access) = (catalog(&call), access(&call));
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = table(tx, &catalog, &access, (&input.database_id, &input.table_id))?;
            let new = NewTransfer {
                direction: Direction::Export,
                format: input.format,
                on_conflict: OnConflict::Report,
                bytes_total: 0,
            };
            let transfer = transfer::create(tx, &table, new)?;
            work::start(tx, &transfer, W::VOCABULARY)?;
            Ok(transfer)
        },
        |_, transfer| Ok(Accepted(model::Transfer::of(&transfer))),
    )
    .await
}

kernel::params! {
    /// Parameters of the list of transfers.
    pub struct ListTransfers<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Page size.
        limit: Int<1, 100> = "limit" | Int(25),
        /// Offset.
        offset: Int<0, 1_000_000> = "offset" | Int(0),
    }
}

/// Lists the imports of a table, newest first.
pub async fn list_imports<W: Vocabulary>(call: Call<State>, input: ListTransfers<W>) -> Result<TransferList> {
    list(&call, input, Direction::Import).await
}

/// Lists the exports of a table, newest first.
pub async fn list_exports<W: Vocabulary>(call: Call<State>, input: ListTransfers<W>) -> Result<TransferList> {
    list(&call, input, Direction::Export).await
}

async fn list<W: Vocabulary>(
    call: &Call<State>,
    input: ListTransfers<W>,
    direction: Direction,
) -> Result<TransferList> {
    let (catalog, access) = (catalog(call), access(call));
    read::<W, _>(call, move |tx| {
        let table = table(tx, &catalog, &access, (&input.database_id, &input.table_id))?;
        let (limit, offset) = (input.limit.0.unsigned_abs(), input.offset.0.unsigned_abs());
        let page = transfer::of_table(tx, &table, direction, limit, offset)?;
        Ok(TransferList {
            total: page.total,
            transfers: page.rows.iter().map(model::Transfer::of).collect(),
        })
    })
    .await
}

kernel::params! {
    /// Identifies a transfer.
    pub struct GetTransfer<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Import or export ID.
        transfer_id: TransferId = "transferId",
    }
}

/// Gets the state of a transfer.
pub async fn get<W: Vocabulary>(call: Call<State>, input: GetTransfer<W>) -> Result<model::Transfer> {
    let (catalog, access) = (catalog(&call), access(&call));
    read::<W, _>(&call, move |tx| {
        let table = table(tx, &catalog, &access, (&input.database_id, &input.table_id))?;
        Ok(model::Transfer::of(&transfer::find(tx, &table, &input.transfer_id)?))
    })
    .await
}

/// Cancels a transfer and deletes its file; imported rows are kept.
pub async fn cancel<W: Vocabulary>(call: Call<State>, input: GetTransfer<W>) -> Result<NoContent> {
    let (catalog, access) = (catalog(&call), access(&call));
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = table(tx, &catalog, &access, (&input.database_id, &input.table_id))?;
            transfer::cancel(tx, &table, &input.transfer_id)
        },
        |_, ()| Ok(NoContent),
    )
    .await
}

kernel::params! {
    /// Parameters to download an export's file.
    pub struct DownloadExport<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Export ID.
        transfer_id: TransferId = "transferId",
        /// Number of the 1 MiB part, from 0; the whole file if absent.
        part: Option<Int<0, 1_000_000>> = "part",
    }
}

/// A file, streamed from the database, or one part of it.
#[derive(Debug)]
pub struct Content {
    transfer: Transfer,
    body: Body,
}

impl IntoReply for Content {
    const STATUS: StatusCode = StatusCode::OK;

    fn model() -> Option<&'static str> {
        None
    }

    fn define(_: &mut api::Schemas) {}

    fn into_reply(self) -> Reply {
        let kind = match self.transfer.format {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Ndjson => "application/x-ndjson",
        };
        let name = format!("attachment; filename=\"{}.{}\"", self.transfer.id, self.transfer.format);
        let mut reply = Reply::empty(Self::STATUS).with(CONTENT_DISPOSITION, &name);
        reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Body::Stream(_) = &self.body {
            reply = reply.with(CONTENT_LENGTH, &self.transfer.bytes_total.to_string());
        }
        reply.body = self.body;
        reply
    }
}

/// Downloads the file of a finished export: the whole file as a stream, or one part.
pub async fn download<W: Vocabulary>(call: Call<State>, input: DownloadExport<W>) -> Result<Content> {
    let (catalog, access) = (catalog(&call), access(&call));
    let part = input.part.map(|part| part.0);
    let (transfer, bytes) = read::<W, _>(&call, move |tx| {
        let table = table(tx, &catalog, &access, (&input.database_id, &input.table_id))?;
        let transfer = transfer::find(tx, &table, &input.transfer_id)?;
        transfer::check_downloadable(&transfer)?;
        let bytes = match part {
            Some(part) => Some(parts::read(tx, &transfer.id, part)?.ok_or(TransferError::NotFound)?),
            None => None,
        };
        Ok((transfer, bytes))
    })
    .await?;
    let body = bytes.map_or_else(|| whole_file(&call, &transfer), Body::from);
    Ok(Content { transfer, body })
}

fn whole_file(call: &Call<State>, transfer: &Transfer) -> Body {
    let (db, id) = (call.db.clone(), transfer.id.clone());
    Body::Stream(api::body::pieces(move |index| {
        let (db, id) = (db.clone(), id.clone());
        async move {
            let part = i64::try_from(index).unwrap_or(i64::MAX);
            let bytes = db.read(move |tx| parts::read(tx, &id, part)).await;
            bytes.map(|bytes| bytes.map(Into::into)).map_err(std::io::Error::other)
        }
    }))
}
