//! A user, as they see themselves and as servers see them.

use api::Date;
use email_domains::AddressKind;
use identity::Person;
use kernel::{Email, Timestamp};
use secrets::Stored;

use crate::{HashOptions, Preferences, Target, target};

api::model! {
    /// A user as they see themselves.
    pub struct Account as "account" {
        /// The user's id.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// The user's name.
        name: String = "name",
        /// Time of the sign-up.
        registration: Timestamp = "registration",
        /// False: blocked.
        status: bool = "status",
        /// Labels given by the server.
        labels: Vec<String> = "labels",
        /// Time of the last password change; empty: none.
        password_update: Date = "passwordUpdate",
        /// The e-mail address.
        email: String = "email",
        /// The phone number, E.164.
        phone: String = "phone",
        /// Whether the address is known to be theirs.
        email_verification: bool = "emailVerification",
        /// Whether the number is known to be theirs.
        phone_verification: bool = "phoneVerification",
        /// Whether a second factor is asked for.
        mfa: bool = "mfa",
        /// Preferences: any JSON object.
        prefs: Preferences = "prefs",
        /// Targets of the user.
        targets: Vec<Target> = "targets",
        /// The day of the last request, about.
        accessed_at: Date = "accessedAt",
    }
}

api::model! {
    /// A user as servers see them.
    pub struct User as "user" {
        /// The user's id.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// The user's name.
        name: String = "name",
        /// The password's hash, as the program wrote it that made it. Empty without a password.
        password: String = "password",
        /// Hash algorithm.
        hash: &'static str = "hash",
        /// Parameters of the hash; null without a password.
        hash_options: Option<HashOptions> = "hashOptions",
        /// Time of the sign-up.
        registration: Timestamp = "registration",
        /// False: blocked.
        status: bool = "status",
        /// Labels given by the server.
        labels: Vec<String> = "labels",
        /// Time of the last password change; empty: none.
        password_update: Date = "passwordUpdate",
        /// The e-mail address.
        email: String = "email",
        /// The phone number, E.164.
        phone: String = "phone",
        /// Whether the address is known to be theirs.
        email_verification: bool = "emailVerification",
        /// The address that mail reaches, without a subaddress; null without an address.
        email_canonical: Option<String> = "emailCanonical",
        /// Whether the address is that one.
        email_is_canonical: Option<bool> = "emailIsCanonical",
        /// Whether its provider gives an address to everybody.
        email_is_free: Option<bool> = "emailIsFree",
        /// Whether it is thrown away soon.
        email_is_disposable: Option<bool> = "emailIsDisposable",
        /// Whether it is of an organization's own domain.
        email_is_corporate: Option<bool> = "emailIsCorporate",
        /// Whether the number is known to be theirs.
        phone_verification: bool = "phoneVerification",
        /// Whether a second factor is asked for.
        mfa: bool = "mfa",
        /// Preferences: any JSON object.
        prefs: Preferences = "prefs",
        /// Targets of the user.
        targets: Vec<Target> = "targets",
        /// The day of the last request, about.
        accessed_at: Date = "accessedAt",
    }
}

/// Shows a user to themselves.
pub fn account(person: &Person) -> Account {
    let (user, targets) = (&person.user, &person.targets);
    Account {
        id: user.id.to_string(),
        created_at: user.created_at,
        updated_at: user.updated_at,
        name: user.name.clone(),
        registration: user.registration,
        status: user.status,
        labels: user.labels.0.clone(),
        password_update: Date(user.password_update),
        email: user.email.clone().unwrap_or_default(),
        phone: user.phone.clone().unwrap_or_default(),
        email_verification: user.email_verification,
        phone_verification: user.phone_verification,
        mfa: user.mfa,
        prefs: Preferences(user.prefs.0.clone()),
        targets: targets.iter().map(target).collect(),
        accessed_at: Date(user.accessed_at),
    }
}

/// Shows a user to a server.
pub fn user(user: &identity::users::User, targets: &[identity::targets::Target]) -> User {
    let stored = user.password.as_deref().and_then(Stored::parse);
    let address_kind = user
        .email
        .as_deref()
        .and_then(Email::new)
        .map(|email| AddressKind::of(&email));
    let address_kind = address_kind.as_ref();
    User {
        id: user.id.to_string(),
        created_at: user.created_at,
        updated_at: user.updated_at,
        name: user.name.clone(),
        password: stored.as_ref().map_or("", Stored::hash).to_owned(),
        hash: stored.as_ref().map_or("", |stored| stored.algorithm().as_str()),
        hash_options: stored.as_ref().map(HashOptions::of),
        registration: user.registration,
        status: user.status,
        labels: user.labels.0.clone(),
        password_update: Date(user.password_update),
        email: user.email.clone().unwrap_or_default(),
        phone: user.phone.clone().unwrap_or_default(),
        email_verification: user.email_verification,
        email_canonical: address_kind.map(|address_kind| address_kind.canonical.clone()),
        email_is_canonical: address_kind.map(|address_kind| address_kind.is_canonical),
        email_is_free: address_kind.map(|address_kind| address_kind.is_free),
        email_is_disposable: address_kind.map(|address_kind| address_kind.is_disposable),
        email_is_corporate: address_kind.map(AddressKind::is_corporate),
        phone_verification: user.phone_verification,
        mfa: user.mfa,
        prefs: Preferences(user.prefs.0.clone()),
        targets: targets.iter().map(target).collect(),
        accessed_at: Date(user.accessed_at),
    }
}
