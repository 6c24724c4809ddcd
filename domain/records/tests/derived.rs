//! Derived values of indexes, on both engines.

mod common;

use common::{Shop, spec};
use db::{Dialect, Tx, Value};
use records::columns::Spec;
use records::indexes::{self, IndexKind, IndexSpec};
use records::{Key, Kind, Result, derived};

fn tags() -> (Key, Spec) {
    let (key, spec) = spec("tags", Kind::String { size: 32 });
    (key, Spec { array: true, ..spec })
}

fn over(kind: IndexKind, column: &str) -> IndexSpec {
    IndexSpec {
        kind,
        columns: vec![column.to_owned()],
        lengths: vec![None],
        orders: vec![],
        folded: false,
    }
}

fn elements(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>> {
    Ok(tx.sql_all("SELECT value, seq FROM t1_elements1_ ORDER BY value, seq", &[])?)
}

#[tokio::test]
async fn elements_of_lists_follow_their_rows() {
    db::testing::on_both(common::migrations(), async |fixture| {
        let shop = Shop::open(fixture, vec![tags()]).await;
        shop.act(|tx, table| {
            indexes::create(
                tx,
                table,
                &Key::parse("by_tag").expect("a key"),
                over(IndexKind::Key, "tags"),
            )
        })
        .await
        .expect("an index");
        shop.act(|tx, table| {
            let list = |json: &str| [Value::String(Some(json.to_owned()))];
            derived::write(tx, &table.derived, 1, &list(r#"["b","a","a",null]"#))?;
            derived::write(tx, &table.derived, 2, &[Value::String(None)])?;
            derived::write(tx, &table.derived, 3, &list(r#"["b"]"#))?;
            if tx.dialect() == Dialect::Postgres {
                // PostgreSQL maintains a GIN index over the column.
                return Ok(());
            }
            let entry = |value: &str, seq| (value.to_owned(), seq);
            assert_eq!(elements(tx)?, [entry("a", 1), entry("b", 1), entry("b", 3)]);
            derived::rewrite(tx, &table.derived, 3, &list(r#"["b"]"#), &list(r#"["c"]"#))?;
            derived::remove(tx, &table.derived, 1)?;
            assert_eq!(elements(tx)?, [entry("c", 3)]);
            Ok(())
        })
        .await
        .expect("derived");
    })
    .await;
}
