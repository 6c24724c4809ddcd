//! Endpoints of the caller's own profile.

use api::{Act, Call, NoContent, Result, With, cookies};
use db::Locked;
use identity::password::{self, Password, Personal};
use identity::users::{self, User};
use identity::{Error, Person, UserId, sessions};
use kernel::param::{Object, Text};
use kernel::{Email, Phone};

use crate::State;

/// The caller.
pub(crate) async fn get(call: Call<State>, (): ()) -> Result<views::Account> {
    Ok(views::account(call.person()?))
}

/// Preferences of the caller.
pub(crate) async fn get_prefs(call: Call<State>, (): ()) -> Result<views::Preferences> {
    Ok(views::Preferences(call.person()?.user.prefs.0.clone()))
}

/// Changes the caller in one act, and answers them as they are then.
pub(crate) async fn change(
    call: &Call<State>,
    change: impl FnOnce(&mut Act<'_, '_>, &mut Locked<User>) -> Result<()> + Send + 'static,
) -> Result<views::Account> {
    let id = call.person()?.user.id.clone();
    call.act(move |act| {
        let mut user = users::lock(act, &id)?;
        change(act, &mut user)?;
        emit_and_show(act, &id)
    })
    .await
}

/// Says what happened to the caller, and shows them as they are then.
pub(crate) fn emit_and_show(act: &mut Act<'_, '_>, id: &UserId) -> Result<views::Account> {
    let account = views::account(&Person::read(act, id)?);
    let payload = serde_json::to_value(&account).unwrap_or_default();
    act.record_event(&[("userId", id.as_str())], payload)?;
    Ok(account)
}

kernel::params! {
    /// A name.
    pub(crate) struct UpdateName {
        /// Name, at most 128 characters.
        name: Text<128> = "name",
    }
}

/// Changes the name.
pub(crate) async fn update_name(call: Call<State>, input: UpdateName) -> Result<views::Account> {
    change(&call, |act, user| {
        user.name = input.name.0;
        Ok(users::save(act, user)?)
    })
    .await
}

kernel::params! {
    /// Preferences: any JSON object.
    pub(crate) struct UpdatePrefs {
        /// Any JSON object, at most 65535 bytes.
        prefs: Object<65_535> = "prefs",
    }
}

/// Replaces what the app keeps for the caller.
pub(crate) async fn update_prefs(call: Call<State>, input: UpdatePrefs) -> Result<views::Account> {
    change(&call, |act, user| {
        user.prefs.0 = input.prefs.0;
        Ok(users::save(act, user)?)
    })
    .await
}

kernel::params! {
    /// A new password.
    pub(crate) struct UpdatePassword {
        /// The new password.
        password: Password = "password",
        /// The old one; not needed by a user who never had one.
        old_password: Option<Password> = "oldPassword",
    }
}

/// Changes the password.
pub(crate) async fn update_password(call: Call<State>, input: UpdatePassword) -> Result<views::Account> {
    let policy = call.project.policy().clone();
    let user = call.person()?.user.clone();
    let hasher = &call.app.hasher;
    prove(&call, &user, input.old_password.as_ref()).await?;
    password::check(&input.password, &policy, &Personal::of(&user))?;
    let recent = user.password_history.0.iter().chain(&user.password).cloned().collect();
    if policy.password_history > 0 && hasher.verify_any(input.password.reveal().to_owned(), recent).await? {
        return Err(Error::PasswordRecentlyUsed.into());
    }
    let hash = hasher.hash(input.password.reveal().to_owned()).await?;
    let current = call.caller.session().cloned();
    change(&call, move |act, fresh| {
        unchanged(fresh, &user)?;
        users::set_password(act, fresh, hash, &policy)?;
        if policy.invalidate_sessions {
            sessions::remove_all_but(act, &fresh.id, current.as_ref())?;
        }
        Ok(())
    })
    .await
}

/// Asks for the password of a user who has one.
async fn prove(call: &Call<State>, user: &User, password: Option<&Password>) -> Result<()> {
    let Some(stored) = &user.password else { return Ok(()) };
    let password = password.ok_or(Error::InvalidCredentials)?.reveal().to_owned();
    if call.app.hasher.verify(password, Some(stored.clone())).await? {
        Ok(())
    } else {
        Err(Error::InvalidCredentials.into())
    }
}

/// Refuses when the password was changed by somebody else while it was being checked.
fn unchanged(now: &User, proven: &User) -> Result<()> {
    if now.password == proven.password {
        Ok(())
    } else {
        Err(Error::InvalidCredentials.into())
    }
}

/// Checks the password of a user who has one; hashes it as the first of a user who has none.
async fn prove_or_set(call: &Call<State>, user: &User, password: &Password) -> Result<Option<secrets::PasswordHash>> {
    if user.password.is_some() {
        prove(call, user, Some(password)).await?;
        return Ok(None);
    }
    password::check(password, call.project.policy(), &Personal::of(user))?;
    Ok(Some(call.app.hasher.hash(password.reveal().to_owned()).await?))
}

kernel::params! {
    /// A new address.
    pub(crate) struct UpdateEmail {
        /// The new e-mail address.
        email: Email = "email",
        /// The password; of a user who has none it becomes the first.
        password: Password = "password",
    }
}

/// Changes the address, which is unverified then. This is how an anonymous user becomes a known one.
pub(crate) async fn update_email(call: Call<State>, input: UpdateEmail) -> Result<views::Account> {
    let policy = call.project.policy().clone();
    let proven = call.person()?.user.clone();
    users::check_email(&policy, &input.email)?;
    let first = prove_or_set(&call, &proven, &input.password).await?;
    change(&call, move |act, user| {
        unchanged(user, &proven)?;
        users::change_email(act, user, &input.email)?;
        match first {
            Some(hash) => Ok(users::set_password(act, user, hash, &policy)?),
            None => Ok(()),
        }
    })
    .await
}

kernel::params! {
    /// A new number.
    pub(crate) struct UpdatePhone {
        /// The new phone number, E.164.
        phone: Phone = "phone",
        /// The password; of a user who has none it becomes the first.
        password: Password = "password",
    }
}

/// Changes the number, which is unverified then.
pub(crate) async fn update_phone(call: Call<State>, input: UpdatePhone) -> Result<views::Account> {
    let policy = call.project.policy().clone();
    let proven = call.person()?.user.clone();
    let first = prove_or_set(&call, &proven, &input.password).await?;
    change(&call, move |act, user| {
        unchanged(user, &proven)?;
        users::change_phone(act, user, &input.phone)?;
        match first {
            Some(hash) => Ok(users::set_password(act, user, hash, &policy)?),
            None => Ok(()),
        }
    })
    .await
}

/// Blocks the caller's own account. Only a server can undo it.
pub(crate) async fn block(call: Call<State>, (): ()) -> Result<With<views::Account>> {
    let account = change(&call, |act, user| {
        user.status = false;
        Ok(users::save(act, user)?)
    })
    .await?;
    Ok(With(account, cookies::close(&call.app, &call.project, &call.request)))
}

/// Deletes the caller. A console user who belongs to organizations leaves them first, so that no project is orphaned.
pub(crate) async fn delete(call: Call<State>, (): ()) -> Result<With<NoContent>> {
    let id = call.person()?.user.id.clone();
    let console = call.project.is_console();
    call.act(move |act| {
        if console && !identity::memberships::of_user(act, &id)?.is_empty() {
            return Err(api::Error::from(Error::DeletionProhibited));
        }
        act.record_event(&[("userId", id.as_str())], serde_json::json!({ "$id": id }))?;
        Ok(users::delete(act, &id)?)
    })
    .await?;
    Ok(With(NoContent, cookies::close(&call.app, &call.project, &call.request)))
}
