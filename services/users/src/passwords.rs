//! A user's password, set by a server.

use api::{Call, Result};
use identity::password::{self, Password, Personal};
use identity::{PasswordError, UserId, sessions, users};
use kernel::OrBlank;

use crate::users::change;

kernel::params! {
    /// Parameters of a change of password.
    pub(crate) struct UpdatePassword {
        /// User ID.
        user_id: UserId = "userId",
        /// New password, 8 to 256 bytes; an empty value removes it.
        password: OrBlank<Password> = "password",
    }
}

pub(crate) async fn update(call: Call, input: UpdatePassword) -> Result<views::User> {
    let policy = call.project.policy().clone();
    let hash = match input.password.0 {
        Some(password) => Some(hashed(&call, &input.user_id, &password).await?),
        None => None,
    };
    change(&call, input.user_id, move |tx, user| {
        match hash {
            Some(hash) => users::set_password(tx, user, hash, &policy)?,
            None => {
                user.password = None;
                user.password_update = None;
            }
        }
        if policy.invalidate_sessions {
            sessions::remove_all_but(tx, &user.id, None)?;
        }
        Ok(())
    })
    .await
}

/// Checks a password against the project's rules and hashes it.
async fn hashed(call: &Call, id: &UserId, password: &Password) -> Result<String> {
    let (policy, hasher) = (call.project.policy(), &call.app.hasher);
    let id = id.clone();
    let user = call.read(move |tx| users::find(tx, &id)).await?;
    password::check(password, policy, &Personal::of(&user))?;
    let recent = user.password_history.0.iter().chain(&user.password).cloned().collect();
    if policy.password_history > 0 && hasher.verify_any(password.reveal().to_owned(), recent).await? {
        return Err(PasswordError::RecentlyUsed.into());
    }
    Ok(hasher.hash(password.reveal().to_owned()).await?)
}
