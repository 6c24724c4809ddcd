//! Visibility of rows, on both engines.

mod common;

use common::Shop;
use common::shop::{by, client, columns, ids, plain, test};
use db::testing::on_both;
use records::{AccessError, Error};
use serde_json::{Value, json};

/// Readers of rows: every second row `users`, every tenth row the team, three rows Ada.
fn readers(index: usize) -> Vec<String> {
    let mut roles = Vec::new();
    if index.is_multiple_of(2) {
        roles.push("users".to_owned());
    }
    if index % 10 == 3 {
        roles.push("team:a".to_owned());
    }
    if [7, 77, 177].contains(&index) {
        roles.push("user:ada".to_owned());
    }
    roles
}

#[tokio::test]
async fn rows_are_readable_only_by_their_roles() {
    on_both(common::migrations(), async |fixture| {
        let shop = Shop::open(fixture, columns()).await;
        let rows = (0..200).map(|n| json!({"age": n % 4, "name": format!("n{n:03}")}));
        shop.add(rows.collect(), readers).await;
        for roles in [
            vec!["any"],
            vec!["any", "user:ada"],
            vec!["any", "users", "user:ada", "team:a"],
            vec!["team:a"],
        ] {
            let seen: Vec<usize> = (0..200)
                .filter(|row| readers(*row).iter().any(|role| roles.contains(&role.as_str())))
                .collect();
            let page = shop
                .page_for(client(&roles), &[plain("limit", 300)], None)
                .await
                .expect("a page");
            assert_eq!(ids(&page), seen, "{roles:?}");
            let filtered = [
                test("equal", "age", json!([3])),
                by("orderDesc", "name"),
                plain("limit", 2),
            ];
            let page = shop.page_for(client(&roles), &filtered, None).await.expect("a page");
            let mut expected: Vec<usize> = seen.iter().copied().filter(|row| row % 4 == 3).collect();
            assert_eq!(page["total"], json!(expected.len()), "{roles:?}");
            expected.reverse();
            expected.truncate(2);
            assert_eq!(ids(&page), expected, "{roles:?}");
        }
        // A row that the caller cannot read is not a valid cursor.
        let beside = shop
            .page_for(client(&["users"]), &[plain("cursorAfter", "r7")], None)
            .await;
        assert!(beside.expect_err("hidden").to_string().contains("not found"));
        let beside = [plain("cursorAfter", "r7"), plain("limit", 1)];
        let page = shop
            .page_for(client(&["user:ada"]), &beside, None)
            .await
            .expect("a page");
        assert_eq!(ids(&page), [77]);
    })
    .await;
}

#[tokio::test]
async fn row_permissions_are_ignored_when_the_table_has_no_row_security() {
    on_both(common::migrations(), async |fixture| {
        let shop = Shop::open(fixture, columns()).await;
        shop.add(vec![json!({}), json!({})], |_| vec!["any".to_owned()]).await;
        let set = |security: bool, permissions: &'static str| {
            shop.act(move |tx, table| {
                let update = db::sea_query::Query::update()
                    .table("tables")
                    .value("row_security", security)
                    .value("permissions", permissions)
                    .value("version", 1 + i64::from(security))
                    .and_where(db::sea_query::ExprTrait::eq(
                        db::sea_query::Expr::col("seq"),
                        table.names.seq,
                    ))
                    .take();
                tx.execute(&update)?;
                Ok(())
            })
        };
        set(false, "[]").await.expect("set");
        let refused = shop.page_for(client(&["any"]), &[], None).await;
        assert!(matches!(refused, Err(Error::Access(AccessError::Unauthorized))));
        set(true, r#"["read(\"users\")"]"#).await.expect("set");
        let page: Value = shop.page_for(client(&["users"]), &[], None).await.expect("a page");
        assert_eq!(page["total"], 2);
    })
    .await;
}
