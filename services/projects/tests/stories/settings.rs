//! Switches and the rules for users, and that they do what they say.

use testkit::json;

use crate::shop;

#[tokio::test]
async fn a_service_that_is_off_answers_no_client_but_the_projects_owner() {
    let (server, owner) = shop().await;
    let user = server.user("shop", "grace").await;

    let off = json!({"service": "account", "status": false});
    let reply = owner.patch("/v1/projects/shop/service", off).await;
    assert_eq!(reply.assert_status(200).body["serviceStatusForAccount"], false);
    user.get("/v1/account").await.assert(403, "general_service_disabled");

    owner
        .patch("/v1/projects/shop/service/all", json!({"status": true}))
        .await
        .assert_status(200);
    user.get("/v1/account").await.assert_status(200);
    owner
        .patch("/v1/projects/shop/api", json!({"api": "rest", "status": false}))
        .await
        .assert_status(200);
    user.get("/v1/account").await.assert(403, "general_api_disabled");
    owner
        .patch("/v1/projects/shop/api/all", json!({"status": true}))
        .await
        .assert_status(200);
    user.get("/v1/account").await.assert_status(200);
    let unknown = json!({"service": "coffee", "status": true});
    owner
        .patch("/v1/projects/shop/service", unknown)
        .await
        .assert(400, "general_argument_invalid");
}

#[tokio::test]
async fn rules_for_users_are_set_one_by_one_and_shown_together() {
    let (_server, owner) = shop().await;
    for (rule, body) in [
        ("limit", json!({"limit": 1})),
        ("duration", json!({"duration": 60})),
        ("max-sessions", json!({"limit": 5})),
        ("password-history", json!({"limit": 3})),
        ("password-dictionary", json!({"enabled": true})),
        ("personal-data", json!({"enabled": true})),
        ("session-alerts", json!({"alerts": true})),
        ("session-invalidation", json!({"enabled": true})),
        (
            "memberships-privacy",
            json!({"userName": false, "userEmail": true, "mfa": false}),
        ),
        (
            "mock-numbers",
            json!({"numbers": [{"phone": "+1612842323", "otp": "123456"}]}),
        ),
        ("magic-url", json!({"status": false})),
    ] {
        owner
            .patch(&format!("/v1/projects/shop/auth/{rule}"), body)
            .await
            .assert_status(200);
    }

    let project = owner.get("/v1/projects/shop").await;

    for (field, value) in [
        ("authLimit", json!(1)),
        ("authDuration", json!(60)),
        ("authSessionsLimit", json!(5)),
        ("authPasswordHistory", json!(3)),
        ("authPasswordDictionary", json!(true)),
        ("authPersonalDataCheck", json!(true)),
        ("authSessionAlerts", json!(true)),
        ("authInvalidateSessions", json!(true)),
        ("authMembershipsUserName", json!(false)),
        ("authMembershipsUserEmail", json!(true)),
        ("authMembershipsMfa", json!(false)),
        ("authMockNumbers", json!([{"phone": "+1612842323", "otp": "123456"}])),
        ("authUsersAuthMagicURL", json!(false)),
        ("authEmailPassword", json!(true)),
    ] {
        assert_eq!(project.body[field], value, "{field}");
    }
}

#[tokio::test]
async fn rules_out_of_bounds_are_refused() {
    let (server, owner) = shop().await;
    for (rule, body, type_name) in [
        ("limit", json!({"limit": 10_001}), "general_argument_invalid"),
        ("duration", json!({"duration": -1}), "general_argument_invalid"),
        ("max-sessions", json!({"limit": 0}), "general_argument_invalid"),
        ("telepathy", json!({"status": true}), "general_argument_invalid"),
        (
            "mock-numbers",
            json!({"numbers": [{"phone": "+1612842323", "otp": "123456"}, {"phone": "+1612842323", "otp": "654321"}]}),
            "general_bad_request",
        ),
    ] {
        owner
            .patch(&format!("/v1/projects/shop/auth/{rule}"), body)
            .await
            .assert(400, type_name);
    }
    owner
        .patch("/v1/projects/shop/auth/limit", json!({"limit": 1}))
        .await
        .assert_status(200);
    server.user("shop", "grace").await;
    let second = json!({"userId": "alan", "email": "alan@example.com", "password": testkit::PASSWORD});
    server
        .guest("shop")
        .post("/v1/account", second)
        .await
        .assert(400, "user_count_exceeded");
}
