//! Endpoints of the caller's profile.

use api::{Act, Call, NoContent, Result, With, cookies};
use db::Locked;
use identity::password::{self, Password, Personal};
use identity::users::{self, User};
use identity::{PasswordError, Person, UserError, UserId, sessions};
use kernel::param::{Object, Text};
use kernel::{Email, Phone};

use crate::State;

/// Returns the caller's account.
pub(crate) async fn get(call: Call<State>, (): ()) -> Result<views::Account> {
    Ok(views::account(call.person()?))
}

/// Returns the caller's preferences.
pub(crate) async fn get_prefs(call: Call<State>, (): ()) -> Result<views::Preferences> {
    Ok(views::Preferences(call.person()?.user.prefs.0.clone()))
}

/// Changes the caller in one act and returns the updated account.
pub(crate) async fn change(
    call: &Call<State>,
    change: impl FnOnce(&mut Act<'_, '_>, &mut Locked<User>) -> Result<()> + Send + 'static,
) -> Result<views::Account> {
    let id = call.person()?.user.id.clone();
    call.act(move |act| {
        let mut user = users::lock(act, &id)?;
        change(act, &mut user)?;
        emit_and_view(act, &id)
    })
    .await
}

/// Emits the event of a change to the caller and returns the updated account.
pub(crate) fn emit_and_view(act: &mut Act<'_, '_>, id: &UserId) -> Result<views::Account> {
    let account = views::account(&Person::read(act, id)?);
    let payload = serde_json::to_value(&account).unwrap_or_default();
    act.record_event(&[("userId", id.as_str())], payload)?;
    Ok(account)
}

kernel::params! {
    /// Parameters of a change of name.
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
    /// Parameters of a change of preferences.
    pub(crate) struct UpdatePrefs {
        /// Preferences: any JSON object, at most 65535 bytes.
        prefs: Object<65_535> = "prefs",
    }
}

/// Replaces the caller's preferences.
pub(crate) async fn update_prefs(call: Call<State>, input: UpdatePrefs) -> Result<views::Account> {
    change(&call, |act, user| {
        user.prefs.0 = input.prefs.0;
        Ok(users::save(act, user)?)
    })
    .await
}

kernel::params! {
    /// Parameters of a change of password.
    pub(crate) struct UpdatePassword {
        /// New password.
        password: Password = "password",
        /// Current password; not needed if the user has none.
        old_password: Option<Password> = "oldPassword",
    }
}

/// Changes the password.
pub(crate) async fn update_password(call: Call<State>, input: UpdatePassword) -> Result<views::Account> {
    let policy = call.project.policy().clone();
    let user = call.person()?.user.clone();
    let hasher = &call.app.hasher;
    check_password(&call, &user, input.old_password.as_ref()).await?;
    password::check(&input.password, &policy, &Personal::of(&user))?;
    let recent = user.password_history.0.iter().chain(&user.password).cloned().collect();
    if policy.password_history > 0 && hasher.verify_any(input.password.reveal().to_owned(), recent).await? {
        return Err(PasswordError::RecentlyUsed.into());
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

/// Checks the password if the user has one.
async fn check_password(call: &Call<State>, user: &User, password: Option<&Password>) -> Result<()> {
    let Some(stored) = &user.password else { return Ok(()) };
    let password = password.ok_or(UserError::InvalidCredentials)?.reveal().to_owned();
    if call.app.hasher.verify(password, Some(stored.clone())).await? {
        Ok(())
    } else {
        Err(UserError::InvalidCredentials.into())
    }
}

/// Returns an error if the password was changed by another request while it was being verified.
fn unchanged(now: &User, proven: &User) -> Result<()> {
    if now.password == proven.password {
        Ok(())
    } else {
        Err(UserError::InvalidCredentials.into())
    }
}

/// Checks the password if the user has one; otherwise returns the hash of it, to be stored as the user's first
/// password.
async fn prove_or_set(call: &Call<State>, user: &User, password: &Password) -> Result<Option<secrets::PasswordHash>> {
    if user.password.is_some() {
        check_password(call, user, Some(password)).await?;
        return Ok(None);
    }
    password::check(password, call.project.policy(), &Personal::of(user))?;
    Ok(Some(call.app.hasher.hash(password.reveal().to_owned()).await?))
}

kernel::params! {
    /// Parameters of a change of e-mail address.
    pub(crate) struct UpdateEmail {
        /// New e-mail address.
        email: Email = "email",
        /// Password; becomes the user's first password if there is none.
        password: Password = "password",
    }
}

/// Changes the e-mail address and marks it as unverified. Converts an anonymous user to a regular one.
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
    /// Parameters of a change of phone number.
    pub(crate) struct UpdatePhone {
        /// New phone number, E.164.
        phone: Phone = "phone",
        /// Password; becomes the user's first password if there is none.
        password: Password = "password",
    }
}

/// Changes the phone number and marks it as unverified.
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

/// Blocks the caller's own account. Only a server with an API key can unblock it.
pub(crate) async fn block(call: Call<State>, (): ()) -> Result<With<views::Account>> {
    let account = change(&call, |act, user| {
        user.status = false;
        Ok(users::save(act, user)?)
    })
    .await?;
    Ok(With(account, cookies::close(&call.app, &call.project, &call.request)))
}

/// Deletes the caller's account. A console user must first leave all organizations, so that no project is left without
/// an owner.
pub(crate) async fn delete(call: Call<State>, (): ()) -> Result<With<NoContent>> {
    let id = call.person()?.user.id.clone();
    let console = call.project.is_console();
    call.act(move |act| {
        if console && !identity::memberships::of_user(act, &id)?.is_empty() {
            return Err(api::Error::from(UserError::DeletionProhibited));
        }
        act.record_event(&[("userId", id.as_str())], serde_json::json!({ "$id": id }))?;
        Ok(users::delete(act, &id)?)
    })
    .await?;
    Ok(With(NoContent, cookies::close(&call.app, &call.project, &call.request)))
}
