//! Relationship columns.

use testkit::{Vocabulary, json};

use crate::Library;

#[tokio::test]
async fn relationship_columns_of_both_sides_are_managed_together() {
    for vocabulary in Vocabulary::BOTH {
        let library = Library::open(vocabulary).await;
        let created = library.relate("manyToOne", true, "setNull").await;
        created.assert_status(202);
        let related = if vocabulary == Vocabulary::TABLES {
            "relatedTable"
        } else {
            "relatedCollection"
        };
        let expected = [
            ("key", json!("books")),
            ("type", json!("relationship")),
            ("status", json!("processing")),
            (related, json!("books")),
            ("relationType", json!("manyToOne")),
            ("twoWay", json!(true)),
            ("twoWayKey", json!("author")),
            ("onDelete", json!("setNull")),
            ("side", json!("parent")),
        ];
        for (field, value) in expected {
            assert_eq!(created.body[field], value, "{field}");
        }
        let back = library.key.get(&vocabulary.columns("main", "books", "/author")).await;
        back.assert_status(200);
        assert_eq!(
            (back.text("status"), back.text("side"), back.text(related)),
            ("available", "child", "authors")
        );
        library
            .relate("manyToOne", true, "setNull")
            .await
            .assert(409, &vocabulary.error("column_already_exists"));
        // Both paths that SDKs use to change a relationship.
        let path = vocabulary.columns("main", "books", "/author/relationship");
        let changed = library.key.patch(&path, json!({"onDelete": "cascade"})).await;
        assert_eq!(changed.assert_status(200).body["onDelete"], "cascade");
        let path = vocabulary.columns("main", "books", "/relationship/author");
        let changed = library.key.patch(&path, json!({"newKey": "writers"})).await;
        assert_eq!(changed.assert_status(200).body["key"], "writers");
        let parent = library.key.get(&vocabulary.columns("main", "authors", "/books")).await;
        assert_eq!(
            (parent.text("onDelete"), parent.text("twoWayKey")),
            ("cascade", "writers")
        );
        library
            .key
            .patch(&path, json!({}))
            .await
            .assert(404, &vocabulary.error("column_not_found"));
        let no_relationship = vocabulary.columns("main", "books", "/name/relationship");
        library
            .key
            .patch(&no_relationship, json!({}))
            .await
            .assert(400, &vocabulary.error("column_type_invalid"));
        let path = vocabulary.columns("main", "books", "/writers");
        library.key.delete(&path).await.assert_status(204);
        for (table, key) in [("books", "writers"), ("authors", "books")] {
            let path = vocabulary.columns("main", table, &format!("/{key}"));
            library
                .key
                .get(&path)
                .await
                .assert(404, &vocabulary.error("column_not_found"));
        }
    }
}

#[tokio::test]
async fn the_other_side_of_a_one_way_relationship_is_hidden() {
    for vocabulary in Vocabulary::BOTH {
        let library = Library::open(vocabulary).await;
        library.relate("oneToMany", false, "restrict").await.assert_status(202);
        let columns = library.key.get(&vocabulary.columns("main", "books", "")).await;
        assert_eq!(
            (
                columns.body["total"].as_i64(),
                columns.body[vocabulary.columns][0]["key"].as_str()
            ),
            (Some(1), Some("name"))
        );
        let table = library.key.get(&vocabulary.table("main", "books")).await;
        assert_eq!(table.body[vocabulary.columns].as_array().map(Vec::len), Some(1));
        let path = vocabulary.columns("main", "books", "/author");
        library
            .key
            .get(&path)
            .await
            .assert(404, &vocabulary.error("column_not_found"));
        library
            .key
            .delete(&path)
            .await
            .assert(404, &vocabulary.error("column_not_found"));
        // The key is in use nevertheless.
        let boolean = json!({"key": "author", "required": false});
        let path = vocabulary.columns("main", "books", "/boolean");
        library
            .key
            .post(&path, boolean)
            .await
            .assert(409, &vocabulary.error("column_already_exists"));
    }
}

#[tokio::test]
async fn deleting_a_table_deletes_its_relationships() {
    for vocabulary in Vocabulary::BOTH {
        for kind in ["oneToOne", "oneToMany", "manyToOne", "manyToMany"] {
            let library = Library::open(vocabulary).await;
            library.relate(kind, true, "restrict").await.assert_status(202);
            library
                .key
                .delete(&vocabulary.table("main", "books"))
                .await
                .assert_status(204);
            let path = vocabulary.columns("main", "authors", "/books");
            library
                .key
                .get(&path)
                .await
                .assert(404, &vocabulary.error("column_not_found"));
            let created = library
                .make(&library.key, "authors", "jane", json!({"name": "Jane"}))
                .await;
            assert!(created.assert_status(201).body.get("books").is_none(), "{kind}");
            library
                .relate(kind, true, "restrict")
                .await
                .assert(404, &vocabulary.error("table_not_found"));
        }
    }
}

#[tokio::test]
async fn relationship_keys_default_to_the_table_ids() {
    let library = Library::open(Vocabulary::TABLES).await;
    let body = json!({"relatedTableId": "books", "type": "oneToOne", "twoWay": true});
    let path = library.vocabulary.columns("main", "authors", "/relationship");
    let created = library.key.post(&path, body.clone()).await;
    created.assert_status(202);
    assert_eq!(
        (created.text("key"), created.text("twoWayKey"), created.text("onDelete")),
        ("books", "authors", "restrict")
    );
    library.key.post(&path, body).await.assert(409, "column_already_exists");
    for bad in [
        json!({"type": "oneToOne"}),
        json!({"relatedTableId": "books", "type": "some"}),
    ] {
        library
            .key
            .post(&path, bad)
            .await
            .assert(400, "general_argument_invalid");
    }
}
