//! Wrong guesses of passwords and codes, counted for each caller over all accounts. Together with the limits that
//! endpoints declare by caller and account, they bound what one caller can try; no caller can use up the tries of another.

use crate::call::Base;
use crate::error::{Refusal, Result};

/// Wrong guesses of one caller in [`WINDOW`], over all accounts of a project and all endpoints that check a secret.
const MOST_GUESSES: u64 = 50;
/// Length of the window, in seconds.
const WINDOW: u64 = 3600;

impl Base {
    /// Refuses a caller who has guessed too often. Servers and development keys are not limited, as with other limits.
    pub async fn check_guesses(&self) -> Result<()> {
        if !self.limits_guesses() {
            return Ok(());
        }
        let count = self.app.counters.peek(&self.guesses_key(), WINDOW, self.now()).await;
        if count.used >= MOST_GUESSES {
            return Err(Refusal::RateLimited.into());
        }
        Ok(())
    }

    /// Counts a wrong guess of the caller.
    pub async fn count_wrong_guess(&self) {
        if self.limits_guesses() {
            self.app.counters.hit(&self.guesses_key(), WINDOW, self.now()).await;
        }
    }

    /// Whether guesses of this caller are limited.
    pub fn limits_guesses(&self) -> bool {
        self.app.settings.rate_limits && !self.caller.is_privileged() && !self.dev_key
    }

    fn guesses_key(&self) -> String {
        format!("{} guesses {}", self.project.id(), self.request.network())
    }
}
