//! Guesses of one account's password by anybody: many wrong ones slow the following sign-ins down, but do not refuse them,
//! so that nobody can lock the owner out.
//!
//! Not here: the limits of one caller (`routes`, `api::Base::check_guesses`).

use std::time::Duration;

use api::{Call, Refusal, Result};
use identity::sessions;
use identity::users::User;
use kernel::Email;

use crate::State;

/// Wrong guesses of an account's password in [`WINDOW`] before sign-ins are slowed down.
const FREE: u64 = 20;
/// Length of the window, in seconds.
const WINDOW: u64 = 3600;
/// Delay after the first surplus guess. It doubles with each [`STEP`] further ones, [`MOST_DOUBLINGS`] times.
const DELAY: Duration = Duration::from_millis(250);
const STEP: u64 = 10;
const MOST_DOUBLINGS: u64 = 5;

/// Waits before a password is checked, if the account's password was guessed often. A caller at an address from which the
/// user has an active session does not wait.
pub(crate) async fn slow_down(call: &Call<State>, email: &Email, user: Option<&User>) -> Result<()> {
    if !call.limits_guesses() {
        return Ok(());
    }
    let account = key(call, email);
    let wrong = call.app.counters.peek(&account, WINDOW, call.now()).await.used;
    let delay = delay(wrong);
    if delay.is_zero() || is_known_device(call, user).await? {
        return Ok(());
    }
    let _place = call.state.waiting.enter(&account).ok_or(Refusal::RateLimited)?;
    tokio::time::sleep(delay).await;
    Ok(())
}

/// Counts a wrong guess of the account's password.
pub(crate) async fn count(call: &Call<State>, email: &Email) {
    call.count_wrong_guess().await;
    if call.limits_guesses() {
        call.app.counters.hit(&key(call, email), WINDOW, call.now()).await;
    }
}

fn key(call: &Call<State>, email: &Email) -> String {
    format!("{} guesses of {}", call.project.id(), email.as_str())
}

fn delay(wrong: u64) -> Duration {
    match wrong.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(surplus) => DELAY * (1 << (surplus / STEP).min(MOST_DOUBLINGS)),
    }
}

async fn is_known_device(call: &Call<State>, user: Option<&User>) -> Result<bool> {
    let Some(user) = user else { return Ok(false) };
    let (id, ip) = (user.id.clone(), call.request.ip.to_string());
    let own = call.read(move |tx| sessions::of_user(tx, &id)).await?;
    Ok(own
        .iter()
        .any(|session| session.ip == ip && session.expire >= call.now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_with_the_guesses_up_to_eight_seconds() {
        assert_eq!(delay(0), Duration::ZERO);
        assert_eq!(delay(19), Duration::ZERO);
        assert_eq!(delay(20), Duration::from_millis(250));
        assert_eq!(delay(30), Duration::from_millis(500));
        assert_eq!(delay(1_000_000), Duration::from_secs(8));
    }
}
