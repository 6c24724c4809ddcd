//! HTTP client acting as a user, guest or API key.

use std::collections::BTreeMap;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::reply::Reply;

/// A client of a project, with its headers and cookies.
#[derive(Debug, Clone)]
pub struct Actor {
    http: Client,
    url: String,
    headers: BTreeMap<String, String>,
    cookies: BTreeMap<String, String>,
}

impl Actor {
    pub(crate) fn new(http: Client, url: String, project: &str) -> Self {
        let headers = BTreeMap::from([("x-appwrite-project".to_owned(), project.to_owned())]);
        Self {
            http,
            url,
            headers,
            cookies: BTreeMap::new(),
        }
    }

    /// Sets a header; an empty value removes it.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if value.is_empty() {
            self.headers.remove(name);
        } else {
            self.headers.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// Addresses another project in admin mode, as the console does for developers.
    #[must_use]
    pub fn administering(self, project: &str) -> Self {
        self.with_header("x-appwrite-project", project)
            .with_header("x-appwrite-mode", "admin")
    }

    /// Signs in with a password and stores the cookies of the reply.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Reply {
        let reply = self
            .post(
                "/v1/account/sessions/email",
                json!({"email": email, "password": password}),
            )
            .await;
        self.store_cookies(&reply);
        reply
    }

    /// Stores the cookies of a reply, as a browser would.
    pub fn store_cookies(&mut self, reply: &Reply) {
        for cookie in reply.headers.get_all("set-cookie") {
            let pair = cookie
                .to_str()
                .unwrap_or_default()
                .split(';')
                .next()
                .unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Sends a request with an optional JSON body.
    ///
    /// # Panics
    /// If the request fails.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let body = body.map(|body| ("application/json", body.to_string()));
        self.send_as(method, path, body).await
    }

    /// Sends a request with a body of any content type, which may be invalid.
    ///
    /// # Panics
    /// Like [`Actor::send`].
    pub async fn send_text(&self, method: Method, path: &str, content_type: &str, body: &str) -> Reply {
        self.send_as(method, path, Some((content_type, body.to_owned()))).await
    }

    async fn send_as(&self, method: Method, path: &str, body: Option<(&str, String)>) -> Reply {
        let target = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.url)
        };
        let mut request = self.http.request(method, target);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header("cookie", pairs.join("; "));
        }
        if let Some((content_type, body)) = body {
            request = request.header("content-type", content_type).body(body);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("a body").to_vec();
        let text = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
        Reply {
            status,
            headers,
            body: serde_json::from_slice(&bytes).unwrap_or_else(|_| text()),
            bytes,
        }
    }

    /// Sends a GET request.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    /// Sends a POST request with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Sends a PUT request with a JSON body.
    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, Some(body)).await
    }

    /// Sends a PATCH request with a JSON body.
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// Sends a DELETE request.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }
}
