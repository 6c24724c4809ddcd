//! All replies of a provider in one login, in the provider's format.
//!
//! The formats come from `replies.json`. If a provider has no sample there, or an operator's record reads fields that
//! the sample does not have, the fields that the record reads are merged into the replies.

use std::collections::BTreeMap;

use oauth::{Imitation, Profile, Provider, ProviderKind, Refresh};
use serde_json::{Map, Value, json};

use crate::people::Person;
use crate::samples::{Placeholders, Sample};
use crate::state::Grant;

/// Names of the replies that do not belong to a userinfo call.
const TOKEN: &str = "token";
const ID_TOKEN: &str = "id_token";

/// The tokens of one reply.
#[derive(Debug, Clone, Default)]
pub(crate) struct IssuedTokens {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: Option<String>,
}

/// All replies of a provider in one login.
#[derive(Debug, Default)]
pub(crate) struct ProviderReplies {
    /// The token reply.
    pub(crate) token: Value,
    /// Claims of the id_token, if the login has one; without those required by the standard.
    pub(crate) claims: Option<Value>,
    replies: BTreeMap<String, Value>,
    form: Map<String, Value>,
}

impl ProviderReplies {
    /// The reply of a userinfo call.
    pub(crate) fn reply(&self, role: &str) -> Value {
        self.replies.get(role).cloned().unwrap_or_else(|| json!({}))
    }

    /// Non-standard parameters of the callback.
    pub(crate) fn callback(self) -> Map<String, Value> {
        self.form
    }

    /// Builds the provider's replies for a grant.
    pub(crate) fn of(grant: &Grant, sample: Option<&Sample>, issued: &IssuedTokens, now: i64) -> Self {
        let provider = &*grant.authorization.provider;
        let placeholders = placeholders(grant, sample, issued, now);
        let with_claims = has_id_token(provider, sample, &grant.authorization.scopes);
        let mut replies = match sample {
            Some(sample) => Self::from_sample(sample, &placeholders, with_claims),
            None => Self::from_standard(provider, &placeholders, with_claims),
        };
        for call in &provider.userinfo {
            replies.replies.entry(call.role.clone()).or_insert_with(|| json!({}));
        }
        replies.form = callback(sample, &placeholders);
        if let Some(token) = &issued.refresh_token
            && provider.refresh == Refresh::Varies
            && let Value::Object(members) = &mut replies.token
        {
            members.entry("refresh_token").or_insert(token.as_str().into());
        }
        replies.match_record(provider, &grant.person, &uid(grant, sample), sample.is_some());
        replies
    }

    fn from_sample(sample: &Sample, placeholders: &Placeholders, with_claims: bool) -> Self {
        let fill = |value: &Value| placeholders.fill(value).unwrap_or_default();
        let claims = || match &sample.id_token {
            Some(claims) => fill(claims),
            None => standard_claims(placeholders),
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

    fn from_standard(provider: &Provider, placeholders: &Placeholders, with_claims: bool) -> Self {
        let mut token = placeholders.fill(&json!({
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
        // Iterates over the JSON pointer from its end: each step wraps the inner value in an object.
        let wrap = |inner, step: &str| json!({ step: inner });
        let steps = provider.token_path.rsplit('/').filter(|step| !step.is_empty());
        let reply = steps.fold(token.unwrap_or_default(), wrap);
        let first = provider
            .userinfo
            .first()
            .filter(|_| provider.kind == ProviderKind::Oidc);
        Self {
            token: reply,
            claims: with_claims.then(|| standard_claims(placeholders)),
            replies: first
                .map(|call| (call.role.clone(), standard_claims(placeholders)))
                .into_iter()
                .collect(),
            form: Map::new(),
        }
    }

    /// Changes the replies if needed, so that the record reads this person from them.
    fn match_record(&mut self, provider: &Provider, person: &Person, uid: &str, sampled: bool) {
        let mut imitation = Imitation::default();
        imitation.replies = self.replies.clone();
        imitation.replies.insert(TOKEN.to_owned(), self.token.clone());
        imitation
            .replies
            .extend(self.claims.clone().map(|claims| (ID_TOKEN.to_owned(), claims)));
        imitation.form = self.form.clone().into_iter().collect();
        let expected = Profile {
            uid: uid.to_owned(),
            email: person.email.clone().filter(|_| provider.email.is_some()),
            email_verified: person.verified && provider.email_verified.is_some(),
            name: provider.display_name.is_some().then(|| person.name.clone()),
            amr: Vec::new(),
        };
        let agrees = provider.read(&imitation).is_some_and(|profile| {
            // For a record that reads only verified addresses, an unverified address reads as missing.
            let address = profile.email == expected.email || (sampled && !person.verified && profile.email.is_none());
            address
                && profile.email_verified == expected.email_verified
                && profile.name.is_some() == expected.name.is_some()
        });
        if !agrees {
            self.add(provider.imitate(&expected));
        }
    }

    /// Merges the fields that a record reads into the replies.
    fn add(&mut self, imitation: Imitation) {
        for (role, reply) in imitation.replies {
            match role.as_str() {
                TOKEN => merge(&mut self.token, reply),
                ID_TOKEN => merge(self.claims.get_or_insert(Value::Null), reply),
                _ => merge(self.replies.entry(role).or_default(), reply),
            }
        }
        for (name, value) in imitation.form {
            merge(self.form.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// Merges one JSON value into another: objects and arrays recursively; other values are replaced.
fn merge(target: &mut Value, source: Value) {
    match (target, source) {
        (Value::Object(target), Value::Object(source)) => {
            for (name, value) in source {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(target), Value::Array(source)) => {
            target.resize(target.len().max(source.len()), Value::Null);
            target
                .iter_mut()
                .zip(source)
                .for_each(|(target, source)| merge(target, source));
        }
        (target, source) => *target = source,
    }
}

fn standard_claims(placeholders: &Placeholders) -> Value {
    let claims = json!({
        "sub": "{uid}", "name": "{name}", "given_name": "{first}", "family_name": "{last}",
        "preferred_username": "{user}", "email": "{email}", "email_verified": "{verified}",
    });
    placeholders.fill(&claims).unwrap_or_default()
}

fn callback(sample: Option<&Sample>, placeholders: &Placeholders) -> Map<String, Value> {
    let sample = sample.map(|sample| Value::Object(sample.callback.clone()));
    match sample.and_then(|callback| placeholders.fill(&callback)) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// Whether a login has an id_token: if the scope `openid` was requested, or if the provider always returns one (Apple).
fn has_id_token(provider: &Provider, sample: Option<&Sample>, scopes: &[String]) -> bool {
    let openid = |scopes: &[String]| scopes.iter().any(|scope| scope == "openid");
    let always_returned =
        || sample.and_then(|sample| sample.token.as_ref()?.get(ID_TOKEN)).is_some() && !openid(&provider.scopes);
    provider.kind == ProviderKind::Oidc && (openid(scopes) || always_returned())
}

/// Values for the placeholders of a login's replies.
fn placeholders(grant: &Grant, sample: Option<&Sample>, issued: &IssuedTokens, now: i64) -> Placeholders {
    let (authorization, person) = (&grant.authorization, &grant.person);
    let (first, last) = person.names();
    let uid = uid(grant, sample);
    let verified = person.verified;
    let mut placeholders = Placeholders::default();
    placeholders.set("uid:number", uid.parse::<u64>().ok().map(Value::from));
    placeholders.set("uid", Some(uid.into()));
    placeholders.set("name", Some(person.name.as_str().into()));
    placeholders.set("first", Some(first.into()));
    placeholders.set("last", Some(last.into()));
    placeholders.set("user", Some(person.handle().into()));
    placeholders.set("email", person.email.as_deref().map(Value::from));
    placeholders.set("verified", person.email.as_ref().map(|_| verified.into()));
    placeholders.set("verified:number", Some(u8::from(verified).into()));
    placeholders.set(
        "verified:text",
        person.email.as_ref().map(|_| verified.to_string().into()),
    );
    placeholders.set(
        "verified:email",
        person.email.as_deref().filter(|_| verified).map(Value::from),
    );
    placeholders.set(
        "verified:date",
        Some(if verified {
            "2019-03-01T10:05:00.000Z".into()
        } else {
            Value::Null
        }),
    );
    placeholders.set("verified:present", verified.then_some(Value::Bool(true)));
    placeholders.set("client_id", Some(authorization.client_id.as_str().into()));
    placeholders.set("scope", Some(authorization.scopes.join(" ").into()));
    placeholders.set("scope:comma", Some(authorization.scopes.join(",").into()));
    placeholders.set("scope:list", Some(authorization.scopes.clone().into()));
    placeholders.set("now", Some(now.into()));
    placeholders.set(
        "expires_in",
        (authorization.provider.expires_in > 0).then(|| authorization.provider.expires_in.into()),
    );
    placeholders.set("random", Some(secrets::random::base64url::<12>().into()));
    placeholders.set("access_token", Some(issued.access_token.as_str().into()));
    placeholders.set("refresh_token", issued.refresh_token.as_deref().map(Value::from));
    placeholders.set("id_token", issued.id_token.as_deref().map(Value::from));
    placeholders
}

/// The person's ID at the provider: deterministic, in the format of the provider's IDs.
fn uid(grant: &Grant, sample: Option<&Sample>) -> String {
    /// Number of letters and digits that are replaced, from the end.
    const CHANGED: usize = 8;
    let shape = sample.map_or("5f0c9a7e21b34d68", |sample| sample.uid.as_str());
    let seed = format!("{} {}", grant.authorization.provider.id, grant.person.key);
    let digest = ring::digest::digest(&ring::digest::SHA256, seed.as_bytes());
    let mut chance = digest.as_ref().iter().take(CHANGED);
    let mut uid: Vec<char> = shape.chars().collect();
    // The first character is kept, since a number must not begin with a zero.
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
