//! Import and export of rows, on both engines.

mod common;

use std::io::Cursor;

use common::{Shop, spec, text};
use records::transfer::{self, Direction, Exporter, Format, NewTransfer, OnConflict, Progress, State, Transfer};
use records::{Kind, Result, Vocabulary};

/// A table with a column of each type that file formats represent differently.
async fn shop(fixture: &db::testing::Fixture) -> Shop {
    let mut tags = text("tags", 16);
    tags.1.array = true;
    let mut name = text("name", 8);
    name.1.required = true;
    let (min, max) = (0, 100);
    let columns = vec![
        name,
        spec("n", Kind::Integer { min, max }),
        spec("ok", Kind::Boolean),
        spec("x", Kind::Float { min: -1e9, max: 1e9 }),
        spec("at", Kind::Datetime),
        tags,
    ];
    Shop::open(fixture, columns).await
}

async fn import(
    shop: &Shop,
    format: Format,
    on_conflict: OnConflict,
    file: &str,
    cut: impl Fn(i64) -> bool,
) -> Result<Transfer> {
    let new = NewTransfer {
        direction: Direction::Import,
        format,
        on_conflict,
        bytes_total: 0,
    };
    let made = shop.act(move |tx, table| transfer::create(tx, table, new)).await?;
    resume(shop, &made, file, cut).await
}

async fn resume(shop: &Shop, made: &Transfer, file: &str, cut: impl Fn(i64) -> bool) -> Result<Transfer> {
    let place = (shop.database.clone(), shop.table.clone());
    let file = Cursor::new(file.as_bytes().to_vec());
    transfer::import(
        &shop.db,
        &shop.catalog,
        (place, records::Vocabulary::Tables),
        made.id.clone(),
        file,
        |transfer| {
            if cut(transfer.lines) {
                Progress::Stop
            } else {
                Progress::Continue
            }
        },
    )
    .await
}

async fn export(shop: &Shop, format: Format) -> String {
    let out = shop
        .act(move |tx, table| {
            let exporter = Exporter::new(format, Vocabulary::Tables);
            let mut out = exporter.head(table);
            let mut after = 0;
            while let (Some(last), _) = exporter.page(tx, table, after, &mut out)? {
                after = last;
            }
            Ok(out)
        })
        .await
        .expect("exported");
    String::from_utf8(out).expect("text")
}

#[tokio::test]
async fn an_export_can_be_imported_unchanged() {
    db::testing::on_both(common::migrations(), async |fixture| {
        let first = shop(fixture).await;
        let file = "\u{feff}$id,name,n,ok,x,at,tags,$permissions\n\
            one,Ada,7,true,1.5,2026-01-02T03:04:05.678Z,\"[\"\"a\"\",\"\"b\"\"]\",\"[\"\"read(\\\"\"any\\\"\")\"\"]\"\n\
            two,\"Li\n, \"\"q\"\"\",,,,,,\n";
        let done = import(&first, Format::Csv, OnConflict::Report, file, |_| false)
            .await
            .expect("imported");
        assert_eq!(
            (done.state, done.rows, done.failed),
            (State::Done, 2, 0),
            "{:?}",
            done.problems
        );
        let log = db::testing::change_log(&first.db).await;
        let message: Vec<String> = log.iter().map(|one| one.event.name()).collect();
        let of_rows = |id: &str| message.iter().any(|name| name.ends_with(&format!(".rows.{id}.create")));
        assert!(of_rows("one") && of_rows("two"), "{message:?}");
        assert!(log.iter().any(|one| one.event.readers.as_deref() == Some("[\"any\"]")));
        for format in [Format::Csv, Format::Ndjson] {
            let out = export(&first, format).await;
            fixture.engine.remove("shop").await.expect("removed");
            let second = shop(fixture).await;
            let done = import(&second, format, OnConflict::Report, &out, |_| false)
                .await
                .expect("imported");
            assert_eq!((done.rows, done.failed), (2, 0), "{:?}", done.problems);
            assert_eq!(export(&second, format).await, out);
        }
    })
    .await;
}

#[tokio::test]
async fn invalid_lines_are_reported_and_others_imported() {
    db::testing::on_both(common::migrations(), async |fixture| {
        let shop = shop(fixture).await;
        let file = "$id,name,n\none,Ada,1\n_two,Bob,2\nthree,much too long,3\nfour,Di,four\nfive,Eve,101\none,Fay,6\nseven,,7\neight,Hal,8,9\n";
        let done = import(&shop, Format::Csv, OnConflict::Report, file, |_| false).await.expect("imported");
        assert_eq!((done.lines, done.rows, done.failed), (8, 2, 6));
        let lines: Vec<u64> = done.problems.0.iter().map(|problem| problem.line).collect();
        let mut sorted = lines.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [3, 4, 5, 6, 7, 9]);

        let again = "{\"$id\":\"one\",\"name\":\"Again\"}\n\n{\"name\":\"New\"}\n[]\n{\"name\":\"x\",\"nope\":1}\n";
        let done = import(&shop, Format::Ndjson, OnConflict::Skip, again, |_| false).await.expect("imported");
        assert_eq!((done.lines, done.rows, done.failed), (4, 1, 2));
        let lines: Vec<u64> = done.problems.0.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [4, 5]);

        let unknown = import(&shop, Format::Csv, OnConflict::Skip, "name,colour\nAda,red\n", |_| false).await;
        assert!(unknown.expect_err("refused").to_string().contains("no column \"colour\""));
    })
    .await;
}

#[tokio::test]
async fn an_interrupted_import_resumes() {
    db::testing::on_both(common::migrations(), async |fixture| {
        for format in [Format::Csv, Format::Ndjson] {
            let shop = shop(fixture).await;
            let head = if format == Format::Csv { "name,n\n" } else { "" };
            let line = |n: usize| match format {
                Format::Csv => format!("row {n},{}\n", n % 100),
                Format::Ndjson => format!("{{\"name\":\"row {n}\",\"n\":{}}}\n", n % 100),
            };
            let file = head.to_owned() + &(0..2500).map(line).collect::<String>();
            let cut = import(&shop, format, OnConflict::Report, &file, |lines| lines >= 1000)
                .await
                .expect("cut off");
            assert_eq!((cut.state, cut.lines), (State::Running, 1000));
            let done = resume(&shop, &cut, &file, |_| false).await.expect("taken up again");
            assert_eq!(
                (done.state, done.lines, done.rows, done.failed),
                (State::Done, 2500, 2500, 0)
            );
            let over = resume(&shop, &done, &file, |_| false).await;
            assert!(over.expect_err("over").to_string().contains("done already"));
            let out = export(&shop, Format::Csv).await;
            assert_eq!(out.lines().count(), 2501);
            fixture.engine.remove("shop").await.expect("removed");
        }
    })
    .await;
}

#[tokio::test]
async fn files_of_spreadsheets_are_read_and_a_quote_that_is_never_closed_is_an_error() {
    db::testing::on_both(common::migrations(), async |fixture| {
        let shop = shop(fixture).await;
        let file = "name,tags,$permissions,n\n\
            Ada,\"one, two\",\"read(\"\"any\"\"),update(\"\"users\"\")\",\n\
            Bob,three,,5\n\
            Eve,\"open,,7\nFay,,,8\n";
        let done = import(&shop, Format::Csv, OnConflict::Report, file, |_| false)
            .await
            .expect("imported");
        assert_eq!((done.rows, done.failed), (2, 1), "{:?}", done.problems);
        let problem = &done.problems.0[0];
        assert_eq!(problem.line, 4);
        assert!(format!("{problem:?}").contains("never closed"), "{problem:?}");
        let out = export(&shop, Format::Csv).await;
        let permissions = "\"[\"\"read(\\\"\"any\\\"\")\"\",\"\"update(\\\"\"users\\\"\")\"\"]\"";
        assert!(out.contains(permissions), "{out}");
        assert!(out.contains(",\"[\"\"one\"\",\"\"two\"\"]\"\n"), "{out}");
        assert!(out.contains(",\"[\"\"three\"\"]\"\n"), "{out}");
    })
    .await;
}

#[tokio::test]
async fn an_import_of_an_export_keeps_empty_texts_and_null() {
    db::testing::on_both(common::migrations(), async |fixture| {
        for format in [Format::Csv, Format::Ndjson] {
            let (mut greeting, note) = (text("greeting", 8), text("note", 8));
            greeting.1.default = Some("hi".into());
            let columns = || vec![greeting.clone(), note.clone()];
            let first = Shop::open(fixture, columns()).await;
            let file = "{\"$id\":\"a\",\"greeting\":null,\"note\":\"\"}\n{\"$id\":\"b\",\"note\":null}\n{\"$id\":\"c\",\"greeting\":\"\"}\n";
            import(&first, Format::Ndjson, OnConflict::Report, file, |_| false)
                .await
                .expect("imported");
            let out = export(&first, format).await;
            if format == Format::Csv {
                assert!(out.contains(",[],,\"\"\n") && out.contains(",[],hi,\n") && out.contains(",[],\"\",\n"), "{out}");
            }
            fixture.engine.remove("shop").await.expect("removed");
            let second = Shop::open(fixture, columns()).await;
            let done = import(&second, format, OnConflict::Report, &out, |_| false)
                .await
                .expect("imported");
            assert_eq!((done.rows, done.failed), (3, 0), "{:?}", done.problems);
            assert_eq!(export(&second, format).await, out);
            fixture.engine.remove("shop").await.expect("removed");
        }
    })
    .await;
}
