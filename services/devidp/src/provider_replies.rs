//! All replies of a provider in one login, in the provider's format.
//!
//! The formats come from `replies.json`. If a provider has no sample there, or an operator's record reads fields that
//! the sample does not have, the fields that the record reads are merged into the replies.

use std::collections::BTreeMap;

use oauth::{Imitation, Profile, Provider, ProviderKind, Refresh};
use serde_json::{Map, Value, json};

use crate::people::Person;
use crate::samples::{Blanks, Sample};
use crate::state::Grant;

/// Names of the replies that do not belong to a userinfo call.
const TOKEN: &str = "token";
const ID_TOKEN: &str = "id_token";

/// The tokens of one reply.
#[derive(Debug, Clone, Default)]
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: Option<String>,
}

/// All replies of a provider in one login.
#[derive(Debug, Default)]
pub(crate) struct Portrait {
    /// The token reply.
    pub(crate) token: Value,
    /// Claims of the id_token, if the login has one; without those required by the standard.
    pub(crate) claims: Option<Value>,
    replies: BTreeMap<String, Value>,
    form: Map<String, Value>,
}

impl Portrait {
    /// The reply of a userinfo call.
    pub(crate) fn reply(&self, role: &str) -> Value {
        self.replies.get(role).cloned().unwrap_or_else(|| json!({}))
    }

    /// Non-standard parameters of the callback.
    pub(crate) fn callback(self) -> Map<String, Value> {
        self.form
    }

    /// Builds the provider's replies for a grant.
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
            claims: with_claims.then(|| standard_claims(blanks)),
            replies: first
                .map(|call| (call.role.clone(), standard_claims(blanks)))
                .into_iter()
                .collect(),
            form: Map::new(),
        }
    }

    /// Changes the replies if needed, so that the record reads this person from them.
    fn agree(&mut self, provider: &Provider, person: &Person, uid: &str, sampled: bool) {
        let mut said = Imitation::default();
        said.replies = self.replies.clone();
        said.replies.insert(TOKEN.to_owned(), self.token.clone());
        said.replies
            .extend(self.claims.clone().map(|claims| (ID_TOKEN.to_owned(), claims)));
        said.form = self.form.clone().into_iter().collect();
        let wanted = Profile {
            uid: uid.to_owned(),
            email: person.email.clone().filter(|_| provider.email.is_some()),
            email_verified: person.verified && provider.email_verified.is_some(),
            name: provider.display_name.is_some().then(|| person.name.clone()),
            amr: Vec::new(),
        };
        let agrees = provider.read(&said).is_some_and(|told| {
            // For a record that reads only verified addresses, an unverified address reads as missing.
            let address = told.email == wanted.email || (sampled && !person.verified && told.email.is_none());
            address && told.email_verified == wanted.email_verified && told.name.is_some() == wanted.name.is_some()
        });
        if !agrees {
            self.add(provider.imitate(&wanted));
        }
    }

    /// Merges the fields that a record reads into the replies.
    fn add(&mut self, imitation: Imitation) {
        for (role, reply) in imitation.replies {
            match role.as_str() {
                TOKEN => lay(&mut self.token, reply),
                ID_TOKEN => lay(self.claims.get_or_insert(Value::Null), reply),
                _ => lay(self.replies.entry(role).or_default(), reply),
            }
        }
        for (name, value) in imitation.form {
            lay(self.form.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// Merges one JSON value into another: objects and arrays recursively; other values are replaced.
fn lay(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (name, value) in above {
                lay(below.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(below), Value::Array(above)) => {
            below.resize(below.len().max(above.len()), Value::Null);
            below.iter_mut().zip(above).for_each(|(below, above)| lay(below, above));
        }
        (below, above) => *below = above,
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

/// Whether a login has an id_token: if the scope `openid` was requested, or if the provider always returns one (Apple).
fn has_id_token(provider: &Provider, sample: Option<&Sample>, scopes: &[String]) -> bool {
    let openid = |scopes: &[String]| scopes.iter().any(|scope| scope == "openid");
    let unasked =
        || sample.and_then(|sample| sample.token.as_ref()?.get(ID_TOKEN)).is_some() && !openid(&provider.scopes);
    provider.kind == ProviderKind::Oidc && (openid(scopes) || unasked())
}

/// Values for the placeholders of a login's replies.
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

/// The person's ID at the provider: deterministic, in the format of the provider's IDs.
fn uid(grant: &Grant, sample: Option<&Sample>) -> String {
    /// Number of letters and digits that are replaced, from the end.
    const CHANGED: usize = 8;
    let shape = sample.map_or("5f0c9a7e21b34d68", |sample| sample.uid.as_str());
    let seed = format!("{} {}", grant.asked.provider.id, grant.person.key);
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
