//! What the provider says about a person: every reply of one login, in the provider's own shapes.
//!
//! The shapes are those of `replies.json`. Where a provider has no sample there, or where an operator's record reads at
//! other places than the sample has, the replies are made from the record: what its expressions read is put where they
//! read it.

use std::collections::BTreeMap;

use oauth::{Documents, Expr, Provider, ProviderKind, Refresh};
use serde_json::{Map, Value, json};

use crate::expressions::{self, Place, Source};
use crate::people::Person;
use crate::reply::plain;
use crate::samples::{Blanks, Sample};
use crate::state::Grant;
use crate::write;

/// The names of the replies that are no call's.
const TOKEN: &str = "token";
const ID_TOKEN: &str = "id_token";

/// The tokens of one reply.
#[derive(Debug, Clone, Default)]
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: Option<String>,
}

/// Everything that a provider says in one login.
#[derive(Debug, Default)]
pub(crate) struct Portrait {
    /// The token reply.
    pub(crate) token: Value,
    /// The claims of the id_token, where the login has one; without those that the standard asks for.
    pub(crate) claims: Option<Value>,
    replies: BTreeMap<String, Value>,
    form: Map<String, Value>,
}

impl Portrait {
    /// The reply of a call that tells who the user is.
    pub(crate) fn reply(&self, role: &str) -> Value {
        self.replies.get(role).cloned().unwrap_or_else(|| json!({}))
    }

    /// The parameters of the callback beside the standard's.
    pub(crate) fn callback(self) -> Map<String, Value> {
        self.form
    }

    /// Paints a person as the provider would.
    pub(crate) fn of(grant: &Grant, sample: Option<&Sample>, issued: &Issued, now: i64) -> Self {
        let provider = &*grant.asked.provider;
        let blanks = blanks(grant, sample, issued, now);
        let with_claims = has_id_token(provider, sample, &grant.asked.scopes);
        let mut portrait = match sample {
            Some(sample) => Self::from_sample(sample, &blanks, with_claims),
            None => Self::from_standard(provider, &blanks, with_claims),
        };
        for call in &provider.userinfo {
            portrait.replies.entry(call.role.clone()).or_insert_with(|| json!({}));
        }
        portrait.form = callback(sample, &blanks);
        if let Some(token) = &issued.refresh_token
            && provider.refresh == Refresh::Varies
            && let Value::Object(members) = &mut portrait.token
        {
            members.entry("refresh_token").or_insert(token.as_str().into());
        }
        portrait.agree(provider, &grant.person, &uid(grant, sample), sample.is_some());
        portrait
    }

    fn from_sample(sample: &Sample, blanks: &Blanks, with_claims: bool) -> Self {
        let fill = |value: &Value| blanks.fill(value).unwrap_or_default();
        let claims = || match &sample.id_token {
            Some(claims) => fill(claims),
            None => standard_claims(blanks),
        };
        Self {
            token: sample.token.as_ref().map(fill).unwrap_or_default(),
            claims: with_claims.then(claims),
            replies: sample
                .userinfo
                .iter()
                .map(|(role, value)| (role.clone(), fill(value)))
                .collect(),
            form: Map::new(),
        }
    }

    fn from_standard(provider: &Provider, blanks: &Blanks, with_claims: bool) -> Self {
        let mut token = blanks.fill(&json!({
            "access_token": "{access_token}", "token_type": "Bearer", "expires_in": "{expires_in}",
            "refresh_token": "{refresh_token}", "scope": "{scope}", "id_token": "{id_token}",
        }));
        if let Some(Value::Object(members)) = &mut token {
            for (standard, own) in &provider.token_fields {
                if let Some(value) = members.remove(standard) {
                    members.insert(own.clone(), value);
                }
            }
        }
        let mut reply = Value::Null;
        let path: Vec<_> = expressions::places(&provider.token_path)
            .into_iter()
            .flat_map(|place| place.steps)
            .collect();
        write::put(&mut reply, &path, token, None);
        let first = provider
            .userinfo
            .first()
            .filter(|_| provider.kind == ProviderKind::Oidc);
        Self {
            token: reply,
            claims: with_claims.then(|| standard_claims(blanks)),
            replies: first
                .map(|call| (call.role.clone(), standard_claims(blanks)))
                .into_iter()
                .collect(),
            form: Map::new(),
        }
    }

    /// Makes the record's expressions read this person, where they do not already.
    fn agree(&mut self, provider: &Provider, person: &Person, uid: &str, sampled: bool) {
        let email = person.email.as_deref();
        if self.read(&provider.uid).is_none() {
            self.write(&provider.uid, uid, email);
        }
        // An address that the record takes only when it is verified is told as unverified by not being read.
        if let (Some(expr), Some(address)) = (&provider.email, email)
            && (person.verified || !sampled)
            && self.read(expr).is_none_or(|told| !told.eq_ignore_ascii_case(address))
        {
            self.write(expr, address, email);
        }
        if let Some(condition) = &provider.email_verified
            && condition.eval(&self.documents(), email) != person.verified
        {
            for (place, words) in expressions::tests(&condition.to_string()) {
                self.put(&place, vouching(&words, person.verified, email), email);
            }
        }
        if let Some(expr) = &provider.display_name
            && self.read(expr).is_none()
        {
            self.write(expr, &person.name, email);
        }
    }

    fn documents(&self) -> Documents {
        let mut documents = Documents::default();
        documents.add(TOKEN, self.token.clone());
        if let Some(claims) = &self.claims {
            documents.add(ID_TOKEN, claims.clone());
        }
        for (role, reply) in &self.replies {
            documents.add(role, reply.clone());
        }
        for (name, value) in &self.form {
            documents.add_form(name, &plain(value));
        }
        documents
    }

    fn read(&self, expr: &Expr) -> Option<String> {
        expr.eval(&self.documents(), None)
    }

    /// A text that is joined from several places is split at its first space.
    fn write(&mut self, expr: &Expr, text: &str, email: Option<&str>) {
        let places = expressions::places(&expr.to_string());
        let parts: Vec<&str> = match places.len() {
            0 | 1 => vec![text],
            _ => text.splitn(2, ' ').collect(),
        };
        for (place, part) in places.iter().zip(parts) {
            let text = place
                .before
                .as_ref()
                .map_or_else(|| part.to_owned(), |mark| format!("{part}{mark}dev"));
            self.put(place, Some(text.into()), email);
        }
    }

    fn put(&mut self, place: &Place, value: Option<Value>, email: Option<&str>) {
        let document = match &place.source {
            Source::Reply(name) if name == TOKEN => Some(&mut self.token),
            Source::Reply(name) if name == ID_TOKEN => self.claims.as_mut(),
            Source::Reply(role) => self.replies.get_mut(role),
            Source::Profile => self.replies.get_mut("userinfo").or(self.claims.as_mut()),
            Source::Form(name) => Some(self.form.entry(name.clone()).or_insert(Value::Null)),
        };
        if let Some(document) = document {
            write::put(document, &place.steps, value, email);
        }
    }
}

/// The value that makes a test of a condition come out as it should; nothing takes the member away.
fn vouching(words: &[&str], verified: bool, email: Option<&str>) -> Option<Value> {
    let told = match words {
        [] => return Some(Value::Bool(verified)),
        ["is", "missing"] => (!verified).then_some(Value::Bool(false)),
        ["is", "present"] => verified.then(|| "2026-01-01T00:00:00Z".into()),
        ["is", "@email"] => email.map(Value::from),
        ["includes", "@email"] => email.map(|email| json!([email])),
        ["includes", text] => Some(json!([expressions::unquoted(text)])),
        ["is", "not", _] => Some("dev".into()),
        ["is", text] if text.starts_with('\'') => Some(expressions::unquoted(text).into()),
        ["is", literal] => serde_json::from_str(literal).ok(),
        _ => None,
    };
    match words {
        ["is", "missing" | "present"] => told,
        _ => told.filter(|_| verified),
    }
}

fn standard_claims(blanks: &Blanks) -> Value {
    let claims = json!({
        "sub": "{uid}", "name": "{name}", "given_name": "{first}", "family_name": "{last}",
        "preferred_username": "{user}", "email": "{email}", "email_verified": "{verified}",
    });
    blanks.fill(&claims).unwrap_or_default()
}

fn callback(sample: Option<&Sample>, blanks: &Blanks) -> Map<String, Value> {
    let sample = sample.map(|sample| Value::Object(sample.callback.clone()));
    match sample.and_then(|callback| blanks.fill(&callback)) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// Whether a login has an id_token: when `openid` was asked, and from a provider that gives one unasked (Apple).
fn has_id_token(provider: &Provider, sample: Option<&Sample>, scopes: &[String]) -> bool {
    let openid = |scopes: &[String]| scopes.iter().any(|scope| scope == "openid");
    let unasked =
        || sample.and_then(|sample| sample.token.as_ref()?.get(ID_TOKEN)).is_some() && !openid(&provider.scopes);
    provider.kind == ProviderKind::Oidc && (openid(scopes) || unasked())
}

/// What fills the blanks of a login's replies.
fn blanks(grant: &Grant, sample: Option<&Sample>, issued: &Issued, now: i64) -> Blanks {
    let (asked, person) = (&grant.asked, &grant.person);
    let (first, last) = person.names();
    let uid = uid(grant, sample);
    let vouched = person.verified;
    let mut blanks = Blanks::default();
    blanks.set("uid:number", uid.parse::<u64>().ok().map(Value::from));
    blanks.set("uid", Some(uid.into()));
    blanks.set("name", Some(person.name.as_str().into()));
    blanks.set("first", Some(first.into()));
    blanks.set("last", Some(last.into()));
    blanks.set("user", Some(person.handle().into()));
    blanks.set("email", person.email.as_deref().map(Value::from));
    blanks.set("verified", person.email.as_ref().map(|_| vouched.into()));
    blanks.set("verified:number", Some(u8::from(vouched).into()));
    blanks.set(
        "verified:text",
        person.email.as_ref().map(|_| vouched.to_string().into()),
    );
    blanks.set(
        "verified:email",
        person.email.as_deref().filter(|_| vouched).map(Value::from),
    );
    blanks.set(
        "verified:date",
        Some(if vouched {
            "2019-03-01T10:05:00.000Z".into()
        } else {
            Value::Null
        }),
    );
    blanks.set("verified:present", vouched.then_some(Value::Bool(true)));
    blanks.set("client_id", Some(asked.client_id.as_str().into()));
    blanks.set("scope", Some(asked.scopes.join(" ").into()));
    blanks.set("scope:comma", Some(asked.scopes.join(",").into()));
    blanks.set("scope:list", Some(asked.scopes.clone().into()));
    blanks.set("now", Some(now.into()));
    blanks.set(
        "expires_in",
        (asked.provider.expires_in > 0).then(|| asked.provider.expires_in.into()),
    );
    blanks.set("random", Some(secrets::random::base64url::<12>().into()));
    blanks.set("access_token", Some(issued.access_token.as_str().into()));
    blanks.set("refresh_token", issued.refresh_token.as_deref().map(Value::from));
    blanks.set("id_token", issued.id_token.as_deref().map(Value::from));
    blanks
}

/// The person's id at the provider: always the same, with the look of the provider's own ids.
fn uid(grant: &Grant, sample: Option<&Sample>) -> String {
    /// As many letters and digits are changed, from the end.
    const CHANGED: usize = 8;
    let shape = sample.map_or("5f0c9a7e21b34d68", |sample| sample.uid.as_str());
    let seed = format!("{} {}", grant.asked.provider.id, grant.person.key);
    let digest = ring::digest::digest(&ring::digest::SHA256, seed.as_bytes());
    let mut chance = digest.as_ref().iter().take(CHANGED);
    let mut uid: Vec<char> = shape.chars().collect();
    // The first one stays: a number must not begin with a zero.
    for c in uid.iter_mut().skip(1).rev() {
        let (first, span) = match c {
            '0'..='9' => (b'0', 10),
            'a'..='f' => (b'a', 6),
            'A'..='F' => (b'A', 6),
            _ => continue,
        };
        let Some(byte) = chance.next() else { break };
        *c = char::from(first + byte % span);
    }
    uid.into_iter().collect()
}
