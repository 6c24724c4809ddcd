//! What reading costs, in processor time of the thread that reads. Not a test of anything: run it by hand, optimised, and
//! look.
//!
//!     cargo test --profile release -p records --test speed -- --ignored --nocapture

mod common;

use std::sync::Arc;

use common::Shop;
use common::asking::{by, client, plain, test};
use kernel::permission::Permissions;
use kernel::query::Queries;
use records::columns::Spec;
use records::indexes::IndexKind;
use records::rows::{self, NewRow};
use records::{Access, Key, Kind, Reading, RowId, Vocabulary};
use serde_json::{Value, json};

fn columns() -> Vec<(Key, Spec)> {
    let (min, max) = (i64::MIN, i64::MAX);
    vec![
        common::text("room", 64),
        common::text("text", 2000),
        common::spec("n", Kind::Integer { min, max }),
    ]
}

/// Nanoseconds that this thread has run.
fn cpu() -> u64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the scheduler's figures");
    told.split(' ')
        .next()
        .and_then(|nanos| nanos.parse().ok())
        .expect("a number")
}

impl Shop {
    async fn cost(&self, what: &str, access: &Access, queries: &[Value]) {
        let total = queries.last() != Some(&json!("uncounted"));
        let texts: Vec<String> = queries
            .iter()
            .filter(|query| query.is_object())
            .map(ToString::to_string)
            .collect();
        let times = 4000;
        let mut begun = 0;
        let mut bytes = 0;
        for round in 0..times + 200 {
            if round == 200 {
                begun = cpu();
            }
            let queries = Queries {
                total,
                ..Queries::parse(&texts).expect("queries")
            };
            let (catalog, database, table, access) = (
                self.catalog.clone(),
                self.database.clone(),
                self.table.clone(),
                access.clone(),
            );
            let json = self
                .db
                .peek(move |tx| {
                    let table = catalog.table(tx, &database, &table)?;
                    let reading = Reading {
                        catalog: &catalog,
                        table: &table,
                        access: &access,
                        words: Vocabulary::Tables,
                    };
                    rows::list(tx, reading, &queries, None)
                })
                .await
                .expect("a page");
            bytes = json.len();
        }
        let micros = (cpu() - begun) / times / 1000;
        println!("{what:40} {micros:6} µs {bytes:7} bytes");
    }

    async fn cost_of_get(&self) {
        let times = 10_000;
        let begun = cpu();
        for round in 0..times {
            let id = RowId::parse(&format!("r{}", round * 7 % 10_000)).expect("an id");
            let (catalog, database, table) = (self.catalog.clone(), self.database.clone(), self.table.clone());
            self.db
                .peek(move |tx| {
                    let table = catalog.table(tx, &database, &table)?;
                    rows::get(tx, &table, &Access::Server, &id, Vocabulary::Tables)
                })
                .await
                .expect("a row");
        }
        println!("{:40} {:6} µs", "get", (cpu() - begun) / times / 1000);
    }
}

#[tokio::test(flavor = "current_thread")]
#[ignore = "a measurement"]
async fn what_reading_costs() {
    let count: usize = std::env::var("ROWS")
        .ok()
        .and_then(|rows| rows.parse().ok())
        .unwrap_or(10_000);
    let fixture = Arc::new(());
    db::testing::on_both(common::migrations(), async |engine| {
        let _ = &fixture;
        let shop = Shop::open(engine, columns()).await;
        shop.index(IndexKind::Key, &["room", "$createdAt"]).await;
        for first in (0..count).step_by(5000) {
            engine.clock.advance(std::time::Duration::from_millis(1));
            shop.act(move |tx, table| {
                for n in first..first + 5000 {
                    let mut permissions = Permissions::default();
                    permissions.grant(kernel::permission::Action::Read, &format!("team:t{}", n % 100));
                    let created = kernel::Timestamp::from_millis(1_700_000_000_000 + i64::try_from(n).expect("few")).to_string();
                    let data = json!({"$createdAt": created, "room": format!("room{}", n % (count / 200)), "text": "Lorem ipsum dolor sit amet ".repeat(4), "n": n});
                    let new = NewRow {
                        id: RowId::parse(&format!("r{n}")).expect("an id"),
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
        shop.cost_of_get().await;
        let room = test("equal", "room", json!(["room7"]));
        let newest = [room, by("orderDesc", "$createdAt"), plain("limit", 25)];
        shop.cost("list 25 newest of a room, with total", &Access::Server, &newest).await;
        let uncounted = |queries: &[Value]| [queries.to_vec(), vec![json!("uncounted")]].concat();
        shop.cost("list 25 newest of a room", &Access::Server, &uncounted(&newest)).await;
        shop.cost("list 25, unfiltered, with total", &Access::Server, &[]).await;
        let teams: Vec<String> = (0..100).map(|team| format!("team:t{team}")).chain(["any".to_owned(), "users".to_owned()]).collect();
        let teams: Vec<&str> = teams.iter().map(String::as_str).collect();
        shop.cost("the same by row permissions, 100 teams", &client(&teams), &uncounted(&newest)).await;
        shop.cost("the same by row permissions, one team", &client(&["team:t7"]), &uncounted(&newest)).await;
    })
    .await;
}
