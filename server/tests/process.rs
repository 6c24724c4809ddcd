//! Tests of the binary: its output, its start and its shutdown.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use kernel::{Clock, Timestamp};
use server::doctor::{self, Level};
use server::{Settings, start};
use testkit::Value;

fn ferrite(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrite"));
    command
        .env_clear()
        .env("FERRITE_DATA", data)
        .current_dir(data.parent().expect("a folder"));
    command
}

fn doctor(data: &Path, set: &[(&str, &str)]) -> Output {
    ferrite(data)
        .arg("doctor")
        .envs(set.iter().copied())
        .output()
        .expect("the program runs")
}

fn lines(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A server process on a free port.
struct Process {
    child: Child,
    log: BufReader<ChildStderr>,
    address: SocketAddr,
}

impl Process {
    fn start(data: &Path) -> Self {
        let mut child = ferrite(data)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut log = BufReader::new(child.stderr.take().expect("a log"));
        let address = loop {
            let mut line = String::new();
            assert_ne!(
                log.read_line(&mut line).expect("a line"),
                0,
                "it ended before it listened"
            );
            // The log is JSON because standard error is not a terminal.
            let entry: Value = serde_json::from_str(&line).expect("JSON");
            if let Some(address) = entry["address"].as_str() {
                break address.parse().expect("an address");
            }
        };
        Self { child, log, address }
    }

    fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .expect("kill runs")
                .success()
        );
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn running_requests_finish_before_shutdown() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut process = Process::start(&folder.path().join("data"));
    let body = r#"{"userId":"ada","email":"ada@example.com","password":"correct horse battery"}"#;
    let head = format!(
        "POST /v1/account HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let (first, rest) = body.split_at(10);
    let mut running = TcpStream::connect(process.address).expect("a connection");
    // The reply to the first request shows that the server has started to read the second one.
    let version = "GET /v1/health/version HTTP/1.1\r\nhost: localhost\r\n\r\n";
    running
        .write_all(format!("{version}{head}{first}").as_bytes())
        .expect("a socket");
    let mut answers = BufReader::new(running.try_clone().expect("the same socket"));
    let mut line = String::new();
    answers.read_line(&mut line).expect("a line");
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");

    process.terminate();
    let mut log = String::new();
    while !log.contains("stopping") {
        assert_ne!(process.log.read_line(&mut log).expect("a line"), 0, "{log}");
    }
    running.write_all(rest.as_bytes()).expect("a socket");

    let mut answer = String::new();
    answers.read_to_string(&mut answer).expect("an answer");
    assert!(answer.contains("HTTP/1.1 201"), "{answer}");
    assert!(process.child.wait().expect("an end").success());
    assert!(TcpStream::connect(process.address).is_err(), "nobody listens any more");
}

#[test]
fn version_and_help_name_every_setting() {
    let folder = tempfile::tempdir().expect("a folder");
    let version = ferrite(&folder.path().join("data"))
        .arg("version")
        .output()
        .expect("it runs");
    assert_eq!(
        lines(&version),
        format!("ferrite {} (API version 1.8.1)\n", env!("CARGO_PKG_VERSION"))
    );
    let help = lines(
        &ferrite(&folder.path().join("data"))
            .args(["serve", "--help"])
            .output()
            .expect("it runs"),
    );
    let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for flag in help.lines().filter(|line| line.trim_start().starts_with("--")) {
        let name = flag
            .trim_start()
            .trim_start_matches("--")
            .split(' ')
            .next()
            .unwrap_or_default();
        let variable = match name {
            "help" => continue,
            "database" | "bus" | "smtp" | "sms" | "browser" => format!("FERRITE_{}_URL", name.to_uppercase()),
            _ => format!("FERRITE_{}", name.replace('-', "_").to_uppercase()),
        };
        assert!(words.contains(&format!("[{variable}, default: ")), "{variable}: {help}");
    }
}

#[test]
fn the_doctor_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");

    let fresh = doctor(&data, &[("FERRITE_LISTEN", "127.0.0.1:0")]);
    assert!(fresh.status.success(), "{}", lines(&fresh));
    assert!(!data.exists());

    let process = Process::start(&data);
    let running = doctor(&data, &[("FERRITE_LISTEN", &process.address.to_string())]);
    assert!(running.status.success(), "{}", lines(&running));
    assert!(lines(&running).contains("SQLite answers"));
    assert!(lines(&running).contains("in use"));
}

#[test]
fn the_doctor_names_every_fault() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    drop(Process::start(&data));
    Command::new("chmod")
        .arg("644")
        .arg(data.join("secret"))
        .status()
        .expect("chmod runs");
    let provider = data.join("bad.toml");
    std::fs::write(&provider, "id = ").expect("a file");
    let invalid = [
        ("FERRITE_LISTEN", "127.0.0.1:0"),
        ("FERRITE_BUS_URL", "redis://127.0.0.1:1"),
        ("FERRITE_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
        ("FERRITE_PUBLIC_URL", "http://api.example.com"),
        ("FERRITE_GEO", "/nowhere.mmdb"),
        ("FERRITE_OAUTH_PROVIDERS", provider.to_str().expect("text")),
    ];

    let output = doctor(&data, &invalid);

    let text = lines(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for part in ["secret", "bus", "database", "countries", "OAuth2 providers"] {
        assert!(
            text.lines().any(|line| line.starts_with("FAIL") && line.contains(part)),
            "{part}: {text}"
        );
    }
    assert!(
        text.lines()
            .any(|line| line.starts_with("warn") && line.contains("public URL")),
        "{text}"
    );

    let unreadable = doctor(&data, &[("FERRITE_LISTEN", "here")]);
    assert_eq!(unreadable.status.code(), Some(1));
    assert!(
        lines(&unreadable).starts_with("FAIL  settings: FERRITE_LISTEN"),
        "{}",
        lines(&unreadable)
    );
}

#[tokio::test]
async fn the_doctor_notices_a_clock_that_is_behind_the_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |time| Clock::manual(Timestamp::parse(time).expect("a date"));
    let settings = Settings::for_folder(folder.path().to_owned());
    let running = start(settings.clone(), at("2027-03-01T12:00:00.000+00:00"))
        .await
        .expect("it starts");
    let event = db::Event::new([("users", "ada")], "create", Value::Null);
    let console = running.app.projects.database();
    console.write(move |tx| tx.emit(event)).await.expect("an event");
    running.stop().await;

    let clocks = |found: Vec<doctor::Finding>| {
        found
            .into_iter()
            .find(|one| one.what.starts_with("clock"))
            .map(|one| one.level)
    };
    let behind = doctor::examine(&settings, &at("2027-02-01T12:00:00.000+00:00")).await;
    assert_eq!(clocks(behind), Some(Level::Fail));
    let right = doctor::examine(&settings, &at("2027-03-01T12:00:01.000+00:00")).await;
    assert_eq!(clocks(right), Some(Level::Ok));
    let never = doctor::examine(&settings, &at("1970-01-01T00:00:00.000+00:00")).await;
    assert_eq!(clocks(never), Some(Level::Fail));
}
