//! A table with a column of every type, and queries on it.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::Arc;

use db::testing::Fixture;
use kernel::permission::{Action, Permissions, Roles};
use kernel::query::Queries;
use records::columns::Spec;
use records::indexes::{self, IndexKind, IndexSpec};
use records::rows::{self, NewRow};
use records::{Access, Key, Kind, Principal, Reading, Result, RowId, Vocabulary};
use serde_json::{Value, json};

use super::{Shop, spec, text};

pub(crate) fn list_of((key, spec): (Key, Spec)) -> (Key, Spec) {
    (key, Spec { array: true, ..spec })
}

pub(crate) fn columns() -> Vec<(Key, Spec)> {
    let (min, max) = (i64::MIN, i64::MAX);
    vec![
        text("name", 64),
        spec("age", Kind::Integer { min, max }),
        spec(
            "score",
            Kind::Float {
                min: f64::MIN,
                max: f64::MAX,
            },
        ),
        spec("active", Kind::Boolean),
        spec("born", Kind::Datetime),
        list_of(text("tags", 32)),
        list_of(spec("sizes", Kind::Integer { min, max })),
        spec("place", Kind::Point),
        text("about", 4096),
    ]
}

/// A test of a query.
pub(crate) fn test(method: &str, attribute: &str, values: Value) -> Value {
    json!({"method": method, "attribute": attribute, "values": values})
}

/// A query without an attribute.
pub(crate) fn plain(method: &str, value: impl Into<Value>) -> Value {
    json!({"method": method, "values": [value.into()]})
}

/// An order.
pub(crate) fn by(method: &str, attribute: &str) -> Value {
    json!({"method": method, "attribute": attribute})
}

/// A client with these roles.
pub(crate) fn client(roles: &[&str]) -> Access {
    Access::Client(Principal {
        roles: Arc::new(Roles::new(roles.iter().map(|role| (*role).to_owned()))),
        user: None,
    })
}

impl Shop {
    /// The table with rows `r0`, `r1`, ….
    pub(crate) async fn with_rows(fixture: &Fixture, columns: Vec<(Key, Spec)>, rows: Vec<Value>) -> Self {
        let shop = Self::open(fixture, columns).await;
        shop.add(rows, |_| Vec::new()).await;
        shop
    }

    /// Adds rows `r0`, `r1`, …, readable by the roles that `readers` returns for each.
    pub(crate) async fn add(&self, rows: Vec<Value>, readers: fn(usize) -> Vec<String>) {
        self.add_from(0, rows, readers).await;
    }

    /// As [`Shop::add`], starting at a number.
    pub(crate) async fn add_from(&self, first: usize, rows: Vec<Value>, readers: fn(usize) -> Vec<String>) {
        self.act(move |tx, table| {
            for (index, data) in (first..).zip(&rows) {
                let mut permissions = Permissions::default();
                for role in readers(index) {
                    permissions.grant(Action::Read, &role);
                }
                let new = NewRow {
                    id: RowId::parse(format!("r{index}")).expect("an id"),
                    data: data.as_object().cloned().expect("an object"),
                    permissions: Some(permissions),
                };
                rows::create(tx, table, &Access::Server, &new)?;
            }
            Ok(())
        })
        .await
        .expect("rows");
    }

    /// Adds an index.
    pub(crate) async fn index(&self, kind: IndexKind, columns: &[&str]) {
        let spec = IndexSpec {
            kind,
            columns: columns.iter().map(|key| (*key).to_owned()).collect(),
            lengths: vec![],
            orders: vec![],
            folded: false,
        };
        let key = Key::parse(format!("by_{}", columns.join("_").replace('$', ""))).expect("a key");
        self.act(move |tx, table| indexes::create(tx, table, &key, spec))
            .await
            .expect("an index");
    }

    /// A page as the caller gets it.
    pub(crate) async fn page_for(
        &self,
        access: Access,
        queries: &[Value],
        snippet: Option<&'static str>,
    ) -> Result<Value> {
        let texts: Vec<String> = queries.iter().map(ToString::to_string).collect();
        let queries = Queries::parse(&texts)?;
        let (catalog, database, table) = (self.catalog.clone(), self.database.clone(), self.table.clone());
        let json = self
            .db
            .read(move |tx| {
                let table = catalog.table(tx, &database, &table)?;
                let reading = Reading {
                    catalog: &catalog,
                    table: &table,
                    access: &access,
                    vocabulary: Vocabulary::Tables,
                };
                rows::list(tx, reading, &queries, snippet)
            })
            .await?;
        Ok(serde_json::from_slice(&json).expect("JSON"))
    }

    /// The numbers of the rows that a server gets, and the total. Queries run twice, because the second run uses cached
    /// statements.
    pub(crate) async fn ask(&self, queries: &[Value]) -> Result<(Vec<usize>, i64)> {
        let first = self.page_for(Access::Server, queries, None).await?;
        let second = self.page_for(Access::Server, queries, None).await?;
        assert!(first == second || queries.iter().any(|query| query["method"] == "orderRandom"));
        Ok((ids(&first), second["total"].as_i64().expect("a total")))
    }

    /// As [`Shop::ask`], without the total.
    pub(crate) async fn rows(&self, queries: &[Value]) -> Vec<usize> {
        let asked = self.ask(queries).await;
        asked.unwrap_or_else(|error| panic!("{queries:?}: {error}")).0
    }

    /// The error of refused queries.
    pub(crate) async fn refusal(&self, queries: &[Value]) -> String {
        match self.ask(queries).await {
            Ok(found) => panic!("{queries:?} found {found:?}"),
            Err(error) => error.to_string(),
        }
    }
}

/// The numbers of the rows on a page.
pub(crate) fn ids(page: &Value) -> Vec<usize> {
    let rows = page["rows"].as_array().expect("rows");
    let number = |row: &Value| row["$id"].as_str().and_then(|id| id[1..].parse().ok()).expect("an id");
    rows.iter().map(number).collect()
}
