//! Invitations by mail and SMS, and their acceptance.

use std::time::Duration;

use testkit::{Actor, Options, PASSWORD, Server, json, link_of};

/// A server in dev mode with the project `shop`, an API key of it, and Ada, who owns the team `crew`.
async fn crew() -> (Server, Actor, Actor) {
    let server = Server::with(Options {
        dev: true,
        ..Options::default()
    })
    .await;
    let owner = server.console_user("root").await;
    server.project(&owner, "shop").await;
    let platform = json!({"type": "web", "name": "App", "hostname": "app.example"});
    owner
        .post("/v1/projects/shop/platforms", platform)
        .await
        .assert_status(201);
    let key = server
        .key(
            &owner,
            "shop",
            &["teams.read", "teams.write", "users.read", "users.write"],
        )
        .await;
    let ada = server.user("shop", "ada").await;
    ada.post("/v1/teams", json!({"teamId": "crew", "name": "Crew"}))
        .await
        .assert_status(201);
    (server, key, ada)
}

const MEMBERS: &str = "/v1/teams/crew/memberships";

async fn total(key: &Actor) -> i64 {
    key.get("/v1/teams/crew").await.body["total"]
        .as_i64()
        .expect("a number")
}

#[tokio::test]
async fn a_mailed_invitation_joins_and_signs_in() {
    let (server, key, ada) = crew().await;
    let invitation =
        json!({"email": "grace@example.com", "roles": ["reader"], "name": "Grace", "url": "https://app.example/join"});

    let membership = ada.post(MEMBERS, invitation).await;

    membership.assert_status(201);
    assert_eq!(
        (membership.body["confirm"].clone(), total(&key).await),
        (json!(false), 1)
    );
    let mail = server.mail_to("grace@example.com").await;
    assert!(
        mail.subject.contains("Crew") && mail.text.contains("ada") && mail.text.contains("Grace"),
        "{}",
        mail.text
    );
    let link = link_of(&mail);
    assert_eq!((link["teamId"].as_str(), link["teamName"].as_str()), ("crew", "Crew"));
    let path = format!("{MEMBERS}/{}/status", link["membershipId"]);
    let mut grace = server.guest("shop");
    let accepted = grace
        .patch(&path, json!({"userId": link["userId"], "secret": link["secret"]}))
        .await;
    accepted.assert_status(200);
    assert_eq!((accepted.body["confirm"].clone(), total(&key).await), (json!(true), 2));
    grace.store_cookies(&accepted);
    let account = grace.get("/v1/account").await;
    assert_eq!(
        (account.text("name"), &account.body["emailVerification"]),
        ("Grace", &json!(true))
    );
    assert_eq!(grace.get("/v1/teams").await.body["total"], 1);
    let session = grace.get("/v1/account/sessions/current").await;
    assert_eq!(session.body["factors"], json!(["email"]));
    server
        .guest("shop")
        .patch(&path, json!({"userId": link["userId"], "secret": link["secret"]}))
        .await
        .assert(409, "membership_already_confirmed");
}

#[tokio::test]
async fn an_invitation_is_bound_to_its_recipient() {
    let (server, key, ada) = crew().await;
    let grace = server.user("shop", "grace").await;
    let alan = server.user("shop", "alan").await;
    let invitation = json!({"userId": "grace", "roles": [], "url": "https://app.example/join"});
    let membership = ada.post(MEMBERS, invitation.clone()).await;
    let first = link_of(&server.mail_to("grace@example.com").await);
    let path = format!("{MEMBERS}/{}/status", membership.assert_status(201).text("$id"));
    let proof = |secret: &str| json!({"userId": "grace", "secret": secret});

    alan.patch(&path, proof(&first["secret"]))
        .await
        .assert(401, "team_invite_mismatch");
    grace
        .patch(&path, proof(&"0".repeat(256)))
        .await
        .assert(401, "team_invalid_secret");
    grace
        .patch(&format!("{MEMBERS}/nobody/status"), proof(&first["secret"]))
        .await
        .assert(404, "membership_not_found");
    ada.post("/v1/teams", json!({"teamId": "other", "name": "Other"}))
        .await
        .assert_status(201);
    grace
        .patch(&path.replace("/crew/", "/other/"), proof(&first["secret"]))
        .await
        .assert(404, "team_membership_mismatch");

    // A second invitation invalidates the secret of the first.
    server.empty_inbox();
    ada.post(MEMBERS, invitation).await.assert_status(201);
    let second = link_of(&server.mail_to("grace@example.com").await);
    grace
        .patch(&path, proof(&first["secret"]))
        .await
        .assert(401, "team_invalid_secret");
    grace.patch(&path, proof(&second["secret"])).await.assert_status(200);
    assert_eq!(total(&key).await, 2);
}

#[tokio::test]
async fn a_pending_invitation_shows_only_the_data_given_by_the_inviter() {
    let (server, key, ada) = crew().await;
    let grace = server.user("shop", "grace").await;
    let invitation = json!({"userId": "grace", "name": "G.", "roles": [], "url": "https://app.example/join"});

    let invited = ada.post(MEMBERS, invitation).await;

    invited.assert_status(201);
    let path = format!("{MEMBERS}/{}", invited.text("$id"));
    let listed = ada.get(&format!("{MEMBERS}?search=grace")).await;
    assert_eq!(
        listed.body["total"], 0,
        "nobody is found by what is hidden: {}",
        listed.body
    );
    for seen in [
        &invited,
        &ada.get(&path).await,
        &ada.patch(&path, json!({"roles": ["x"]})).await,
    ] {
        assert_eq!(
            (seen.text("userName"), seen.text("userEmail")),
            ("G.", ""),
            "{}",
            seen.body
        );
    }
    assert_eq!(
        key.get(&path).await.text("userEmail"),
        "grace@example.com",
        "servers see all"
    );
    let link = link_of(&server.mail_to("grace@example.com").await);
    let proof = json!({"userId": "grace", "secret": link["secret"]});
    grace.patch(&format!("{path}/status"), proof).await.assert_status(200);
    let member = ada.get(&path).await;
    assert_eq!(
        (member.text("userName"), member.text("userEmail")),
        ("grace", "grace@example.com")
    );
}

#[tokio::test]
async fn an_invitation_verifies_only_the_invited_address() {
    let (server, _, ada) = crew().await;
    let grace = server.user("shop", "grace").await;
    let invitation = json!({"userId": "grace", "roles": [], "url": "https://app.example/join"});
    let membership = ada.post(MEMBERS, invitation).await;
    let link = link_of(&server.mail_to("grace@example.com").await);
    let change = json!({"email": "victim@example.com", "password": PASSWORD});
    grace.patch("/v1/account/email", change).await.assert_status(200);

    let path = format!("{MEMBERS}/{}/status", membership.text("$id"));
    grace
        .patch(&path, json!({"userId": "grace", "secret": link["secret"]}))
        .await
        .assert_status(200);

    assert_eq!(grace.get("/v1/account").await.body["emailVerification"], false);
}

#[tokio::test]
async fn phone_invitations_send_an_sms() {
    let (server, _, ada) = crew().await;
    let invitation = json!({"phone": "+15550100", "roles": [], "name": "Grace", "url": "https://app.example/join"});

    ada.post(MEMBERS, invitation).await.assert_status(201);

    let sms = server.sms_to("+15550100").await;
    assert!(
        sms.contains("Crew") && sms.contains("https://app.example/join?membershipId="),
        "{sms}"
    );
}

#[tokio::test]
async fn invitation_urls_are_limited_to_platforms() {
    let (_server, _, ada) = crew().await;
    let invitation = json!({"email": "grace@example.com", "roles": []});
    ada.post(MEMBERS, invitation)
        .await
        .assert(400, "general_argument_invalid");
    let invitation = json!({"email": "grace@example.com", "roles": [], "url": "https://evil.example/"});
    ada.post(MEMBERS, invitation)
        .await
        .assert(400, "general_argument_invalid");
}

#[tokio::test]
async fn team_logs_are_readable_by_owners_only() {
    let (server, key, ada) = crew().await;
    let grace = server.user("shop", "grace").await;
    server.advance(Duration::from_millis(1));
    key.post(MEMBERS, json!({"userId": "grace", "roles": ["reader"]}))
        .await
        .assert_status(201);

    let log = ada.get("/v1/teams/crew/logs").await;

    let events: Vec<&str> = log.assert_status(200).body["logs"]
        .as_array()
        .expect("entries")
        .iter()
        .filter_map(|entry| entry["event"].as_str())
        .collect();
    assert_eq!(events, ["membership.create", "team.create"]);
    assert_eq!(log.body["logs"][1]["userEmail"], "ada@example.com");
    key.get("/v1/teams/crew/logs").await.assert_status(200);
    grace.get("/v1/teams/crew/logs").await.assert(401, "user_unauthorized");
}

#[tokio::test]
async fn concurrent_joins_and_leaves_are_counted() {
    let (server, key, _) = crew().await;
    for index in 0..100 {
        let user = json!({"userId": format!("u{index}")});
        key.post("/v1/users", user).await.assert_status(201);
    }
    let join = |index: usize| {
        let key = key.clone();
        async move {
            let invitation = json!({"userId": format!("u{index}"), "roles": ["reader"]});
            key.post(MEMBERS, invitation).await
        }
    };
    let joined = all((0..100).map(join)).await;
    let ids: Vec<String> = joined
        .iter()
        .map(|reply| reply.assert_status(201).text("$id").to_owned())
        .collect();
    assert_eq!(total(&key).await, 101);

    // Half of the memberships are deleted, each by two concurrent requests, while the other members are added again.
    let mut acts = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let (key, path) = (key.clone(), format!("{MEMBERS}/{id}"));
        acts.push(tokio::spawn(async move {
            match index % 2 {
                0 => {
                    let (first, second) = tokio::join!(key.delete(&path), key.delete(&path));
                    let mut statuses = [first.status, second.status];
                    statuses.sort_unstable();
                    assert_eq!(statuses, [204, 404]);
                }
                _ => {
                    let again = json!({"userId": format!("u{index}"), "roles": ["reader"]});
                    key.post(MEMBERS, again)
                        .await
                        .assert(409, "membership_already_confirmed");
                }
            }
        }));
    }
    for act in acts {
        act.await.expect("an act");
    }
    assert_eq!(total(&key).await, 51);
    let listed = key
        .get(&format!(
            "{MEMBERS}?queries[0]={}",
            r#"{"method":"limit","values":[1]}"#
        ))
        .await;
    assert_eq!(listed.body["total"], 51);
    drop(server);
}

async fn all<F: Future<Output = testkit::Reply> + Send + 'static>(
    acts: impl Iterator<Item = F>,
) -> Vec<testkit::Reply> {
    let running: Vec<_> = acts.map(tokio::spawn).collect();
    let mut replies = Vec::with_capacity(running.len());
    for one in running {
        replies.push(one.await.expect("a reply"));
    }
    replies
}
