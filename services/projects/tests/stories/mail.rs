use testkit::{Options, Server, json, link_of};

use crate::shop_on;

/// A mail server that takes everything and keeps it.
mod catcher {
    use std::sync::{Arc, Mutex};

    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::{TcpListener, TcpStream};

    #[derive(Clone, Default)]
    pub(super) struct Catcher(Arc<Mutex<Vec<String>>>);

    impl Catcher {
        pub(super) async fn start() -> (Self, u16) {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let port = listener.local_addr().expect("an address").port();
            let catcher = Self::default();
            let kept = catcher.clone();
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(kept.clone().serve(stream));
                }
            });
            (catcher, port)
        }

        pub(super) fn mails(&self) -> Vec<String> {
            self.0.lock().expect("a lock").clone()
        }

        async fn serve(self, mut stream: TcpStream) -> std::io::Result<()> {
            let (read, mut write) = stream.split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"220 catcher\r\n").await?;
            let mut mail = String::new();
            while let Some(line) = lines.next_line().await? {
                let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
                    "EHLO" => "250-catcher\r\n250 8BITMIME\r\n",
                    "DATA" => {
                        write.write_all(b"354 go on\r\n").await?;
                        while let Some(line) = lines.next_line().await? {
                            if line == "." {
                                break;
                            }
                            mail.push_str(&line);
                            mail.push('\n');
                        }
                        self.0.lock().expect("a lock").push(std::mem::take(&mut mail));
                        "250 kept\r\n"
                    }
                    "QUIT" => "221 bye\r\n",
                    _ => "250 ok\r\n",
                };
                write.write_all(answer.as_bytes()).await?;
                if answer.starts_with("221") {
                    break;
                }
            }
            Ok(())
        }
    }
}

#[tokio::test]
async fn mails_go_by_the_projects_own_server_in_its_own_words() {
    let (catcher, port) = catcher::Catcher::start().await;
    let (server, ada) = shop_on(Options {
        dev: true,
        ..Options::default()
    })
    .await;
    let smtp = json!({
        "enabled": true, "senderName": "The Shop", "senderEmail": "team@shop.example", "replyTo": "help@shop.example",
        "host": "127.0.0.1", "port": port, "username": "", "password": "",
    });
    let project = ada.patch("/v1/projects/shop/smtp", smtp.clone()).await;
    project.assert_status(200);
    assert_eq!(
        (
            project.text("smtpSenderName"),
            project.text("smtpHost"),
            project.text("smtpPassword")
        ),
        ("The Shop", "127.0.0.1", "")
    );
    let template =
        json!({"subject": "Hi, {{user}}", "message": "<p>Press <a href=\"{{redirect}}\">here</a> in {{project}}.</p>"});
    let path = "/v1/projects/shop/templates/email/recovery/de";
    ada.patch(path, template).await.assert_status(200);
    server.user("shop", "grace").await;

    let wish = json!({"email": "grace@example.com", "url": "http://localhost/new"});
    let guest = server.guest("shop").with_header("x-appwrite-locale", "de-at");
    guest
        .post("/v1/account/recovery", wish.clone())
        .await
        .assert_status(201);

    let mail = server.mail_to("grace@example.com").await;
    assert_eq!(mail.subject, "Hi, grace");
    assert!(
        link_of(&mail)["url"].starts_with("http://localhost/new?"),
        "{}",
        mail.text
    );
    let raw = loop {
        if let Some(raw) = catcher.mails().first() {
            break raw.clone();
        }
        tokio::task::yield_now().await;
    };
    for header in [
        "From: \"The Shop\" <team@shop.example>",
        "Reply-To: help@shop.example",
        "To: grace <grace@example.com>",
    ] {
        assert!(raw.contains(header), "{header} is missing:\n{raw}");
    }

    // A reader of another language gets our words.
    server.empty_inbox();
    server
        .guest("shop")
        .post("/v1/account/recovery", wish)
        .await
        .assert_status(201);
    let mail = server.mail_to("grace@example.com").await;
    assert_eq!(mail.subject, "Choose a new password for shop");

    // Reset: ours again.
    let ours = ada.delete(path).await;
    assert_eq!(
        ours.assert_status(200).text("subject"),
        "Neues Passwort für {{project}}"
    );
    ada.delete(path).await.assert(401, "project_template_default_deletion");
    let off = ada.patch("/v1/projects/shop/smtp", json!({"enabled": false})).await;
    assert_eq!(
        (off.body["smtpEnabled"].clone(), off.text("smtpHost")),
        (json!(false), "")
    );
}

#[tokio::test]
async fn a_mail_server_that_cannot_be_used_is_refused_before_users_need_it() {
    let (_, port) = catcher::Catcher::start().await;
    let server = Server::start().await;
    let ada = server.console_user("ada").await;
    server.project(&ada, "shop").await;
    let smtp = |host: &str, port: u16| json!({"enabled": true, "senderName": "Shop", "senderEmail": "team@shop.example", "host": host, "port": port});
    // Without --dev nothing private is connected to on a project's behalf.
    for host in [
        "127.0.0.1",
        "localhost",
        "10.0.0.1",
        "169.254.169.254",
        "[::1]",
        "nowhere.invalid",
    ] {
        let refused = ada.patch("/v1/projects/shop/smtp", smtp(host, port)).await;
        refused.assert(400, "project_smtp_config_invalid");
    }
    for (missing, setting) in [
        ("host", json!({"enabled": true, "senderEmail": "team@shop.example"})),
        ("senderEmail", json!({"enabled": true, "host": "mail.example"})),
    ] {
        let refused = ada.patch("/v1/projects/shop/smtp", setting).await;
        refused.assert(400, "general_argument_invalid");
        assert!(refused.text("message").contains(missing), "{}", refused.body);
    }
    let evil =
        json!({"enabled": true, "senderName": "x", "senderEmail": "a@b.c\r\nBcc: d@e.f", "host": "mail.example"});
    ada.patch("/v1/projects/shop/smtp", evil)
        .await
        .assert(400, "general_argument_invalid");
}

#[tokio::test]
async fn a_test_mail_goes_by_the_server_that_is_being_tried() {
    let (catcher, port) = catcher::Catcher::start().await;
    let (_server, ada) = shop_on(Options {
        dev: true,
        ..Options::default()
    })
    .await;
    let trial = json!({
        "emails": ["a@example.com", "b@example.com"], "senderName": "Shop\r\nBcc: c@example.com", "senderEmail": "team@shop.example",
        "host": "127.0.0.1", "port": port,
    });

    ada.post("/v1/projects/shop/smtp/tests", trial).await.assert_status(204);

    let mails = catcher.mails();
    assert_eq!(mails.len(), 2);
    assert!(
        mails[0].contains("To: a@example.com") && mails[0].contains("shop can send mail"),
        "{}",
        mails[0]
    );
    assert!(!mails[0].lines().any(|line| line.starts_with("Bcc")), "{}", mails[0]);
}

#[tokio::test]
async fn templates_are_named_in_any_case_and_for_any_locale() {
    let server = Server::start().await;
    let ada = server.console_user("ada").await;
    server.project(&ada, "shop").await;
    for path in [
        "email/magicsession/en",
        "email/magicSession/pt-br",
        "email/mfachallenge/ar-eg",
        "sms/login/ja",
        "sms/mfaChallenge/en",
    ] {
        let reply = ada.get(&format!("/v1/projects/shop/templates/{path}")).await;
        assert!(
            reply.assert_status(200).text("message").contains("{{"),
            "{}",
            reply.body
        );
    }
    for path in ["email/nothing/en", "email/recovery/Deutsch!", "sms/recovery/en"] {
        let reply = ada.get(&format!("/v1/projects/shop/templates/{path}")).await;
        reply.assert(400, "general_argument_invalid");
    }
    let own = ada
        .patch(
            "/v1/projects/shop/templates/sms/login/ja",
            json!({"message": "{{otp}}"}),
        )
        .await;
    assert_eq!(own.assert_status(200).text("message"), "{{otp}}");
    ada.delete("/v1/projects/shop/templates/sms/login/ja")
        .await
        .assert_status(200);
}
