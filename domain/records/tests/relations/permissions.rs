//! Permissions on related rows.

use db::testing::on_both;
use kernel::permission::{Action, Permissions};
use records::columns::{OnDelete, RelationKind};
use records::rows::{self, Change};
use records::{AccessError, Error};
use serde_json::json;

use crate::common;
use crate::common::world::{row_id, table_id, user};
use crate::{SERVER, ids, library, listed, query};

#[tokio::test]
async fn permissions_of_related_rows_are_kept() {
    on_both(common::migrations(), async |fixture| {
        let world = library(fixture, RelationKind::OneToMany, true, OnDelete::Cascade).await;
        let (ada, eve) = (user("ada"), user("eve"));
        let data =
            json!({"books": [{"$id": "emma", "name": "Emma"}, {"$id": "open", "$permissions": ["read(\"users\")"]}]});
        world.create(&ada, "authors", "jane", data).await.expect("made");
        // Users can neither read, change nor link rows without permission.
        let mine = world
            .create(&eve, "authors", "eve", json!({"books": ["emma"]}))
            .await
            .expect("made");
        assert_eq!(mine["books"], json!([]));
        let refused = world.update(&eve, "authors", "eve", json!({"books": ["open"]})).await;
        assert!(matches!(refused, Err(Error::Access(AccessError::Unauthorized))));
        let refused = world
            .update(
                &eve,
                "authors",
                "eve",
                json!({"books": [{"$id": "emma", "name": "Mine"}]}),
            )
            .await;
        assert!(matches!(refused, Err(Error::Access(AccessError::Unauthorized))));
        let grant = json!({"books": [{"name": "x", "$permissions": ["read(\"user:ada\")"]}]});
        let refused = world.update(&eve, "authors", "eve", grant).await;
        assert!(matches!(refused, Err(Error::Access(AccessError::UnauthorizedRoles(_)))));
        // Sending back unchanged values changes nothing.
        let read = world
            .get(&ada, "authors", "jane", &["*", "books.*"])
            .await
            .expect("read");
        assert_eq!(ids(&read["books"]), ["emma", "open"]);
        let same = world
            .update(&ada, "authors", "jane", read.clone())
            .await
            .expect("the same");
        assert_eq!(same, read);
        // A row that eve may not read is neither loaded nor deleted by a cascade.
        world
            .create(&SERVER, "books", "hidden", json!({"author": "eve"}))
            .await
            .expect("made");
        let read = world.get(&eve, "authors", "eve", &["books.*"]).await.expect("read");
        assert_eq!(read["books"], json!([]));
        let read = world.get(&eve, "authors", "eve", &["books"]).await.expect("read");
        assert_eq!(read["books"], json!([]));
        let refused = world.delete(&eve, "authors", "eve").await;
        assert!(matches!(refused, Err(Error::Access(AccessError::Unauthorized))));
        let kept = world.get(&SERVER, "authors", "eve", &["books"]).await.expect("read");
        assert_eq!(kept["books"], json!(["hidden"]));
        world.drop(fixture).await;
    })
    .await;
}

#[tokio::test]
async fn filters_do_not_reveal_unreadable_rows() {
    on_both(common::migrations(), async |fixture| {
        let world = library(fixture, RelationKind::OneToMany, true, OnDelete::Restrict).await;
        let (ada, eve) = (user("ada"), user("eve"));
        let open = json!(["read(\"users\")"]);
        let books = json!([{"$id": "secret", "name": "diary"}, {"$id": "open", "name": "diary", "$permissions": open}]);
        world
            .create(&ada, "authors", "ada", json!({"books": [books[0].clone()]}))
            .await
            .expect("made");
        world
            .create(&ada, "authors", "other", json!({"books": [books[1].clone()]}))
            .await
            .expect("made");
        let share = |id: &'static str| {
            world.act(move |tx, world| {
                let table = world.catalog.table(tx, &world.database, &table_id("authors"))?;
                let permissions = Permissions::parse(&["read(\"users\")"], Action::ALL).expect("permissions");
                let change = Change {
                    data: &serde_json::Map::new(),
                    permissions: Some(&permissions),
                    read_at: None,
                };
                rows::update(tx, &table, &SERVER, &row_id(id), &change).map(drop)
            })
        };
        share("ada").await.expect("shared");
        share("other").await.expect("shared");
        let diaries = [query("equal", "books.name", json!(["diary"]))];
        let seen = world.list(&SERVER, "authors", &diaries).await.expect("a list");
        assert_eq!(listed(&seen), ["ada", "other"]);
        let seen = world.list(&eve, "authors", &diaries).await.expect("a list");
        assert_eq!(listed(&seen), ["other"]);
        world.drop(fixture).await;
    })
    .await;
}
