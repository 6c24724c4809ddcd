//! Policies: the rules for the project's users.

use std::collections::HashSet;

use api::{Call, Refusal, Result};
use identity::policy::MockNumber;
use kernel::param::{Int, List};
use projects_api::policies::{change, narrow};
pub(crate) use projects_api::policies::{
    password_dictionary, password_personal_data as personal_data, session_invalidation,
};
pub(crate) use projects_api::switches::method;

use crate::model;
use crate::target::State;

kernel::params! {
    /// Parameters of the maximum number of users.
    pub(crate) struct UpdateUserLimit {
        /// Maximum number of users; 0 for no limit.
        limit: Int<0, 10_000> = "limit",
    }
}

kernel::params! {
    /// Parameters of the session duration.
    pub(crate) struct UpdateSessionDuration {
        /// Duration in seconds.
        duration: Int<0, 31_536_000> = "duration",
    }
}

kernel::params! {
    /// Parameters of the maximum number of sessions of a user.
    pub(crate) struct UpdateSessionLimit {
        /// Maximum number of sessions; the oldest is deleted.
        limit: Int<1, 100> = "limit",
    }
}

kernel::params! {
    /// Parameters of the password history.
    pub(crate) struct UpdatePasswordHistory {
        /// Number of passwords; 0 for none.
        limit: Int<0, 20> = "limit",
    }
}

kernel::params! {
    /// Parameters of session alerts.
    pub(crate) struct UpdateSessionAlerts {
        /// On or off.
        alerts: bool = "alerts",
    }
}

kernel::params! {
    /// Parameters of the fields of members that other members can see.
    pub(crate) struct UpdateMembershipsPrivacy {
        /// Names.
        user_name: bool = "userName",
        /// E-mail addresses.
        user_email: bool = "userEmail",
        /// Whether they use a second factor.
        mfa: bool = "mfa",
    }
}

kernel::params! {
    /// Parameters of the phone numbers with fixed codes.
    pub(crate) struct UpdateMockNumbers {
        /// All entries; earlier ones are replaced.
        numbers: List<MockNumber, 10> = "numbers",
    }
}

/// Limits the number of users.
pub(crate) async fn user_limit(call: Call<State>, input: UpdateUserLimit) -> Result<model::Project> {
    change(call, move |policy| policy.user_limit = narrow(input.limit.0)).await
}

/// Sets how long sessions last.
pub(crate) async fn duration(call: Call<State>, input: UpdateSessionDuration) -> Result<model::Project> {
    change(call, move |policy| policy.session_seconds = narrow(input.duration.0)).await
}

/// Limits the sessions of one user.
pub(crate) async fn session_limit(call: Call<State>, input: UpdateSessionLimit) -> Result<model::Project> {
    change(call, move |policy| policy.session_limit = narrow(input.limit.0)).await
}

/// Sets the number of previous passwords that may not be reused.
pub(crate) async fn password_history(call: Call<State>, input: UpdatePasswordHistory) -> Result<model::Project> {
    change(call, move |policy| policy.password_history = narrow(input.limit.0)).await
}

/// Switches session alerts.
pub(crate) async fn session_alerts(call: Call<State>, input: UpdateSessionAlerts) -> Result<model::Project> {
    change(call, move |policy| policy.session_alerts = input.alerts).await
}

/// Sets which fields of members other members can see.
pub(crate) async fn memberships_privacy(call: Call<State>, input: UpdateMembershipsPrivacy) -> Result<model::Project> {
    change(call, move |policy| {
        policy.members_see_names = input.user_name;
        policy.members_see_emails = input.user_email;
        policy.members_see_mfa = input.mfa;
    })
    .await
}

/// Replaces the numbers with fixed codes.
pub(crate) async fn mock_numbers(call: Call<State>, input: UpdateMockNumbers) -> Result<model::Project> {
    let numbers = input.numbers.0;
    let distinct: HashSet<_> = numbers.iter().map(|number| &number.phone).collect();
    if distinct.len() < numbers.len() {
        return Err(Refusal::BadRequest("Duplicate phone numbers are not allowed.").into());
    }
    change(call, move |policy| policy.mock_numbers = numbers).await
}
