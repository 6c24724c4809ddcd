//! Test users and faults.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::form::Params;
use crate::reply;

/// ID of the custom user in the form.
pub(crate) const CUSTOM: &str = "custom";

/// A user who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// Identifier of the user at every provider.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    /// Whether the provider reports the address as verified.
    pub(crate) verified: bool,
}

/// A predefined test user on the page.
pub(crate) struct TestUser {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) email: Option<&'static str>,
    pub(crate) verified: bool,
    pub(crate) note: &'static str,
}

/// Predefined test users, in the order of the page.
pub(crate) const PEOPLE: [TestUser; 5] = [
    test_user("ada", "Ada Lovelace", Some("ada@example.com"), true, "address verified"),
    test_user(
        "grace",
        "Grace Hopper",
        Some("grace@example.com"),
        true,
        "address verified",
    ),
    test_user(
        "alan",
        "Alan Turing",
        Some("alan@example.com"),
        false,
        "address not verified",
    ),
    test_user("emmy", "Emmy Noether", None, false, "no address"),
    test_user(
        "sofya",
        "Софья Ковалевская",
        Some("sofya@example.com"),
        true,
        "a name beyond ASCII",
    ),
];

/// Defaults of the form for a custom user.
pub(crate) const CUSTOM_USER: TestUser = test_user(
    CUSTOM,
    "Robin Example",
    Some("robin@example.com"),
    true,
    "somebody else",
);

const fn test_user(
    id: &'static str,
    name: &'static str,
    email: Option<&'static str>,
    verified: bool,
    note: &'static str,
) -> TestUser {
    TestUser {
        id,
        name,
        email,
        verified,
        note,
    }
}

impl Person {
    /// The person selected in a form; `None` if the ID is unknown.
    pub(crate) fn chosen(form: &Params) -> Option<Self> {
        let id = form.get("person").unwrap_or(PEOPLE[0].id);
        if id != CUSTOM {
            return PEOPLE
                .iter()
                .find(|test_user| test_user.id == id)
                .map(|test_user| Self {
                    key: test_user.id.to_owned(),
                    name: test_user.name.to_owned(),
                    email: test_user.email.map(str::to_owned),
                    verified: test_user.verified,
                });
        }
        let text = |name| {
            form.get(name)
                .map(|text| text.trim().chars().take(128).collect::<String>())
        };
        let email = text("email").filter(|text| !text.is_empty());
        let name = text("name").filter(|text| !text.is_empty());
        let name = name.or_else(|| Some(email.as_ref()?.split('@').next()?.to_owned()));
        Some(Self {
            key: format!("{CUSTOM}:{}", email.as_ref().or(name.as_ref())?.to_lowercase()),
            name: name.unwrap_or_else(|| CUSTOM_USER.name.to_owned()),
            verified: email.is_some() && form.get("verified").is_some(),
            email,
        })
    }

    /// The first name, and the rest of the name.
    pub(crate) fn names(&self) -> (&str, &str) {
        self.name.split_once(' ').unwrap_or((&self.name, ""))
    }

    /// User name of the person.
    pub(crate) fn handle(&self) -> String {
        match (&self.email, self.key.split_once(':')) {
            (_, None) => self.key.clone(),
            (Some(email), _) => email.split('@').next().unwrap_or_default().to_owned(),
            (None, Some(_)) => self.names().0.to_lowercase(),
        }
    }
}

/// A fault to simulate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    Deny,
    NoEmail,
    Unverified,
    Expired,
    Slow,
    Broken,
    WrongNonce,
}

/// The faults with their IDs and labels, in the order of the page.
pub(crate) const FAULTS: [(Fault, &str, &str); 8] = [
    (Fault::None, "none", "None"),
    (Fault::Deny, "deny", "The user denies the request"),
    (Fault::NoEmail, "no-email", "The provider returns no address"),
    (Fault::Unverified, "unverified", "The address is not verified"),
    (Fault::Expired, "expired", "The code has expired when it is redeemed"),
    (Fault::Slow, "slow", "The token call takes three seconds"),
    (Fault::Broken, "500", "The token call fails with status 500"),
    (Fault::WrongNonce, "wrong-nonce", "The id_token has another nonce"),
];

impl Fault {
    /// The fault selected in a form.
    pub(crate) fn chosen(form: &Params) -> Option<Self> {
        let id = form.get("fault").unwrap_or("none");
        FAULTS
            .iter()
            .find(|(_, known, _)| *known == id)
            .map(|(fault, ..)| *fault)
    }

    /// Changes the person as the fault requires.
    pub(crate) fn apply(self, person: &mut Person) {
        match self {
            Self::NoEmail => (person.email, person.verified) = (None, false),
            Self::Unverified => person.verified = false,
            _ => {}
        }
    }
}

/// `people.json`, for scripts that choose without the page.
pub(crate) fn list() -> Response<Bytes> {
    let people: Vec<Value> = PEOPLE
        .iter()
        .map(|test_user| json!({ "id": test_user.id, "name": test_user.name, "email": test_user.email, "verified": test_user.verified }))
        .collect();
    let faults: Vec<Value> = FAULTS
        .iter()
        .map(|(_, id, description)| json!({ "id": id, "description": description }))
        .collect();
    let custom = json!({ "id": CUSTOM, "fields": ["name", "email", "verified"] });
    reply::json(
        StatusCode::OK,
        &json!({ "people": people, "custom": custom, "faults": faults }),
    )
}
