use testkit::{PASSWORD, json};

use crate::shop;

#[tokio::test]
async fn session_alerts_are_sent_if_enabled() {
    let (server, owner) = shop().await;
    let on = json!({"alerts": true});
    owner
        .patch("/v1/projects/shop/auth/session-alerts", on)
        .await
        .assert_status(200);
    server.user("shop", "ada").await;
    let mut elsewhere = server
        .guest("shop")
        .with_header(
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        )
        .with_header("x-appwrite-locale", "fr");

    elsewhere.sign_in("ada@example.com", PASSWORD).await.assert_status(201);

    let mail = server.mail_to("ada@example.com").await;
    assert_eq!(mail.subject, "Nouvelle connexion à shop");
    assert!(
        mail.text.contains("Firefox") && mail.text.contains("127.0.0.1"),
        "{}",
        mail.text
    );
    let inbox = server.running.app.notifier.post().inbox.as_ref().expect("an inbox");
    assert_eq!(inbox.mails().len(), 1, "the first sign-in is no news");
}
