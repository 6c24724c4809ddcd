//! Users: rows and acts.

use db::list::Queryable;
use db::sea_query::{Expr, ExprTrait, Query};
use db::{Event, Json, Locked, Tx};
use email_domains::AddressKind;
use kernel::{Email, Phone, Timestamp};
use serde_json::{Map, Value, json};

use crate::error::{EmailError, PhoneError, PolicyError, UserError};
use crate::ids::UserId;
use crate::policy::Policy;
use crate::{Result, stale, targets, tokens};

db::table! {
    /// A user of a project's apps.
    pub struct User in users as Users {
        /// Its ID.
        pub id: UserId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// Display name.
        pub name: String => Name,
        /// Lower-cased; unique.
        pub email: Option<String> => Email,
        /// Whether the e-mail address is verified.
        pub email_verification: bool => EmailVerification,
        /// E.164; unique.
        pub phone: Option<String> => Phone,
        /// Whether the phone number is verified.
        pub phone_verification: bool => PhoneVerification,
        /// False if the user is blocked.
        pub status: bool => Status,
        /// Labels given by the server, for `label:` roles.
        pub labels: Json<Vec<String>> => Labels,
        /// Password hash: a PHC string.
        pub password: Option<String> => Password,
        /// Time of the last password change; null if there is no password.
        pub password_update: Option<Timestamp> => PasswordUpdate,
        /// Hashes of earlier passwords, newest last.
        pub password_history: Json<Vec<String>> => PasswordHistory,
        /// Time of the sign-up.
        pub registration: Timestamp => Registration,
        /// Whether the user requires a second factor.
        pub mfa: bool => Mfa,
        /// Preferences: any JSON object.
        pub prefs: Json<Map<String, Value>> => Prefs,
        /// Time of the last request, with a resolution of one day.
        pub accessed_at: Option<Timestamp> => AccessedAt,
    }
}

/// Initial values of a user.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// The name, or an empty text.
    pub name: String,
    /// E-mail address.
    pub email: Option<Email>,
    /// Whether the e-mail address is verified.
    pub email_verified: bool,
    /// Phone number, unverified.
    pub phone: Option<Phone>,
    /// Password hash.
    pub password: Option<secrets::PasswordHash>,
}

/// Finds a user.
pub fn find(tx: &mut Tx<'_>, id: &UserId) -> Result<User> {
    let query = User::select().and_where(Expr::col(Users::Id).eq(id.as_str())).take();
    tx.optional(&query)?.ok_or(UserError::NotFound.into())
}

/// Finds a user and locks the row until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: &UserId) -> Result<Locked<User>> {
    lock_optional(tx, id)?.ok_or(UserError::NotFound.into())
}

/// As [`lock`]; none if there is no such user.
pub fn lock_optional(tx: &mut Tx<'_>, id: &UserId) -> Result<Option<Locked<User>>> {
    let query = User::select().and_where(Expr::col(Users::Id).eq(id.as_str())).take();
    Ok(tx.lock_row(&query)?)
}

/// Finds the user with an e-mail address.
pub fn find_by_email(tx: &mut Tx<'_>, email: &Email) -> Result<Option<User>> {
    let query = User::select()
        .and_where(Expr::col(Users::Email).eq(email.as_str()))
        .take();
    Ok(tx.optional(&query)?)
}

/// Finds the user with a phone number.
pub fn find_by_phone(tx: &mut Tx<'_>, phone: &Phone) -> Result<Option<User>> {
    let query = User::select()
        .and_where(Expr::col(Users::Phone).eq(phone.as_str()))
        .take();
    Ok(tx.optional(&query)?)
}

/// Finds several users by their IDs.
pub fn find_all(tx: &mut Tx<'_>, ids: impl IntoIterator<Item = UserId>) -> Result<Vec<User>> {
    let ids: Vec<String> = ids.into_iter().map(String::from).collect();
    Ok(tx.all(&User::select().and_where(Expr::col(Users::Id).is_in(ids)).take())?)
}

/// Attributes by which users can be queried.
pub fn queryable() -> Queryable {
    Queryable::new(Users::Id)
        .datetime("$createdAt", Users::CreatedAt)
        .datetime("$updatedAt", Users::UpdatedAt)
        .text("name", Users::Name)
        .text("email", Users::Email)
        .optional()
        .text("phone", Users::Phone)
        .optional()
        .boolean("status", Users::Status)
        .datetime("passwordUpdate", Users::PasswordUpdate)
        .optional()
        .datetime("registration", Users::Registration)
        .boolean("emailVerification", Users::EmailVerification)
        .boolean("phoneVerification", Users::PhoneVerification)
        .datetime("accessedAt", Users::AccessedAt)
        .optional()
        .texts("labels", Users::Labels)
        .searched([Users::Id, Users::Name, Users::Email, Users::Phone])
}

/// Number of users, counted up to `max`.
pub fn count_up_to(tx: &mut Tx<'_>, max: u64) -> Result<u64> {
    let few = Query::select().column(Users::Id).from(Users::Table).limit(max).take();
    let count = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from_subquery(few, "few")
        .take();
    Ok(u64::try_from(tx.one::<i64>(&count)?).unwrap_or(0))
}

/// Refuses if the project has its maximum number of users. `console` selects the console's error.
pub fn check_limit(tx: &mut Tx<'_>, policy: &Policy, console: bool) -> Result<()> {
    if policy.user_limit == 0 {
        return Ok(());
    }
    tx.lock("user limit")?;
    if count_up_to(tx, policy.user_limit.into())? < policy.user_limit.into() {
        return Ok(());
    }
    Err(if console {
        PolicyError::ConsoleCountExceeded
    } else {
        PolicyError::CountExceeded
    }
    .into())
}

/// Refuses an address of a kind that the project does not allow. Called for sign-ups, not for users that a server
/// creates.
pub fn check_email(policy: &Policy, email: &Email) -> Result<()> {
    let address_kind = AddressKind::of(email);
    Err(if policy.deny_aliased_emails && address_kind.is_aliased {
        PolicyError::EmailAliased
    } else if policy.deny_disposable_emails && address_kind.is_disposable {
        PolicyError::EmailDisposable
    } else if policy.deny_free_emails && address_kind.is_free {
        PolicyError::EmailFree
    } else if policy.deny_other_than_corporate_emails && !address_kind.is_corporate() {
        PolicyError::EmailNotCorporate
    } else {
        return Ok(());
    }
    .into())
}

/// Creates a user, and the targets of address and number. Always emits `users.[userId].create`.
pub fn create(tx: &mut Tx<'_>, id: UserId, new: NewUser) -> Result<Locked<User>> {
    let now = tx.now();
    let user = User {
        id,
        created_at: now,
        updated_at: now,
        name: new.name,
        email: new.email.as_ref().map(|email| email.as_str().to_owned()),
        email_verification: new.email_verified,
        phone: new.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        phone_verification: false,
        status: true,
        labels: Json(Vec::new()),
        password_update: new.password.as_ref().map(|_| now),
        password_history: Json(Vec::new()),
        password: new.password,
        registration: now,
        mfa: false,
        prefs: Json(Map::new()),
        accessed_at: Some(now),
    };
    let user = match tx.insert_row(user) {
        Err(error) if is_taken(&error) => return Err(UserError::Exists.into()),
        other => other?,
    };
    if let Some(phone) = &new.phone {
        targets::set_phone(tx, &user.id, None, phone)?;
    }
    if let Some(email) = &new.email {
        targets::set_email(tx, &user.id, None, email)?;
    }
    let payload = json!({"$id": user.id, "name": user.name});
    tx.emit(Event {
        actor: Some(user.id.to_string()),
        ..Event::new([("users", user.id.as_str())], "create", payload)
    })?;
    Ok(user)
}

fn is_taken(error: &db::Error) -> bool {
    ["users_email", "users_phone", "users_pkey"]
        .iter()
        .any(|name| error.is_unique(name))
}

/// Writes the changed columns of a user.
pub fn save(tx: &mut Tx<'_>, user: &mut Locked<User>) -> Result<()> {
    user.updated_at = tx.now();
    match tx.save(user) {
        Err(error) if error.is_unique("users_email") => return Err(EmailError::Ambiguous.into()),
        Err(error) if error.is_unique("users_phone") => return Err(PhoneError::Exists.into()),
        other => other?,
    };
    stale::touch(tx, &user.id);
    Ok(())
}

/// Changes a user's e-mail address, which is then unverified.
pub fn change_email(tx: &mut Tx<'_>, user: &mut Locked<User>, email: &Email) -> Result<()> {
    let taken = find_by_email(tx, email)?.is_some_and(|other| other.id != user.id);
    if taken || crate::identities::email_is_anothers(tx, email, Some(&user.id))? {
        return Err(EmailError::Ambiguous.into());
    }
    let old = user.email.replace(email.as_str().to_owned());
    user.email_verification = false;
    save(tx, user)?;
    tokens::void_mailed(tx, &user.id)?;
    targets::set_email(tx, &user.id, old.as_deref(), email)
}

/// Changes a user's phone number, which is then unverified.
pub fn change_phone(tx: &mut Tx<'_>, user: &mut Locked<User>, phone: &Phone) -> Result<()> {
    let old = user.phone.replace(phone.as_str().to_owned());
    user.phone_verification = false;
    save(tx, user)?;
    tokens::void_texted(tx, &user.id)?;
    targets::set_phone(tx, &user.id, old.as_deref(), phone)
}

/// Removes a user's e-mail address.
pub fn forget_email(tx: &mut Tx<'_>, user: &mut Locked<User>) -> Result<()> {
    let old = user.email.take();
    user.email_verification = false;
    save(tx, user)?;
    tokens::void_mailed(tx, &user.id)?;
    match old {
        Some(old) => targets::forget(tx, &user.id, &old),
        None => Ok(()),
    }
}

/// Removes a user's phone number.
pub fn forget_phone(tx: &mut Tx<'_>, user: &mut Locked<User>) -> Result<()> {
    let old = user.phone.take();
    user.phone_verification = false;
    save(tx, user)?;
    tokens::void_texted(tx, &user.id)?;
    match old {
        Some(old) => targets::forget(tx, &user.id, &old),
        None => Ok(()),
    }
}

/// Sets a password hash. The old hash is added to the history, which is cut to the policy's length.
pub fn set_password(
    tx: &mut Tx<'_>,
    user: &mut Locked<User>,
    hash: secrets::PasswordHash,
    policy: &Policy,
) -> Result<()> {
    let depth = usize::from(policy.password_history);
    let history = &mut user.password_history.0;
    if depth > 0 {
        history.push(hash.clone());
        let surplus = history.len().saturating_sub(depth);
        history.drain(..surplus);
    }
    user.password = Some(hash);
    user.password_update = Some(tx.now());
    save(tx, user)
}

/// Stores the time of the user's last request. `updated_at` stays the same.
pub fn visited(tx: &mut Tx<'_>, id: &UserId) -> Result<()> {
    let now = tx.now();
    let update = Query::update()
        .table(Users::Table)
        .value(Users::AccessedAt, db::value(&now))
        .and_where(Expr::col(Users::Id).eq(id.as_str()))
        .take();
    tx.execute(&update)?;
    stale::touch(tx, id);
    Ok(())
}

/// Deletes a user with their sessions, tokens, identities, targets and memberships, and subtracts them from the totals
/// of their teams.
pub fn delete(tx: &mut Tx<'_>, id: &UserId) -> Result<()> {
    let _held = lock(tx, id)?;
    crate::memberships::leave_all(tx, id)?;
    let gone = tx.execute(
        &Query::delete()
            .from_table(Users::Table)
            .and_where(Expr::col(Users::Id).eq(id.as_str()))
            .take(),
    )?;
    if gone == 0 {
        return Err(UserError::NotFound.into());
    }
    stale::touch(tx, id);
    crate::tombstones::add(tx, format!("user:{id}"))?;
    Ok(tx.emit(Event::new([("users", id.as_str())], "delete", json!({"$id": id})))?)
}
