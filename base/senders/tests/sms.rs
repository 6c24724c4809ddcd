//! Requests to each gateway follow its documentation, and refusals are reported.

use outbound::{Outbound, Settings};
use senders::{Gateway, SendError, Sms};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Replies to one request, and returns its head and body.
async fn once(status: &'static str, answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/sms", listener.local_addr().expect("an address"));
    let request = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        let mut read = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            let count = stream.read(&mut chunk).await.expect("bytes");
            read.extend_from_slice(&chunk[..count]);
            let text = String::from_utf8_lossy(&read).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                let reply = format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
                    answer.len()
                );
                stream.write_all(reply.as_bytes()).await.expect("an answer");
                return text;
            }
        }
    });
    (url, request)
}

async fn send(gateway: &str, status: &'static str, answer: &'static str) -> (Result<(), SendError>, String) {
    let (url, request) = once(status, answer).await;
    let join = if gateway.contains('?') { '&' } else { '?' };
    let gateway = Gateway::parse(&format!("{gateway}{join}endpoint={url}"), "+15550100").expect("a gateway");
    let sms = Sms {
        to: "+4917012345".to_owned(),
        text: "123456 is your code".to_owned(),
    };
    let sent = gateway.send(&sms, &Outbound::new(Settings::default())).await;
    (sent, request.await.expect("what was asked"))
}

#[tokio::test]
async fn each_gateway_gets_its_own_request_format() {
    for (gateway, answer, expected) in [
        (
            "sms://AC1:token@twilio",
            "{}",
            &[
                "authorization: Basic QUMxOnRva2Vu",
                "To=%2B4917012345&From=%2B15550100&Body=123456+is+your+code",
            ][..],
        ),
        (
            "sms://key:secret@vonage?from=Shop",
            r#"{"messages":[{"status":"0"}]}"#,
            &["api_key=key&api_secret=secret&from=Shop&to=4917012345&type=text&text=123456+is+your+code"],
        ),
        (
            "sms://customer:key@telesign",
            "{}",
            &[
                "authorization: Basic Y3VzdG9tZXI6a2V5",
                "phone_number=4917012345&message=123456+is+your+code&message_type=OTP",
            ],
        ),
        (
            "sms://name:key@text-magic",
            "{}",
            &[
                "x-tm-username: name",
                "x-tm-key: key",
                "text=123456+is+your+code&phones=4917012345&from=15550100",
            ],
        ),
        (
            "sms://SENDER:key@msg91?templateId=t1",
            r#"{"type":"success"}"#,
            &["authkey: key", r#""template_id":"t1""#, r#""mobiles":"4917012345""#],
        ),
        (
            "sms://user:secret@mock",
            "",
            &[
                "x-username: user",
                "x-key: secret",
                r#"{"message":"123456 is your code","from":"+15550100","to":"+4917012345"}"#,
            ],
        ),
    ] {
        let (sent, request) = send(gateway, "200 OK", answer).await;
        sent.unwrap_or_else(|error| panic!("{gateway}: {error}"));
        for part in expected {
            assert!(request.contains(part), "{gateway}: {part} is not in\n{request}");
        }
    }
}

#[tokio::test]
async fn refusals_are_permanent_unless_a_retry_can_help() {
    let vonage = "sms://key:secret@vonage";
    let (sent, _) = send(
        vonage,
        "200 OK",
        r#"{"messages":[{"status":"29","error-text":"not whitelisted"}]}"#,
    )
    .await;
    let error = sent.expect_err("a refusal");
    assert!(
        error.is_permanent() && error.to_string().contains("not whitelisted"),
        "{error}"
    );
    for (status, permanent) in [
        ("400 Bad Request", true),
        ("401 Unauthorized", false),
        ("429 Too Many Requests", false),
        ("503 Busy", false),
    ] {
        let (sent, _) = send("sms://AC1:token@twilio", status, "no").await;
        assert_eq!(sent.expect_err("a refusal").is_permanent(), permanent, "{status}");
    }
}

#[test]
fn a_url_names_a_gateway_that_is_known() {
    for bad in [
        "twilio",
        "http://a:b@twilio",
        "sms://a:b@pigeon",
        "sms://a:b@twilio?form=x",
        "sms://a:b@twilio?endpoint=x",
    ] {
        assert!(Gateway::parse(bad, "").is_err(), "{bad}");
    }
    let gateway = Gateway::parse("sms://a:secret@twilio", "+1").expect("a gateway");
    assert!(!format!("{gateway:?}").contains("secret"));
}
