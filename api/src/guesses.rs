//! Wrong guesses of passwords and codes, counted for each caller over all accounts. Together with the limits that
//! endpoints declare by caller and account, they bound what one caller can try; no caller can use up the tries of another.

use std::net::IpAddr;

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
        format!("{} guesses {}", self.project.id(), network_of(self.request.ip))
    }
}

/// The addresses that one customer of a network usually has: one of IPv4, a /64 of IPv6.
fn network_of(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_customer_are_counted_together() {
        let network = |text: &str| network_of(text.parse().expect("an address"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
