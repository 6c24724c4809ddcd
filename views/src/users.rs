//! Models of users: for the user and for servers.

use api::Date;
use email_domains::AddressKind;
use identity::Person;
use kernel::{Email, Timestamp};
use secrets::Stored;

use crate::{HashOptions, Preferences, Target, target};

api::model! {
    /// A user, as returned to the user.
    pub struct Account as "account" {
        /// User ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// The user's name.
        name: String = "name",
        /// Time of the sign-up.
        registration: Timestamp = "registration",
        /// Whether the user is active; false if blocked.
        status: bool = "status",
        /// Labels given by the server.
        labels: Vec<String> = "labels",
        /// Time of the last password change; empty without a password.
        password_update: Date = "passwordUpdate",
        /// The e-mail address.
        email: String = "email",
        /// The phone number, in E.164 format.
        phone: String = "phone",
        /// Whether the e-mail address is verified.
        email_verification: bool = "emailVerification",
        /// Whether the phone number is verified.
        phone_verification: bool = "phoneVerification",
        /// Whether a second factor is required.
        mfa: bool = "mfa",
        /// Preferences: any JSON object.
        prefs: Preferences = "prefs",
        /// Targets of the user.
        targets: Vec<Target> = "targets",
        /// Time of the last request, accurate to about a day.
        accessed_at: Date = "accessedAt",
    }
}

api::model! {
    /// A user, as returned to servers.
    pub struct User as "user" {
        /// User ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// The user's name.
        name: String = "name",
        /// Password hash, in the format of the program that created it; empty without a password.
        password: String = "password",
        /// Hash algorithm.
        hash: &'static str = "hash",
        /// Parameters of the hash; null without a password.
        hash_options: Option<HashOptions> = "hashOptions",
        /// Time of the sign-up.
        registration: Timestamp = "registration",
        /// Whether the user is active; false if blocked.
        status: bool = "status",
        /// Labels given by the server.
        labels: Vec<String> = "labels",
        /// Time of the last password change; empty without a password.
        password_update: Date = "passwordUpdate",
        /// The e-mail address.
        email: String = "email",
        /// The phone number, in E.164 format.
        phone: String = "phone",
        /// Whether the e-mail address is verified.
        email_verification: bool = "emailVerification",
        /// Canonical e-mail address, without a subaddress; null without an address.
        email_canonical: Option<String> = "emailCanonical",
        /// Whether the e-mail address is canonical.
        email_is_canonical: Option<bool> = "emailIsCanonical",
        /// Whether the e-mail address is from a free provider.
        email_is_free: Option<bool> = "emailIsFree",
        /// Whether the e-mail address is from a disposable address provider.
        email_is_disposable: Option<bool> = "emailIsDisposable",
        /// Whether the e-mail address belongs to an organization's domain.
        email_is_corporate: Option<bool> = "emailIsCorporate",
        /// Whether the phone number is verified.
        phone_verification: bool = "phoneVerification",
        /// Whether a second factor is required.
        mfa: bool = "mfa",
        /// Preferences: any JSON object.
        prefs: Preferences = "prefs",
        /// Targets of the user.
        targets: Vec<Target> = "targets",
        /// Time of the last request, accurate to about a day.
        accessed_at: Date = "accessedAt",
    }
}

/// The model of a user for themselves.
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

/// The model of a user for servers.
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
