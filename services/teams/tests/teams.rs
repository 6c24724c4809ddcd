//! Teams, as members, non-members and servers.

use std::time::Duration;

use testkit::{Actor, Server, json};

/// A project with three users, and an API key for its teams.
async fn shop(server: &Server) -> (Actor, [Actor; 3]) {
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let key = server.key(&console, "shop", &["teams.read", "teams.write"]).await;
    let users = [
        server.user("shop", "ada").await,
        server.user("shop", "grace").await,
        server.user("shop", "alan").await,
    ];
    (key, users)
}

async fn add(key: &Actor, team: &str, user: &str, roles: &[&str]) -> String {
    let path = format!("/v1/teams/{team}/memberships");
    let reply = key.post(&path, json!({"userId": user, "roles": roles})).await;
    reply.assert_status(201).text("$id").to_owned()
}

#[tokio::test]
async fn the_creator_owns_a_team_and_others_cannot_find_it() {
    let server = Server::start().await;
    let (_, [ada, grace, _]) = shop(&server).await;

    let team = ada
        .post("/v1/teams", json!({"teamId": "search", "name": "Search"}))
        .await;
    assert_eq!(team.assert_status(201).body["total"], 1);
    ada.post("/v1/teams", json!({"teamId": "search", "name": "Again"}))
        .await
        .assert(409, "team_already_exists");

    assert_eq!(ada.get("/v1/teams").await.body["total"], 1);
    assert_eq!(grace.get("/v1/teams").await.body["total"], 0);
    for path in ["", "/prefs", "/memberships"] {
        let path = format!("/v1/teams/search{path}");
        ada.get(&path).await.assert_status(200);
        grace.get(&path).await.assert(404, "team_not_found");
    }
    grace
        .put("/v1/teams/search", json!({"name": "Mine"}))
        .await
        .assert(404, "team_not_found");
    grace.delete("/v1/teams/search").await.assert(404, "team_not_found");
    server
        .guest("shop")
        .get("/v1/teams")
        .await
        .assert(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn members_without_the_owner_role_can_only_read() {
    let server = Server::start().await;
    let (key, [ada, grace, _]) = shop(&server).await;
    ada.post("/v1/teams", json!({"teamId": "search", "name": "Search"}))
        .await;
    let membership = add(&key, "search", "grace", &["reader"]).await;

    assert_eq!(grace.get("/v1/teams/search").await.body["total"], 2);
    let invitation = json!({"email": "alan@example.com", "roles": ["reader"], "url": server.url()});
    grace
        .post("/v1/teams/search/memberships", invitation.clone())
        .await
        .assert(401, "user_unauthorized");
    grace
        .put("/v1/teams/search", json!({"name": "x"}))
        .await
        .assert(401, "user_unauthorized");
    grace
        .put("/v1/teams/search/prefs", json!({"prefs": {"a": 1}}))
        .await
        .assert(401, "user_unauthorized");
    let path = format!("/v1/teams/search/memberships/{membership}");
    grace
        .patch(&path, json!({"roles": ["owner"]}))
        .await
        .assert(401, "user_unauthorized");
    grace.delete("/v1/teams/search").await.assert(401, "user_unauthorized");

    // An invitation by a client needs SMTP, which the test server does not have.
    ada.post("/v1/teams/search/memberships", invitation)
        .await
        .assert(503, "general_smtp_disabled");
    ada.put("/v1/teams/search/prefs", json!({"prefs": {"a": 1}}))
        .await
        .assert_status(200);
    assert_eq!(grace.get("/v1/teams/search/prefs").await.body, json!({"a": 1}));

    // A member who leaves is no longer counted.
    grace.delete(&path).await.assert_status(204);
    grace.get("/v1/teams/search").await.assert(404, "team_not_found");
    assert_eq!(ada.get("/v1/teams/search").await.body["total"], 1);
}

#[tokio::test]
async fn servers_add_members_directly_and_create_missing_users() {
    let server = Server::start().await;
    let (key, [ada, _, _]) = shop(&server).await;
    let team = key
        .post("/v1/teams", json!({"teamId": "search", "name": "Search"}))
        .await;
    assert_eq!(team.assert_status(201).body["total"], 0);
    let path = "/v1/teams/search/memberships";

    let membership = key
        .post(path, json!({"email": "ada@example.com", "roles": ["owner"]}))
        .await;
    let membership = membership.assert_status(201);
    assert_eq!(
        (membership.text("userId"), &membership.body["confirm"]),
        ("ada", &json!(true))
    );
    key.post(path, json!({"userId": "ada", "roles": []}))
        .await
        .assert(409, "membership_already_confirmed");
    key.post(
        path,
        json!({"userId": "ada", "email": "other@example.com", "roles": []}),
    )
    .await
    .assert(409, "user_already_exists");
    key.post(path, json!({"userId": "nobody", "roles": []}))
        .await
        .assert(404, "user_not_found");
    key.post(path, json!({"roles": []}))
        .await
        .assert(400, "general_argument_invalid");

    let created = key
        .post(
            path,
            json!({"email": "new@example.com", "roles": ["reader"], "name": "New"}),
        )
        .await;
    assert_eq!(created.assert_status(201).text("userName"), "New");
    assert_eq!(ada.get("/v1/teams/search").await.body["total"], 2);

    let search = ada.get(&format!("{path}?search=new")).await;
    assert_eq!(search.assert_status(200).body["total"], 1);
    let readers = r#"{"method":"contains","attribute":"roles","values":["reader"]}"#;
    let readers = ada.get(&format!("{path}?queries[0]={readers}")).await;
    assert_eq!(readers.assert_status(200).body["memberships"][0]["userName"], "New");
}

#[tokio::test]
async fn membership_privacy_does_not_apply_to_servers() {
    let server = Server::start().await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let scopes = ["teams.read", "teams.write", "policies.write"];
    let key = server.key(&console, "shop", &scopes).await;
    let ada = server.user("shop", "ada").await;
    ada.post("/v1/teams", json!({"teamId": "search", "name": "Search"}))
        .await;
    let path = "/v1/teams/search/memberships";
    assert_eq!(
        ada.get(path).await.body["memberships"][0]["userEmail"],
        "ada@example.com"
    );

    let policy = "/v1/project/policies/membership-privacy";
    key.patch(policy, json!({"userEmail": false, "userId": false}))
        .await
        .assert_status(200);

    let seen = &ada.get(path).await.body["memberships"][0];
    assert_eq!(
        (&seen["userEmail"], &seen["userId"], &seen["userName"]),
        (&json!(""), &json!(""), &json!("ada"))
    );
    assert_eq!(ada.get(&format!("{path}?search=example.com")).await.body["total"], 0);
    assert_eq!(
        key.get(path).await.body["memberships"][0]["userEmail"],
        "ada@example.com"
    );
}

#[tokio::test]
async fn an_organization_needs_an_owner_and_is_deleted_after_its_projects() {
    let server = Server::start().await;
    let owner = server.console_user("root").await;
    server.project(&owner, "shop").await;
    let team = "/v1/teams/team-of-shop";
    let memberships = owner.get(&format!("{team}/memberships")).await;
    let own = memberships.body["memberships"][0]["$id"].as_str().unwrap_or_default();
    let own = format!("{team}/memberships/{own}");

    owner.delete(team).await.assert(400, "general_bad_request");
    owner.delete(&own).await.assert(400, "membership_deletion_prohibited");
    owner
        .patch(&own, json!({"roles": ["developer"]}))
        .await
        .assert(400, "membership_downgrade_prohibited");
    owner.get("/v1/projects/shop").await.assert_status(200);

    owner.delete("/v1/projects/shop").await.assert_status(204);
    owner.delete(team).await.assert_status(204);
}

#[tokio::test]
async fn lists_are_in_the_order_of_creation_and_searched_by_phrase_and_own_id() {
    let server = Server::start().await;
    let (key, _) = shop(&server).await;
    for (id, name) in [("zebra", "One two"), ("ant", "Two one"), ("mole", "One and two")] {
        server.advance(Duration::from_secs(1));
        key.post("/v1/teams", json!({"teamId": id, "name": name}))
            .await
            .assert_status(201);
    }
    let ids = async |query: &str| -> Vec<String> {
        let list = key.get(&format!("/v1/teams?{query}")).await;
        let teams = list.assert_status(200).body["teams"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let id = |team: &testkit::Value| team["$id"].as_str().unwrap_or_default().to_owned();
        teams.iter().map(id).collect()
    };
    assert_eq!(ids("").await, ["zebra", "ant", "mole"]);
    let after = json!({"method": "cursorAfter", "values": ["zebra"]});
    assert_eq!(ids(&format!("queries[]={after}")).await, ["ant", "mole"]);
    let last = json!({"method": "orderDesc", "attribute": "", "values": []});
    assert_eq!(ids(&format!("queries[]={last}")).await, ["mole", "ant", "zebra"]);
    assert_eq!(ids("search=%22one two%22").await, ["zebra"]);
    assert_eq!(ids("search=one two").await, ["zebra", "ant", "mole"]);
    assert!(ids("search=%22%22").await.is_empty());
    let wrong = key
        .get(r#"/v1/teams?queries[]={"method":"equal","attribute":"x","values":[1]}"#)
        .await;
    wrong.assert(400, "general_argument_invalid");
    assert!(
        wrong.text("message").starts_with("Invalid `queries` param: "),
        "{}",
        wrong.body
    );

    let member = add(&key, "ant", "ada", &["reader"]).await;
    add(&key, "ant", "grace", &["reader"]).await;
    let found = key.get(&format!("/v1/teams/ant/memberships?search={member}")).await;
    assert_eq!(found.assert_status(200).body["total"], 1);
    assert_eq!(found.body["memberships"][0]["userId"], "ada");
}
