//! Indexes.

use api::{Act, Call, NoContent, Result};
use kernel::param::{BadParam, Int, List, Param, Rule, field};
use kernel::query::Texts;
use records::columns::Status;
use records::indexes::{self, Index, IndexKind, IndexSpec};
use records::{DatabaseId, Key, Table, TableId};
use serde_json::{Value, json};

use crate::Vocabulary;
use crate::columns::definitions;
use crate::model::{self, IndexList, Shown};
use crate::state::{State, act, catalog, read};

kernel::params! {
    /// Parameters of the list of indexes.
    pub struct ListIndexes<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Queries on key, type, status, attributes and error.
        queries: Texts = "queries",
        /// Whether to return the total.
        total: bool = "total" | true,
    }
}

/// Lists the indexes of a table.
pub async fn list<W: Vocabulary>(call: Call<State>, input: ListIndexes<W>) -> Result<Shown<IndexList<W>>> {
    let catalog = catalog(&call);
    let queries = records::in_order(input.queries.read("", input.total)?);
    let page = read::<W, _>(&call, move |tx| {
        let table = catalog.table(tx, &input.database_id, &input.table_id)?;
        let indexes = indexes::all_of(table.names.seq);
        Ok(db::list::list::<Index>(tx, &indexes, &indexes::queryable(), &queries)?)
    })
    .await?;
    let indexes: Vec<Value> = page.rows.iter().map(model::index::<W>).collect();
    Ok(json!({"total": page.total, "indexes": indexes}).into())
}

/// Type of an index, in any letter case.
#[derive(Debug, Clone, Copy)]
pub struct Type(IndexKind);

impl Param for Type {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        let text = value.as_str().unwrap_or_default().to_ascii_lowercase();
        <IndexKind as Param>::parse(&Value::String(text)).map(Self)
    }

    fn schema() -> Value {
        <IndexKind as Param>::schema()
    }
}

/// `ASC` or `DESC`, in any case; empty for lists, which have no order.
#[derive(Debug, Clone)]
pub struct Order(String);

impl Param for Order {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        let text = value.as_str().unwrap_or_default().to_ascii_uppercase();
        match text.as_str() {
            "ASC" | "DESC" => Ok(Self(text)),
            "" if value.is_null() => Ok(Self(text)),
            _ => Err(Rule::new("Value must be one of (asc, desc)")),
        }
    }

    fn schema() -> Value {
        json!({"type": "string", "enum": ["asc", "desc"]})
    }
}

/// The key of a column, or of a system column.
#[derive(Debug, Clone)]
pub struct Member(String);

impl Param for Member {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        let text = value.as_str().unwrap_or_default();
        match Key::parse(text.trim_start_matches('$')) {
            Some(_) => Ok(Self(text.to_owned())),
            None => Err(kernel::id::RULE),
        }
    }

    fn schema() -> Value {
        Key::schema()
    }
}

kernel::params! {
    /// Parameters of a new index.
    pub struct CreateIndex<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Index key.
        key: Key = "key",
        /// Purpose.
        kind: Type = "type",
        /// Column keys.
        columns: List<Member> = (W::COLUMNS),
        /// The order of each column.
        orders: List<Order> = "orders" | List::default(),
        /// Prefix lengths in characters, for texts longer than an index key.
        lengths: List<Length> = "lengths" | List::default(),
        /// Whether a unique index ignores the case of ASCII letters.
        folded: bool = "caseInsensitive" | false,
    }
}

/// Prefix length in characters.
type Length = Option<Int<0, { i32::MAX as i64 }>>;

impl<W: Vocabulary> CreateIndex<W> {
    fn spec(&self) -> IndexSpec {
        IndexSpec {
            kind: self.kind.0,
            columns: keys(&self.columns),
            lengths: lengths(&self.lengths),
            orders: orders(&self.orders),
            folded: self.folded,
        }
    }
}

fn keys(columns: &List<Member>) -> Vec<String> {
    columns.0.iter().map(|column| column.0.clone()).collect()
}

fn orders(orders: &List<Order>) -> Vec<String> {
    orders.0.iter().map(|order| order.0.clone()).collect()
}

/// Prefix lengths; as in Appwrite, 0 means none.
fn lengths(lengths: &List<Length>) -> Vec<Option<u32>> {
    let length = |length: &Length| {
        let length = length.and_then(|length| u32::try_from(length.0).ok());
        length.filter(|length| *length > 0)
    };
    lengths.0.iter().map(length).collect()
}

/// Indexes of a new table. Their columns are called `attributes` by all SDKs; `columns` is read, too.
#[derive(Debug, Clone, Default)]
pub struct IndexDefinitions(pub Vec<(Key, IndexSpec)>);

impl Param for IndexDefinitions {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        definitions(value, |item| {
            let member = if item.contains_key("attributes") {
                "attributes"
            } else {
                "columns"
            };
            let columns: List<Member> = field(item, member, || None)?;
            if columns.0.is_empty() {
                return Err(BadParam::Broken(member, Rule::new("Value must have at least one item")));
            }
            let orders = orders(&field(item, "orders", || Some(List::default()))?);
            if !orders.is_empty() && orders.len() != columns.0.len() {
                let rule = Rule::new("Value must have as many items as the index has columns");
                return Err(BadParam::Broken("orders", rule));
            }
            Ok(IndexSpec {
                kind: field::<Type>(item, "type", || None)?.0,
                columns: keys(&columns),
                lengths: lengths(&field(item, "lengths", || Some(List::default()))?),
                orders,
                folded: field(item, "caseInsensitive", || Some(false))?,
            })
        })
        .map(Self)
    }

    fn schema() -> Value {
        json!({"type": "array", "maxItems": 100, "items": {"type": "object", "required": ["key", "type", "attributes"],
            "properties": {
                "key": Key::schema(),
                "type": Type::schema(),
                "attributes": {"type": "array", "items": Member::schema()},
                "orders": {"type": "array", "items": Order::schema()},
                "lengths": {"type": "array", "items": {"type": "integer", "format": "int32", "nullable": true}},
            },
        }})
    }
}

/// Creates an index. The reply has status `processing`, as clients expect; on a small table it is available by then.
pub async fn create<W: Vocabulary>(call: Call<State>, input: CreateIndex<W>) -> Result<Shown<model::Index<W>, 202>> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_to_change(tx, &input.database_id, &input.table_id)?;
            let index = indexes::create(tx, &table, &input.key, input.spec())?;
            let (status, error) = (Status::Processing, String::new());
            Ok((table, Index { status, error, ..index }))
        },
        |act, (table, index)| Ok(emit_and_view::<W>(act, &table, &index)?.into()),
    )
    .await
}

kernel::params! {
    /// Identifies an index.
    pub struct GetIndex<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Index key.
        key: Key = "key",
    }
}

/// Gets an index.
pub async fn get<W: Vocabulary>(call: Call<State>, input: GetIndex<W>) -> Result<Shown<model::Index<W>>> {
    let catalog = catalog(&call);
    let index = read::<W, _>(&call, move |tx| {
        let table = catalog.table(tx, &input.database_id, &input.table_id)?;
        table.find_index(&input.key).cloned()
    })
    .await?;
    Ok(model::index::<W>(&index).into())
}

/// Deletes an index.
pub async fn delete<W: Vocabulary>(call: Call<State>, input: GetIndex<W>) -> Result<NoContent> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            let table = catalog.table_to_change(tx, &input.database_id, &input.table_id)?;
            let index = indexes::delete(tx, &table, &input.key)?;
            Ok((table, index))
        },
        |act, (table, index)| {
            emit_and_view::<W>(act, &table, &index)?;
            Ok(NoContent)
        },
    )
    .await
}

/// Records the declared event of an index, and returns its JSON.
fn emit_and_view<W: Vocabulary>(act: &mut Act<'_, '_>, table: &Table, index: &Index) -> Result<Value> {
    let view = model::index::<W>(index);
    let subjects = [
        ("databaseId", table.database.as_str()),
        (W::TABLE_ID, table.id.as_str()),
        ("indexId", index.key.as_str()),
    ];
    act.record_event(&subjects, view.clone())?;
    Ok(view)
}
