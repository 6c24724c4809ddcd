//! Making, finding, handing over and deleting projects.

use testkit::{Options, Server, json};

use crate::shop;

#[tokio::test]
async fn an_owner_makes_a_project_and_finds_it_again() {
    let (server, owner) = shop().await;

    let made = owner.get("/v1/projects/shop").await;

    made.assert_status(200);
    assert_eq!(
        (made.text("$id"), made.text("teamId"), made.text("$createdAt")),
        ("shop", "team-of-shop", "2026-11-21T12:00:00.000+00:00")
    );
    assert_eq!(made.body["authDuration"], 31_536_000);
    assert_eq!(made.body["serviceStatusForTablesdb"], true);
    assert!(made.body["oAuthProviders"].as_array().unwrap().len() > 40);
    server.user("shop", "grace").await;
}

#[tokio::test]
async fn an_id_is_taken_once_and_the_first_project_keeps_its_data() {
    let (server, owner) = shop().await;
    let user = server.user("shop", "grace").await;

    let again = json!({"projectId": "shop", "name": "Again", "teamId": "team-of-shop"});
    owner
        .post("/v1/projects", again)
        .await
        .assert(409, "project_already_exists");

    user.get("/v1/account").await.assert_status(200);
    for (id, status, type_name) in [
        ("console", 400, "project_reserved_project"),
        ("My.Shop", 400, "general_argument_invalid"),
        ("-shop", 400, "general_argument_invalid"),
    ] {
        let body = json!({"projectId": id, "name": "Shop", "teamId": "team-of-shop"});
        owner.post("/v1/projects", body).await.assert(status, type_name);
    }
    let body = json!({"projectId": "unique()", "name": "Shop", "teamId": "team-of-shop"});
    assert_eq!(
        owner
            .post("/v1/projects", body)
            .await
            .assert_status(201)
            .text("$id")
            .len(),
        20
    );
}

#[tokio::test]
async fn for_a_stranger_there_is_no_such_project() {
    let (server, _owner) = shop().await;
    let stranger = server.console_user("mallory").await;
    let user = server.user("shop", "grace").await;

    stranger.get("/v1/projects/shop").await.assert(404, "project_not_found");
    stranger
        .delete("/v1/projects/shop")
        .await
        .assert(404, "project_not_found");
    assert_eq!(stranger.get("/v1/projects").await.body["total"], 0);
    let theirs = json!({"projectId": "stolen", "name": "Stolen", "teamId": "team-of-shop"});
    stranger
        .post("/v1/projects", theirs)
        .await
        .assert(401, "general_unauthorized_scope");
    server
        .guest("console")
        .get("/v1/projects")
        .await
        .assert(401, "general_unauthorized_scope");
    // A user of the project is nobody to the console, and a project knows of no projects.
    user.get("/v1/projects/shop").await.assert(404, "project_not_found");
    user.get("/v1/projects").await.assert(404, "general_route_not_found");
}

#[tokio::test]
async fn an_owner_of_one_project_reaches_no_other_by_admin_mode() {
    let (server, _owner) = shop().await;
    let mallory = server.console_user("mallory").await;
    server.project(&mallory, "lair").await;
    let admin = mallory.clone().administering("lair");
    let key = server.key(&mallory, "lair", &["keys.read", "platforms.write"]).await;

    admin
        .get("/v1/projects/shop")
        .await
        .assert(401, "general_unauthorized_scope");
    admin
        .get("/v1/projects/shop/keys")
        .await
        .assert(404, "project_not_found");
    admin.delete("/v1/projects/shop").await.assert(404, "project_not_found");
    admin
        .patch("/v1/projects/shop/team", json!({"teamId": "team-of-lair"}))
        .await
        .assert(404, "project_not_found");
    key.get("/v1/projects/shop/keys").await.assert(404, "project_not_found");
    key.get("/v1/projects/lair/keys").await.assert(404, "project_not_found");
    let platform = json!({"type": "web", "name": "Evil", "hostname": "evil.example"});
    key.post("/v1/projects/shop/platforms", platform)
        .await
        .assert(404, "project_not_found");
}

#[tokio::test]
async fn projects_are_listed_by_queries_and_search() {
    let (_server, owner) = shop().await;
    for (id, name) in [("alpha", "First app"), ("beta", "Second app"), ("gamma", "Third thing")] {
        let body = json!({"projectId": id, "name": name, "teamId": "team-of-shop"});
        owner.post("/v1/projects", body).await.assert_status(201);
    }
    let ids = async |path: &str| {
        let reply = owner.get(path).await;
        reply.assert_status(200);
        let projects = reply.body["projects"].as_array().unwrap().clone();
        let ids = projects.iter().map(|one| one["$id"].as_str().unwrap().to_owned());
        (reply.body["total"].as_i64().unwrap(), ids.collect::<Vec<_>>().join(" "))
    };

    assert_eq!(ids("/v1/projects").await, (4, "alpha beta gamma shop".to_owned()));
    assert_eq!(ids("/v1/projects?search=app").await, (2, "alpha beta".to_owned()));
    assert_eq!(ids("/v1/projects?search=gam").await, (1, "gamma".to_owned()));
    let equal = r#"queries[]={"method":"equal","attribute":"name","values":["Second app"]}"#;
    assert_eq!(ids(&format!("/v1/projects?{equal}")).await, (1, "beta".to_owned()));
    let page = r#"queries[]={"method":"limit","values":[2]}&queries[]={"method":"orderDesc","attribute":"$id"}"#;
    assert_eq!(ids(&format!("/v1/projects?{page}")).await, (4, "shop gamma".to_owned()));
    assert_eq!(ids("/v1/projects?total=false").await.0, 0);
    let secret = r#"queries[]={"method":"equal","attribute":"settings","values":["x"]}"#;
    owner
        .get(&format!("/v1/projects?{secret}"))
        .await
        .assert(400, "general_argument_invalid");
}

#[tokio::test]
async fn a_deleted_project_is_gone_with_its_users_and_its_id_is_free() {
    let (server, owner) = shop().await;
    let user = server.user("shop", "grace").await;
    user.get("/v1/account").await.assert_status(200);

    owner.delete("/v1/projects/shop").await.assert_status(204);

    owner.get("/v1/projects/shop").await.assert(404, "project_not_found");
    user.get("/v1/account").await.assert(404, "project_not_found");
    let names = server.running.app.engine.names().await.unwrap();
    assert!(!names.contains(&"shop".to_owned()), "{names:?}");
    let again = json!({"projectId": "shop", "name": "Shop", "teamId": "team-of-shop"});
    owner.post("/v1/projects", again).await.assert_status(201);
    // The same id, but another project: whoever was signed in to the old one is not.
    user.get("/v1/account").await.assert(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_removal_that_a_crash_cut_short_is_finished_later() {
    let (server, _owner) = shop().await;
    let app = &server.running.app;
    let (console, shop) = (app.projects.database(), projects::ProjectId::trusted("shop"));
    // The row is gone, the database is not: as a crash between the two leaves it.
    let id = shop.clone();
    console
        .write(move |tx| projects::project::delete(tx, &id))
        .await
        .unwrap();
    assert!(app.engine.names().await.unwrap().contains(&"shop".to_owned()));
    let id = shop.clone();
    let free = console.read(move |tx| projects::project::check_free(tx, &id)).await;
    assert!(free.is_err(), "no new project may have the id yet");

    let removed = projects::removals::finish_all(&app.engine, console).await.unwrap();

    assert_eq!(removed, 1);
    assert!(!app.engine.names().await.unwrap().contains(&"shop".to_owned()));
    console
        .read(move |tx| projects::project::check_free(tx, &shop))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_database_is_given_up_only_where_no_project_has_it() {
    let (server, owner) = shop().await;
    let app = &server.running.app;
    let console = app.projects.database();
    app.engine.create("lost").await.unwrap();

    for id in ["shop", "lost"] {
        let id = projects::ProjectId::trusted(id);
        projects::removals::discard(&app.engine, console, &id).await.unwrap();
    }

    let names = app.engine.names().await.unwrap();
    assert!(
        names.contains(&"shop".to_owned()) && !names.contains(&"lost".to_owned()),
        "{names:?}"
    );
    owner.get("/v1/projects/shop").await.assert_status(200);
    server.user("shop", "grace").await;
}

#[tokio::test]
async fn only_an_owner_of_both_organizations_hands_a_project_over() {
    let server = Server::with(Options {
        console_open: true,
        ..Options::default()
    })
    .await;
    let (ada, mallory) = (server.console_user("ada").await, server.console_user("mallory").await);
    server.project(&ada, "shop").await;
    server.project(&mallory, "lair").await;
    ada.post("/v1/teams", json!({"teamId": "new", "name": "New"}))
        .await
        .assert_status(201);
    let hand_over = |team: &'static str| json!({ "teamId": team });

    ada.patch("/v1/projects/shop/team", hand_over("team-of-lair"))
        .await
        .assert(404, "team_not_found");
    ada.patch("/v1/projects/shop/team", hand_over("nowhere"))
        .await
        .assert(404, "team_not_found");
    mallory
        .patch("/v1/projects/shop/team", hand_over("team-of-lair"))
        .await
        .assert(404, "project_not_found");
    let moved = ada.patch("/v1/projects/shop/team", hand_over("new")).await;

    assert_eq!(moved.assert_status(200).text("teamId"), "new");
}

#[tokio::test]
async fn a_project_is_described_and_labelled_anew() {
    let (_server, owner) = shop().await;

    let described = json!({"name": "Shop 2", "url": "https://shop.example", "legalCity": "Oslo"});
    let reply = owner.patch("/v1/projects/shop", described).await;
    assert_eq!(
        (reply.text("name"), reply.text("url"), reply.text("legalCity")),
        ("Shop 2", "https://shop.example", "Oslo")
    );
    let reply = owner
        .put("/v1/projects/shop/labels", json!({"labels": ["vip", "vip", "eu"]}))
        .await;
    assert_eq!(reply.body["labels"], json!(["vip", "eu"]));
    let bad = json!({"name": "Shop", "url": "javascript:alert(1)"});
    owner
        .patch("/v1/projects/shop", bad)
        .await
        .assert(400, "general_argument_invalid");
}
