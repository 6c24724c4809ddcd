//! Logins with the crate `oauth` over HTTP, through every provider, with the development credentials.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use bytes::Bytes;
use devidp::DevIdp;
use http::{Request, Response};
use kernel::{Clock, Timestamp};
use oauth::{
    Authorization, Callback, Client, Credentials, Error, Login, Provider, Refresh, Registry, Start, Status, Trace, Url,
};
use outbound::{Outbound, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The development provider on a port, and a client whose requests are routed to it.
struct World {
    idp: Arc<DevIdp>,
    origin: Url,
    client: Client,
}

impl World {
    async fn start() -> Self {
        let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
        let idp = Arc::new(DevIdp::new(Arc::new(Registry::builtin()), clock.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = Url::parse(&format!("http://{}/dev/idp", listener.local_addr().unwrap())).unwrap();
        let server = idp.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(server.clone(), socket));
            }
        });
        let client = Client::new(Outbound::new(Settings::default()), clock);
        Self { idp, origin, client }
    }

    fn credentials(&self, provider: &Provider) -> Credentials {
        let stored = devidp::credentials(provider);
        Credentials::from_stored(provider, &stored.app_id, &stored.secret)
            .unwrap_or_else(|error| panic!("{}: {error}", provider.id))
            .with_origin(Some(self.origin.clone()))
    }

    async fn ask(&self, request: http::request::Builder, body: String) -> Response<Bytes> {
        self.idp.handle(request.body(Bytes::from(body)).unwrap()).await
    }

    /// Runs a login from the authorization URL to the user's profile.
    async fn login(&self, provider: &Provider, person: &str, fault: &str) -> Result<Login, Error> {
        let credentials = self.credentials(provider);
        let redirect_uri = format!(
            "http://localhost:8080/v1/account/sessions/oauth2/callback/{}/p",
            provider.id
        );
        let start = Start {
            redirect_uri: redirect_uri.clone(),
            state: "state-of-this-attempt".into(),
            ..Start::default()
        };
        let attempt = self.client.authorize(provider, &credentials, &start).await.unwrap();
        let params = self.choose(provider, &attempt, person, fault).await;
        let code = params
            .iter()
            .find(|(name, _)| name == "code")
            .map(|(_, code)| code.clone());
        let callback = Callback {
            code: code.unwrap_or_default(),
            redirect_uri,
            verifier: attempt.verifier,
            nonce: attempt.nonce,
            issuer: attempt.issuer,
            params,
        };
        let mut trace = Trace::default();
        self.client
            .exchange(provider, &credentials, &callback, &mut trace)
            .await
    }

    /// Submits the person's choice on the consent page.
    async fn choose(
        &self,
        provider: &Provider,
        attempt: &Authorization,
        person: &str,
        fault: &str,
    ) -> Vec<(String, String)> {
        let url = &attempt.url;
        let address = format!("{}?{}", url.path(), url.query().unwrap_or_default());
        let request = Request::get(address).header("accept", "application/json");
        let reply = self.ask(request, String::new()).await;
        let text = String::from_utf8_lossy(reply.body()).into_owned();
        assert_eq!(reply.status(), 200, "{}: {text}", provider.id);
        let waiting: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(waiting["provider"], provider.id);
        let id = waiting["request"].as_str().unwrap();
        let choice = format!("request={id}&person={person}&fault={fault}");
        let reply = self.ask(Request::post("/dev/idp/continue"), choice).await;
        if let Some(location) = reply.headers().get("location") {
            let url = Url::parse(location.to_str().unwrap()).unwrap();
            return url.query_pairs().into_owned().collect();
        }
        let page = String::from_utf8(reply.body().to_vec()).unwrap();
        let part = |text: &str, name: &str| {
            text.split(&format!("{name}=\""))
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .replace("&quot;", "\"")
        };
        let fields = page.split("<input type=\"hidden\"").skip(1);
        fields
            .map(|field| (part(field, "name"), part(field, "value")))
            .collect()
    }
}

async fn serve(idp: Arc<DevIdp>, mut socket: TcpStream) {
    let mut text = Vec::new();
    let (head, mut body) = loop {
        let mut chunk = [0; 4096];
        let read = socket.read(&mut chunk).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        text.extend_from_slice(&chunk[..read]);
        if let Some(end) = text.windows(4).position(|window| window == b"\r\n\r\n") {
            break (
                String::from_utf8(text[..end].to_vec()).unwrap(),
                text[end + 4..].to_vec(),
            );
        }
    };
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let mut request = Request::builder()
        .method(first.next().unwrap())
        .uri(first.next().unwrap());
    let mut length = 0;
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        request = request.header(name, value);
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().unwrap();
        }
    }
    while body.len() < length {
        let read = socket.read_buf(&mut body).await.unwrap();
        assert!(read > 0);
    }
    let reply = idp.handle(request.body(Bytes::from(body)).unwrap()).await;
    let mut head = format!(
        "HTTP/1.1 {}\r\nconnection: close\r\ncontent-length: {}\r\n",
        reply.status(),
        reply.body().len()
    );
    for (name, value) in reply.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    let _ = socket
        .write_all(&[head.as_bytes(), b"\r\n", reply.body()].concat())
        .await;
}

fn providers() -> Vec<Arc<Provider>> {
    let registry = Registry::builtin();
    registry
        .iter()
        .filter(|provider| provider.status != Status::TestOnly)
        .cloned()
        .collect()
}

#[tokio::test]
async fn the_client_signs_in_at_every_provider_and_refreshes() {
    let world = World::start().await;
    let mut refreshed = 0;
    for provider in providers() {
        let login = world
            .login(&provider, "ada", "none")
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", provider.id));
        let profile = &login.profile;
        let email = provider.email.as_ref().map(|_| "ada@example.com".to_owned());
        assert_eq!(
            (&profile.email, profile.name.as_deref()),
            (&email, Some("Ada Lovelace")),
            "{}",
            provider.id
        );
        assert_eq!(
            profile.email_verified,
            email.is_some() && provider.email_verified.is_some(),
            "{}",
            provider.id
        );
        assert_eq!(
            login.profile.uid,
            world.login(&provider, "ada", "none").await.unwrap().profile.uid
        );
        assert_ne!(
            login.profile.uid,
            world.login(&provider, "grace", "none").await.unwrap().profile.uid
        );
        if login.tokens.refresh_token.is_some() || provider.refresh == Refresh::Exchange {
            let credentials = world.credentials(&provider);
            let mut trace = Trace::default();
            let fresh = world
                .client
                .refresh(&provider, &credentials, &login.tokens, &mut trace)
                .await;
            let fresh = fresh.unwrap_or_else(|error| panic!("{}: {error}", provider.id));
            assert_ne!(fresh.access_token, login.tokens.access_token, "{}", provider.id);
            refreshed += 1;
        }
    }
    assert!(refreshed > 25, "{refreshed}");
}

#[tokio::test]
async fn the_client_sees_every_fault_of_every_provider() {
    let world = World::start().await;
    for provider in providers() {
        for fault in ["deny", "expired", "500"] {
            let failed = world.login(&provider, "ada", fault).await;
            assert!(failed.is_err(), "{}: {fault}: {failed:?}", provider.id);
        }
        for (person, fault) in [("ada", "no-email"), ("emmy", "none")] {
            let profile = world.login(&provider, person, fault).await.unwrap().profile;
            assert_eq!(
                (profile.email, profile.email_verified),
                (None, false),
                "{}: {fault}",
                provider.id
            );
        }
        for (person, fault) in [("ada", "unverified"), ("alan", "none")] {
            let profile = world.login(&provider, person, fault).await.unwrap().profile;
            assert!(!profile.email_verified, "{}: {fault}", provider.id);
        }
        if provider.nonce == oauth::Nonce::Always {
            let failed = world.login(&provider, "ada", "wrong-nonce").await;
            assert!(failed.is_err(), "{}: {failed:?}", provider.id);
        }
    }
}
