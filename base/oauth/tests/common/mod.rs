//! A mock provider: an HTTP server on loopback that acts as every host, and keys to sign id_tokens.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use kernel::{Clock, Timestamp};
use oauth::{Callback, Client, Credentials, Error, Login, Provider, Registry, Trace, Url};
use outbound::{Outbound, Settings};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, KeyPair as _, RsaKeyPair};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Time of all tests, in seconds since 1970.
pub const NOW: i64 = 1_763_719_200;

#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    /// Host and path, before test routing.
    pub location: String,
    pub query: HashMap<String, String>,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Seen {
    pub fn form(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub content_type: &'static str,
    pub body: String,
}

pub fn ok(body: Value) -> Answer {
    status(200, body)
}

pub fn status(status: u16, body: Value) -> Answer {
    Answer {
        status,
        content_type: "application/json",
        body: body.to_string(),
    }
}

pub fn form(body: &str) -> Answer {
    Answer {
        status: 200,
        content_type: "application/x-www-form-urlencoded",
        body: body.to_owned(),
    }
}

/// Replies by host and path; everything else is 404.
#[derive(Clone)]
pub struct Mock {
    pub origin: Url,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    received: Arc<Mutex<Vec<Seen>>>,
}

impl Mock {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let mock = Self {
            origin,
            answers: Arc::default(),
            received: Arc::default(),
        };
        let (answers, received) = (mock.answers.clone(), mock.received.clone());
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (answers, received) = (answers.clone(), received.clone());
                tokio::spawn(async move {
                    let Some(request) = read(&mut socket).await else { return };
                    let answer = answers.lock().unwrap().get(&request.location).cloned();
                    received.lock().unwrap().push(request);
                    let answer = answer.unwrap_or_else(|| status(404, json!({"error": "not_found"})));
                    let reply = format!(
                        "HTTP/1.1 {} X\r\ncontent-type: {}\r\ndate: Fri, 21 Nov 2025 10:00:00 GMT\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{}",
                        answer.status,
                        answer.content_type,
                        answer.body.len(),
                        answer.body
                    );
                    let _ = socket.write_all(reply.as_bytes()).await;
                });
            }
        });
        mock
    }

    pub fn on(&self, location: &str, answer: Answer) -> &Self {
        self.answers.lock().unwrap().insert(location.to_owned(), answer);
        self
    }

    /// The last request to a host and path.
    pub fn at(&self, location: &str) -> Seen {
        self.received
            .lock()
            .unwrap()
            .iter()
            .rev()
            .find(|received| received.location == location)
            .unwrap_or_else(|| panic!("{location} was not called"))
            .clone()
    }

    pub fn count(&self, location: &str) -> usize {
        self.received
            .lock()
            .unwrap()
            .iter()
            .filter(|received| received.location == location)
            .count()
    }
}

async fn read(socket: &mut tokio::net::TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let length = socket.read(&mut buffer).await.ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let headers: HashMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        if body.len()
            < headers
                .get("content-length")
                .and_then(|length| length.parse().ok())
                .unwrap_or(0)
        {
            continue;
        }
        let method = first.next()?.to_owned();
        let url = Url::parse(&format!("http://mock{}", first.next()?)).ok()?;
        let location = url.path().strip_prefix("/_host/").unwrap_or(url.path()).to_owned();
        let query = url.query_pairs().into_owned().collect();
        return Some(Seen {
            method,
            location,
            query,
            headers,
            body: body.to_owned(),
        });
    }
}

pub fn client() -> Client {
    Client::new(Outbound::new(Settings::default()), clock())
}

pub fn clock() -> Clock {
    Clock::manual(Timestamp::from_millis(NOW * 1000))
}

pub fn provider(id: &str) -> Arc<Provider> {
    Registry::builtin().get(id).unwrap().clone()
}

pub fn credentials(mock: &Mock, provider: &Provider, secret: &str) -> Credentials {
    Credentials::from_stored(provider, "client-id", secret)
        .unwrap()
        .with_origin(Some(mock.origin.clone()))
}

/// A P-256 key that signs id_tokens.
pub struct Ec {
    pair: EcdsaKeyPair,
    pub pem: String,
    pub kid: String,
}

impl Ec {
    pub fn new(kid: &str) -> Self {
        let random = SystemRandom::new();
        let algorithm = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let der = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, der.as_ref(), &random).unwrap();
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(der.as_ref())
        );
        Self {
            pair,
            pem,
            kid: kid.to_owned(),
        }
    }

    pub fn point(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    pub fn jwk(&self) -> Value {
        let (x, y) = self.point()[1..].split_at(32);
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid,
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y)})
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(&json!({"alg": "ES256", "kid": self.kid, "typ": "JWT"}), claims)
    }

    pub fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// An RSA key that signs id_tokens.
pub struct Rsa {
    pair: RsaKeyPair,
}

impl Rsa {
    pub fn new() -> Self {
        let text: String = include_str!("../fixtures/rsa.pk8.b64").split_whitespace().collect();
        Self {
            pair: RsaKeyPair::from_pkcs8(&STANDARD.decode(text).unwrap()).unwrap(),
        }
    }

    fn public(&self) -> signature::RsaPublicKeyComponents<Vec<u8>> {
        self.pair.public().into()
    }

    pub fn modulus(&self) -> Vec<u8> {
        self.public().n
    }

    pub fn jwk(&self, alg: Option<&str>) -> Value {
        let exponent = self.public().e;
        let mut jwk = json!({"kty": "RSA", "kid": "rsa", "n": URL_SAFE_NO_PAD.encode(self.modulus()), "e": URL_SAFE_NO_PAD.encode(exponent)});
        if let Some(alg) = alg {
            jwk["alg"] = alg.into();
        }
        jwk
    }

    pub fn sign(&self, alg: &str, claims: &Value) -> String {
        let message = message(&json!({"alg": alg, "kid": "rsa"}), claims);
        let mut signature = vec![0; self.pair.public().modulus_len()];
        let padding: &dyn signature::RsaEncoding = match alg {
            "PS256" => &signature::RSA_PSS_SHA256,
            _ => &signature::RSA_PKCS1_SHA256,
        };
        self.pair
            .sign(padding, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

pub fn message(header: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    )
}

pub fn keys(keys: &[Value]) -> Answer {
    ok(json!({ "keys": keys }))
}

pub const SECRET: &str = "s3cret-value";
pub const REDIRECT: &str = "https://app.test/v1/account/sessions/oauth2/callback/x/p1";

pub fn callback(params: &[(&str, &str)]) -> Callback {
    let params = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Callback {
        code: "the-code-1".into(),
        redirect_uri: REDIRECT.into(),
        verifier: Some("the-verifier-1".into()),
        nonce: Some("n1".into()),
        params: [("code".to_owned(), "the-code-1".to_owned())]
            .into_iter()
            .chain(params)
            .collect(),
        ..Callback::default()
    }
}

pub async fn exchange(mock: &Mock, id: &str, secret: &str, callback: &Callback) -> Result<Login, Error> {
    let provider = provider(id);
    let credentials = credentials(mock, &provider, secret);
    let mut trace = Trace::default();
    let result = client().exchange(&provider, &credentials, callback, &mut trace).await;
    let output = format!(
        "{} {credentials:?} {callback:?} {result:?}",
        serde_json::to_string(&trace).unwrap()
    );
    for hidden in [
        SECRET,
        "the-code-1",
        "the-verifier-1",
        "at-12345",
        "rt-12345",
        "device-1",
    ] {
        assert!(!output.contains(hidden), "{hidden} is told: {output}");
    }
    assert!(!trace.steps.is_empty());
    result
}

pub fn tokens() -> Value {
    json!({"access_token": "at-12345", "refresh_token": "rt-12345", "expires_in": 3600, "token_type": "bearer"})
}
