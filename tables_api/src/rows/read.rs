//! Handlers that read rows.

use std::sync::Arc;

use api::{Call, Result};
use kernel::param::{List, Text};
use kernel::query::{Queries, Texts};
use memory::ReservedBytes;
use records::rows::{self, MAX_FUNCTIONS, MAX_GROUPED};
use records::{Access, Catalog, DatabaseId, Reading, RowId, TableId, TransactionId, transactions};

use super::numbers;
use crate::Vocabulary;
use crate::model::{Aggregates, Row, RowList};
use crate::state::{State, access, act_repeated, catalog, into_api_error, read, read_inline};

kernel::params! {
    /// Parameters to get a row.
    pub struct GetRow<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Row ID.
        row_id: RowId = (W::ROW_ID),
        /// Queries; only `select` is allowed.
        queries: Texts = "queries",
        /// ID of a transaction whose staged operations are visible to the read.
        transaction_id: Option<TransactionId> = "transactionId",
    }
}

/// Gets a row.
pub async fn get<W: Vocabulary>(call: Call<State>, input: GetRow<W>) -> Result<Row<W>> {
    let (catalog, access) = (catalog(&call), access(&call));
    let queries = input.queries.read_rows("", true)?;
    let (through, reader) = (input.transaction_id, (catalog.clone(), access.clone()));
    // Related rows may be many, so they are read on a database thread.
    let plain = !queries.select.iter().flatten().any(|name| name.contains('.'));
    let act = move |tx: &mut db::Tx<'_>| {
        let table = catalog.table_for(tx, &access, &input.database_id, &input.table_id)?;
        let reading = Reading {
            catalog: &catalog,
            table: &table,
            access: &access,
            vocabulary: W::VOCABULARY,
        };
        rows::get_selected(tx, reading, &input.row_id, &queries)
    };
    let json = match through {
        Some(id) => read_in_transaction::<W, _>(&call, reader, id, act).await?,
        None if plain => read_inline::<W, _>(&call, act).await?,
        None => read::<W, _>(&call, act).await?,
    };
    Ok(Row::of(numbers::fit(&call, json)))
}

kernel::params! {
    /// Parameters of the list of rows.
    pub struct ListRows<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Filters, orders, paging and selection.
        queries: Texts = "queries",
        /// Whether to count the matching rows, up to 5000.
        total: bool = "total" | true,
        /// Key of a column that the queries search: each row then has `$snippet`, HTML of the text around the match,
        /// with matching words in `<mark>`. Not part of Appwrite's API.
        snippet: Option<Text<36, 1>> = "snippet",
        /// ID of a transaction whose staged operations are visible to the read.
        transaction_id: Option<TransactionId> = "transactionId",
        /// Whether to return `$plan` with the indexes that are used and those that would help. For API keys and
        /// developers; not part of Appwrite's API.
        explain: bool = "explain" | false,
    }
}

/// Lists rows.
pub async fn list<W: Vocabulary>(call: Call<State>, input: ListRows<W>) -> Result<RowList<W>> {
    let query = Arc::new(ReadParams {
        catalog: catalog(&call),
        access: access(&call),
        queries: input.queries.read_rows("", input.total)?,
        input,
    });
    if query.is_quick() {
        // Short reads run on this thread: a switch to another thread would take longer.
        let quick = Arc::clone(&query);
        let json = read_inline::<W, _>(&call, move |tx| {
            quick.at(tx, |tx, at| rows::list_quickly(tx, at, &quick.queries))
        });
        if let Some(json) = json.await? {
            return Ok(page(&call, json));
        }
    }
    let through = query.input.transaction_id.clone();
    let reader = (query.catalog.clone(), query.access.clone());
    let act = move |tx: &mut db::Tx<'_>| query.at(tx, |tx, at| query.list(tx, at));
    let json = match through {
        Some(id) => read_in_transaction::<W, _>(&call, reader, id, act).await?,
        None => read::<W, _>(&call, act).await?,
    };
    Ok(page(&call, json))
}

/// The reply of a list.
fn page<W: Vocabulary>(call: &Call<State>, mut json: ReservedBytes) -> RowList<W> {
    json.bytes = numbers::fit(call, json.bytes);
    RowList::of(json)
}

/// A list request.
struct ReadParams<W: Vocabulary> {
    catalog: Catalog,
    access: Access,
    queries: Queries,
    input: ListRows<W>,
}

impl<W: Vocabulary> ReadParams<W> {
    /// Whether the read is short enough for the caller's thread.
    fn is_quick(&self) -> bool {
        let input = &self.input;
        let plain = input.transaction_id.is_none() && input.snippet.is_none() && !input.explain;
        let table = self.catalog.remembered(&input.database_id, &input.table_id);
        plain && table.is_some_and(|table| rows::is_quick(&table, &self.access, &self.queries))
    }

    /// Calls `query` with the current table.
    fn at<T>(
        &self,
        tx: &mut db::Tx<'_>,
        query: impl FnOnce(&mut db::Tx<'_>, Reading<'_>) -> records::Result<T>,
    ) -> records::Result<T> {
        let (database, table) = (&self.input.database_id, &self.input.table_id);
        let table = self.catalog.table_for(tx, &self.access, database, table)?;
        let reading = Reading {
            catalog: &self.catalog,
            table: &table,
            access: &self.access,
            vocabulary: W::VOCABULARY,
        };
        query(tx, reading)
    }

    fn list(&self, tx: &mut db::Tx<'_>, reading: Reading<'_>) -> records::Result<ReservedBytes> {
        let snippet = self.input.snippet.as_ref().map(|column| column.0.as_str());
        let mut json = rows::list(tx, reading, &self.queries, snippet)?;
        if self.input.explain {
            let plan = rows::explain(tx, reading, &self.queries)?;
            json.bytes.pop();
            json.bytes.extend_from_slice(format!(",\"$plan\":{plan}}}").as_bytes());
        }
        Ok(json)
    }
}

/// Reads the state after a commit of a transaction: its staged operations are executed, and rolled back after the read.
async fn read_in_transaction<W: Vocabulary, T: Send + 'static>(
    call: &Call<State>,
    (catalog, access): (Catalog, Access),
    id: TransactionId,
    read: impl Fn(&mut db::Tx<'_>) -> records::Result<T> + Send + 'static,
) -> Result<T> {
    act_repeated(call, move |act| {
        into_api_error::<W, _>(transactions::through(act, &catalog, &access, &id, &read))
    })
    .await
}

kernel::params! {
    /// Parameters of an aggregation.
    pub struct AggregateRows<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Aggregate functions: `count`, or one of `count`, `sum`, `avg`, `min`, `max`, `distinct` with an attribute:
        /// `sum:price`.
        functions: List<Text<64, 1>, MAX_FUNCTIONS> = "functions",
        /// Attributes to group by; if empty, all rows form one group.
        group_by: List<Text<36, 1>, MAX_GROUPED> = "groupBy" | List::default(),
        /// Filters; orders by a grouping attribute or by a function as written; limit and offset of groups.
        queries: Texts = "queries",
        /// Whether to count the groups, up to 5000.
        total: bool = "total" | true,
    }
}

/// Aggregates rows.
pub async fn aggregate<W: Vocabulary>(call: Call<State>, input: AggregateRows<W>) -> Result<Aggregates> {
    let (catalog, access) = (catalog(&call), access(&call));
    let queries = input.queries.read_rows("", input.total)?;
    let functions: Vec<String> = input.functions.0.into_iter().map(|text| text.0).collect();
    let group_by: Vec<String> = input.group_by.0.into_iter().map(|text| text.0).collect();
    let json = read::<W, _>(&call, move |tx| {
        let table = catalog.table_for(tx, &access, &input.database_id, &input.table_id)?;
        let reading = Reading {
            catalog: &catalog,
            table: &table,
            access: &access,
            vocabulary: W::VOCABULARY,
        };
        let aggregate = rows::Aggregate {
            functions: &functions,
            group_by: &group_by,
            queries: &queries,
        };
        rows::aggregate(tx, reading, aggregate)
    })
    .await?;
    Ok(Aggregates { json })
}
