//! A client that follows a record, independent of the one in `oauth`.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use devidp::DevIdp;
use http::{Request, Response};
use kernel::clock::{Clock, Timestamp};
use oauth::{ClientAuth, Documents, Encoding, Expr, Method, Nonce, Pkce, Provider, Registry};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};
use url::Url;
use url::form_urlencoded::{Serializer, parse};

pub(crate) const VERIFIER: &str = "a-verifier-that-is-long-enough-for-rfc-7636-and-then-some";
pub(crate) const NONCE: &str = "nonce-of-this-attempt";

pub(crate) type Pairs = Vec<(String, String)>;

pub(crate) fn server() -> (DevIdp, Clock) {
    with(Registry::builtin())
}

pub(crate) fn with(registry: Registry) -> (DevIdp, Clock) {
    let clock = Clock::manual(Timestamp::from_millis(1_800_000_000_000));
    (DevIdp::new(Arc::new(registry), clock.clone()), clock)
}

/// An app registered at one provider.
pub(crate) struct App<'a> {
    pub(crate) idp: &'a DevIdp,
    pub(crate) provider: Arc<Provider>,
    pub(crate) settings: BTreeMap<String, String>,
    pub(crate) metadata: Value,
    pub(crate) clock: Clock,
}

impl<'a> App<'a> {
    pub(crate) async fn new(idp: &'a DevIdp, clock: &Clock, provider: &Arc<Provider>) -> App<'a> {
        let stored = devidp::credentials(provider);
        let mut settings = provider.settings.defaults.clone();
        let json: Option<BTreeMap<String, String>> = serde_json::from_str(&stored.secret).ok();
        let secret = json
            .as_ref()
            .map_or(Some(&stored.secret), |json| json.get("clientSecret"));
        settings.insert("client_secret".into(), secret.cloned().unwrap_or_default());
        settings.extend(json.unwrap_or_default());
        settings.insert("client_id".into(), stored.app_id);
        let mut app = App {
            idp,
            provider: provider.clone(),
            settings,
            metadata: Value::Null,
            clock: clock.clone(),
        };
        if let Some(url) = &provider.discovery_url {
            let reply = app
                .send(Request::get(test_routing(&app.fill(url.as_str(), &[]))), "")
                .await;
            assert_eq!(reply.status(), 200, "{}: discovery", provider.id);
            app.metadata = body(&reply);
        }
        app
    }

    pub(crate) async fn send(&self, request: http::request::Builder, body: &str) -> Response<Bytes> {
        let request = request.body(Bytes::from(body.to_owned())).unwrap();
        self.idp.handle(request).await
    }

    /// Fills a template with the app's settings and `more`; unknown placeholders are kept.
    pub(crate) fn fill(&self, text: &str, more: &[(&str, &str)]) -> String {
        let mut text = text.to_owned();
        for (name, value) in self
            .settings
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain(more.iter().copied())
        {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text.replace("{random}", "0123456789").replace("{slug}", "app")
    }

    fn endpoint(&self, url: Option<&oauth::Template>, named: &str, more: &[(&str, &str)]) -> String {
        let own = url
            .map(|url| self.fill(url.as_str(), more))
            .filter(|url| url.starts_with("https://"));
        own.unwrap_or_else(|| self.metadata[named].as_str().unwrap().to_owned())
    }

    pub(crate) fn redirect_uri(&self) -> String {
        format!(
            "http://localhost:8080/v1/account/sessions/oauth2/callback/{}/project",
            self.provider.id
        )
    }

    pub(crate) fn authorize_params(&self) -> Pairs {
        let provider = &self.provider;
        let mut params = vec![
            pair(&provider.client_id_param, &self.settings["client_id"]),
            pair("redirect_uri", &self.redirect_uri()),
            pair("response_type", "code"),
            pair("state", "s&t=\"<1>"),
        ];
        if !provider.scopes.is_empty() {
            params.push(pair("scope", &provider.scopes.join(&provider.scope_separator)));
        }
        if provider.pkce != Pkce::None {
            let digest = ring::digest::digest(&ring::digest::SHA256, VERIFIER.as_bytes());
            params.push(pair("code_challenge", &URL_SAFE_NO_PAD.encode(digest)));
            params.push(pair("code_challenge_method", "S256"));
        }
        let openid = provider.scopes.iter().any(|scope| scope == "openid");
        if provider.nonce == Nonce::Always || (provider.nonce == Nonce::WithOpenid && openid) {
            params.push(pair("nonce", NONCE));
        }
        for (name, template) in &provider.authorize_params {
            let value = self.fill(template.as_str(), &[]);
            if !value.starts_with("{p") && !value.starts_with("{m") {
                params.push(pair(name, &value));
            }
        }
        params
    }

    pub(crate) async fn authorize(&self, params: &Pairs) -> Response<Bytes> {
        let url = self.endpoint(self.provider.authorize_url.as_ref(), "authorization_endpoint", &[]);
        self.send(Request::get(format!("{}?{}", test_routing(&url), form(params))), "")
            .await
    }

    /// Opens the consent page, submits a choice, and returns the parameters of the callback.
    pub(crate) async fn callback(&self, person: &str, fault: &str) -> BTreeMap<String, String> {
        let page = self.authorize(&self.authorize_params()).await;
        assert_eq!(page.status(), 200, "{}: {}", self.provider.id, text(&page));
        let page = text(&page);
        let request = between(&page, "name=\"request\" value=\"", "\"");
        let choice = vec![pair("request", request), pair("person", person), pair("fault", fault)];
        self.decide(&choice).await
    }

    pub(crate) async fn decide(&self, choice: &Pairs) -> BTreeMap<String, String> {
        let reply = self.send(Request::post("/dev/idp/continue"), &form(choice)).await;
        if reply.status() == 303 {
            let url = Url::parse(reply.headers()["location"].to_str().unwrap()).unwrap();
            assert!(url.as_str().starts_with(&self.redirect_uri()));
            return url.query_pairs().into_owned().collect();
        }
        let page = text(&reply);
        assert_eq!(reply.status(), 200, "{page}");
        assert_eq!(
            between(&page, "<form method=\"post\" action=\"", "\""),
            self.redirect_uri()
        );
        let fields = page.split("<input type=\"hidden\" ").skip(1);
        fields
            .map(|field| {
                (
                    between(field, "name=\"", "\"").into(),
                    unescape(between(field, "value=\"", "\"")),
                )
            })
            .collect()
    }

    /// Parameters of the token request for a code.
    pub(crate) fn code_params(&self, callback: &BTreeMap<String, String>) -> Pairs {
        let mut params = vec![
            pair("grant_type", "authorization_code"),
            pair("code", &callback["code"]),
            pair("redirect_uri", &self.redirect_uri()),
        ];
        if self.provider.pkce != Pkce::None {
            params.push(pair("code_verifier", VERIFIER));
        }
        for (name, template) in &self.provider.token_params {
            params.push(pair(name, &self.fill(template.as_str(), &borrowed(callback))));
        }
        params
    }

    pub(crate) async fn token(&self, mut params: Pairs, callback: &BTreeMap<String, String>) -> Response<Bytes> {
        let url = self.endpoint(self.provider.token_url.as_ref(), "token_endpoint", &borrowed(callback));
        let authorization = self.prove(&mut params);
        self.post(&url, &params, authorization).await
    }

    pub(crate) async fn post(&self, url: &str, params: &Pairs, authorization: Option<String>) -> Response<Bytes> {
        let provider = &self.provider;
        let mut request = Request::post(test_routing(url)).header("accept", "application/json");
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        for (name, template) in provider.token_headers.iter().filter(|(name, _)| *name != "Accept") {
            request = request.header(name, template.as_str());
        }
        let (media_type, body) = match provider.token_request {
            Encoding::Form => ("application/x-www-form-urlencoded", form(params)),
            Encoding::Json => (
                "application/json",
                json!(params.iter().cloned().collect::<BTreeMap<_, _>>()).to_string(),
            ),
        };
        self.send(request.header("content-type", media_type), &body).await
    }

    /// Adds the client's credentials to the parameters, or returns them as the `Authorization` header.
    pub(crate) fn prove(&self, params: &mut Pairs) -> Option<String> {
        let (id, secret) = (&self.settings["client_id"], &self.settings["client_secret"]);
        let basic = || Some(format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))));
        match self.provider.client_auth {
            ClientAuth::Basic | ClientAuth::PerDiscovery => return basic(),
            ClientAuth::BearerSecret => return Some(format!("Bearer {secret}")),
            ClientAuth::Body => params.push(pair("client_secret", secret)),
            ClientAuth::BodyJwt => params.push(pair("client_secret", &self.signed_secret())),
            ClientAuth::None | ClientAuth::Query => {}
        }
        params.push(pair(&self.provider.client_id_param, id));
        None
    }

    fn signed_secret(&self) -> String {
        let jwt = self.provider.client_jwt.as_ref().unwrap();
        let fill = |template: &oauth::Template| self.fill(template.as_str(), &[]);
        let der = fill(&jwt.key)
            .lines()
            .filter(|line| !line.starts_with('-'))
            .collect::<String>();
        let random = ring::rand::SystemRandom::new();
        let der = STANDARD.decode(der).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &random).unwrap();
        let now = self.clock.now().seconds();
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = part(json!({ "alg": "ES256", "kid": fill(&jwt.kid) }));
        let claims = json!({ "iss": fill(&jwt.iss), "sub": fill(&jwt.sub), "aud": fill(&jwt.aud), "iat": now, "exp": now + 300 });
        let message = format!("{header}.{}", part(claims));
        format!(
            "{message}.{}",
            URL_SAFE_NO_PAD.encode(key.sign(&random, message.as_bytes()).unwrap())
        )
    }

    /// All documents about the user, given a token reply.
    pub(crate) async fn documents(&self, token: &Value, callback: &BTreeMap<String, String>) -> Documents {
        let provider = &self.provider;
        let mut documents = Documents::default();
        let reply = token.pointer(&provider.token_path).unwrap();
        let field = provider
            .token_fields
            .get("access_token")
            .map_or("access_token", String::as_str);
        let access_token = reply[field].as_str().unwrap();
        documents.add("token", token.clone());
        for (name, value) in callback {
            documents.add_form(name, value);
        }
        if let Some(id_token) = reply["id_token"].as_str() {
            documents.add("id_token", claims(id_token));
        }
        let secret = &self.settings["client_secret"];
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
        let proof = hex::encode(ring::hmac::sign(&key, access_token.as_bytes()));
        let known = [("access_token", access_token), ("access_token_hmac", proof.as_str())];
        for call in &provider.userinfo {
            let mut url = self.endpoint(call.url.as_ref(), "userinfo_endpoint", &known);
            if let Some((before, rest)) = url.split_once('{') {
                let (name, after) = rest.split_once('}').unwrap();
                let value = Expr::parse(name).unwrap().eval(&documents, None).unwrap();
                url = format!("{before}{value}{after}");
            }
            let filled = |templates: &BTreeMap<String, oauth::Template>| -> Pairs {
                templates
                    .iter()
                    .map(|(name, text)| pair(name, &self.fill(text.as_str(), &known)))
                    .collect()
            };
            let address = format!("{}?{}", test_routing(&url), form(&filled(&call.query)));
            let mut request = match call.method {
                Method::Get => Request::get(address),
                Method::Post => Request::post(address).header("content-type", "application/x-www-form-urlencoded"),
            };
            for (name, value) in filled(&call.headers) {
                request = request.header(name, value);
            }
            let reply = self.send(request, &form(&filled(&call.body))).await;
            assert_eq!(reply.status(), 200, "{}: {}: {}", provider.id, call.role, text(&reply));
            documents.add(&call.role, body(&reply));
        }
        documents
    }
}

pub(crate) fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

pub(crate) fn borrowed(pairs: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

pub(crate) fn form(params: &Pairs) -> String {
    Serializer::new(String::new()).extend_pairs(params).finish()
}

pub(crate) fn test_routing(url: &str) -> String {
    format!("/dev/idp/_host/{}", url.strip_prefix("https://").unwrap())
}

pub(crate) fn text(reply: &Response<Bytes>) -> String {
    String::from_utf8(reply.body().to_vec()).unwrap()
}

pub(crate) fn body(reply: &Response<Bytes>) -> Value {
    serde_json::from_slice(reply.body()).unwrap_or_else(|_| panic!("no JSON: {}", text(reply)))
}

pub(crate) fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}

pub(crate) fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

pub(crate) fn form_body(reply: &Response<Bytes>) -> BTreeMap<String, String> {
    parse(reply.body()).into_owned().collect()
}
