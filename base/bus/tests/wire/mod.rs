//! TCP proxy to Redis that a test can cut, restore or silence.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// URL of Redis with a database number that only one test uses. Prints a notice and returns none if it is not set.
pub(crate) fn redis_url(database: u8) -> Option<String> {
    match std::env::var("FERRITE_TEST_REDIS") {
        Ok(url) => Some(format!("{}/{database}", url.trim_end_matches('/'))),
        Err(_) => {
            eprintln!("skipped: FERRITE_TEST_REDIS is not set; run it as `scripts/with-redis cargo test -p bus`");
            None
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    Cut,
    Silent,
}

pub(crate) struct Wire {
    address: SocketAddr,
    path: String,
    state: watch::Sender<State>,
}

impl Wire {
    pub(crate) async fn to(url: &str) -> Self {
        let rest = url.strip_prefix("redis://").unwrap();
        let (host, path) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = watch::Sender::new(State::Whole);
        let (host, watched) = (host.to_owned(), state.clone());
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(&host).await.unwrap();
                tokio::spawn(forward(near, far, watched.subscribe()));
            }
        });
        Self {
            address,
            path: path.to_owned(),
            state,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}/{}", self.address, self.path)
    }

    pub(crate) fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    pub(crate) fn silence(&self) {
        self.state.send_replace(State::Silent);
    }

    pub(crate) fn reconnect(&self) {
        self.state.send_replace(State::Whole);
    }
}

async fn forward(mut near: TcpStream, mut far: TcpStream, mut state: watch::Receiver<State>) {
    if *state.borrow() == State::Whole {
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
            _ = state.wait_for(|state| *state != State::Whole) => {}
        }
    }
    if *state.borrow() == State::Silent {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
}
