//! A mail server that stops answering at any step of the conversation ends it, with an error that allows a retry.
//!
//! The time of the runtime is paused: it advances to the next time limit whenever every task waits.

use outbound::{Outbound, Reach, Settings};
use senders::{Mail, Mailbox, Security, Smtp};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// A mail server that answers the first `answers` lines of the conversation, counted from its greeting, then nothing.
async fn server(answers: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        let (read, mut write) = stream.split();
        let mut lines = BufReader::new(read).lines();
        let mut is_mail = false;
        for step in 0..answers {
            let reply = match step {
                0 => "220 ready",
                _ => loop {
                    let line = lines.next_line().await.expect("a line").expect("a client");
                    match line.as_str() {
                        "." => is_mail = false,
                        _ if is_mail => continue,
                        "DATA" => {
                            is_mail = true;
                            break "354 go on";
                        }
                        _ if line.starts_with("EHLO") => break "250-here\r\n250 AUTH PLAIN",
                        _ if line.starts_with("AUTH") => break "235 welcome",
                        _ => {}
                    }
                    break "250 fine";
                },
            };
            write
                .write_all(format!("{reply}\r\n").as_bytes())
                .await
                .expect("written");
        }
        std::future::pending::<()>().await;
    });
    port
}

async fn send(port: u16) -> Result<(), String> {
    let smtp = Smtp {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        username: "me".to_owned(),
        password: "secret".to_owned(),
    };
    let mail = Mail {
        from: Mailbox::new("Shop", "noreply@shop.example"),
        to: Mailbox::new("Ada", "ada@example.com"),
        reply_to: None,
        subject: "Hello".into(),
        html: "<p>Hello</p>".into(),
        text: "Hello".into(),
    };
    let sent = smtp
        .send(&mail, &Outbound::new(Settings::default()), Reach::Operator)
        .await;
    sent.map_err(|error| {
        assert!(!error.is_permanent(), "{error}");
        error.to_string()
    })
}

#[tokio::test(start_paused = true)]
async fn no_silence_of_a_mail_server_lasts_for_ever() {
    // Greeting, EHLO, AUTH, MAIL, RCPT, DATA.
    for (answers, step) in [
        (0, "greeted"),
        (1, "greeted"),
        (2, "took the credentials"),
        (3, "took the mail"),
        (4, "took the mail"),
        (5, "took the mail"),
        (6, "took the mail"),
    ] {
        let error = send(server(answers).await).await.expect_err("a silent server");
        assert!(error.contains(step), "{answers}: {error}");
    }
}
